using System.Globalization;
using System.Text.RegularExpressions;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using static SelfHelpPortal.Platform.Vendor.VendorText;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>What stands against the vendor's data, by the paths of <see cref="VendorSettings"/>.</summary>
internal static partial class VendorRules
{
    private const int LongestText = 300;

    /// <summary>Texts of many lines, or addresses of such.</summary>
    private static readonly Dictionary<string, Func<VendorOptions, string?>> Documents = new()
    {
        ["termsDe"] = v => v.TermsDe,
        ["termsEn"] = v => v.TermsEn,
        ["withdrawalDe"] = v => v.WithdrawalDe,
        ["withdrawalEn"] = v => v.WithdrawalEn,
    };

    /// <summary>
    /// Without these customers could not use the portal: the start asks them of the configuration, and the page of what is saved.
    /// </summary>
    public static readonly IReadOnlyList<Func<VendorOptions, BrokenRule?>> Always =
    [
        v => Missing("name", v.Name, "Geben Sie an, wer das Portal betreibt.", "Say who runs the portal."),
        v => Missing("phone", v.Phone, "Geben Sie die Nummer ein, unter der Kunden anrufen sollen.",
            "Enter the number that customers are to call."),
        v => Missing("supportMail", v.SupportMail, "Geben Sie eine E-Mail-Adresse ein.", "Enter an e-mail address.")
            ?? NoMailbox("supportMail", v.SupportMail),
        v => SecurityText.ContactOf(v) is not null ? null : new BrokenRule(
            "securityContact", $"„{v.SecurityContact}“ ist weder eine E-Mail-Adresse noch eine https-Adresse.",
            $"“{v.SecurityContact}” is neither an e-mail address nor an https address."),
        v => Countries.All.Contains(v.Country) ? null : new BrokenRule(
            "country", $"„{v.Country}“ ist kein Land; ein Land hat zwei Buchstaben, etwa DE.",
            $"“{v.Country}” is not a country; a country has two letters, such as DE."),
        v => string.IsNullOrEmpty(v.RemoteSupportUrl) || IsHttps(v.RemoteSupportUrl)
            ? null
            : new BrokenRule("remoteSupportUrl", $"„{v.RemoteSupportUrl}“ ist keine https-Adresse.",
                $"“{v.RemoteSupportUrl}” is not an https address."),
        .. Documents.Select(d => (Func<VendorOptions, BrokenRule?>)(v => NoDocument(d.Key, d.Value(v)))),
        v => Pale("accent.light", v.Accent, a => a.Light),
        v => Pale("accent.lightStrong", v.Accent, a => a.LightStrong),
        v => Pale("accent.dark", v.Accent, a => a.Dark),
        v => Pale("accent.darkStrong", v.Accent, a => a.DarkStrong),
    ];

    /// <summary>As the start says it.</summary>
    public static string Sentence(BrokenRule broken) => $"{VendorOptions.Section}:{VendorSettings.KeyOf(broken.Id)}: {broken.English}";

    /// <returns>
    /// At most one for each value. Also what is only a typing error: invoices wait for what is missing, but nobody means a wrong IBAN.
    /// </returns>
    public static IEnumerable<BrokenRule> ProblemsOf(VendorSettings settings)
    {
        var vendor = settings.ToOptions(new VendorOptions());
        IEnumerable<BrokenRule?> all =
        [
            .. SettingHistory.Changes(null, SettingHistory.Write(settings)).Select(value => NoLine(value.Path, value.After!)),
            .. Always.Select(rule => rule(vendor)),
            Missing("street", settings.Street, "Geben Sie Straße und Hausnummer ein.", "Enter street and number."),
            Missing("city", settings.City, "Geben Sie den Ort ein.", "Enter the city."),
            Given(settings.VatId) is { } vatId && !VatIds.IsWellFormed(VatIds.Normalize(vatId))
                ? new("vatId", $"„{vatId}“ ist keine USt-IdNr.", $"“{vatId}” is not a VAT number.")
                : null,
            settings.ImageAt("logoDark") is null || settings.ImageAt("logo") is not null
                ? null
                : new("logo", "Wählen Sie auch ein Logo für helle Seiten.", "Choose a logo for light pages too."),
            NoMailbox("billingMail", settings.BillingMail),
            NoMailbox("contactMail", settings.ContactMail),
            Given(settings.Iban) is { } iban && !Iban.IsValid(Iban.Normalize(iban))
                ? new("iban", $"Prüfziffern oder Länge von „{iban}“ stimmen nicht.",
                    $"The check digits or the length of “{iban}” are wrong.")
                : null,
            Given(settings.Bic) is { } bic && !IsBic(bic)
                ? new("bic", "Ein BIC hat 8 oder 11 Großbuchstaben und Ziffern.", "A BIC has 8 or 11 capital letters and digits.")
                : null,
            IsDaysToPay(settings.PaymentDays)
                ? null
                : new("paymentDays", "Geben Sie 0 bis 90 Tage ein.", "Enter 0 to 90 days."),
        ];
        return all.OfType<BrokenRule>().DistinctBy(rule => rule.Id);
    }

    public static bool IsBic(string text) => Bic().IsMatch(text);

    public static bool IsDaysToPay(int days) => days is >= 0 and <= 90;

    private static BrokenRule? Missing(string path, string? value, string german, string english) =>
        Given(value) is null ? new(path, german, english) : null;

    private static BrokenRule? NoMailbox(string path, string? value) =>
        Given(value) is not { } text || VendorMailbox.AddressOf(text) is not null ? null : new(
            path, $"„{text}“ ist keine E-Mail-Adresse.", $"“{text}” is not an e-mail address.");

    /// <summary>What stands in the heads of mails and pages is one line; only the street and the documents may have several.</summary>
    private static BrokenRule? NoLine(string path, string value)
    {
        var isDocument = Documents.ContainsKey(path);
        var longest = isDocument ? VendorDocument.LongestText : LongestText;
        return value.Length > longest ? new(path, $"Höchstens {longest} Zeichen.", $"At most {longest} characters.")
            : !ValidText.Is(value) || value.Any(symbol => char.IsControl(symbol) && !(symbol == '\n' && (isDocument || path == "street")))
                ? new(path, "Das enthält ein Zeichen, das kein Text ist.", "There is a character in it that is not text.")
                : null;
    }

    private static BrokenRule? NoDocument(string path, string? value) =>
        Given(value) is not { } text || !VendorDocument.IsAddress(text) || IsHttps(text) ? null : new(
            path, $"„{text}“ ist keine https-Adresse.", $"“{text}” is not an https address.");

    private static bool IsHttps(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps;

    private static BrokenRule? Pale(string path, VendorAccent? accent, Func<VendorAccent, string?> which)
    {
        if (accent is null)
        {
            return null;
        }

        var color = which(accent);
        if (AccentContrast.Worst(path, color) is not { } worst)
        {
            return new(path, $"„{color}“ ist keine Farbe; eine Farbe schreiben Sie wie #0e5a6b.",
                $"“{color}” is not a color; a color is written like #0e5a6b.");
        }

        return worst.Ratio >= AccentContrast.Least ? null : new(
            path,
            string.Create(German,
                $"{color} hat zu {worst.Beside} einen Kontrast von {worst.Ratio:0.0}; zum Lesen sind {AccentContrast.Least:0.0} nötig."),
            string.Create(CultureInfo.InvariantCulture,
                $"{color} has a contrast of {worst.Ratio:0.0} to {worst.Beside}; {AccentContrast.Least:0.0} is needed to read it."));
    }

    private static readonly CultureInfo German = CultureInfo.GetCultureInfo("de");

    /// <summary>ISO 9362.</summary>
    [GeneratedRegex("^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$")]
    private static partial Regex Bic();
}
