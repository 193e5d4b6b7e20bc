using System.Globalization;
using System.Resources;
using SelfHelpPortal.Client;

namespace LicenseWizard;

/// <summary>All that the wizard says: Texts.resx (English) and Texts.de.resx.</summary>
internal sealed class Texts(CultureInfo language)
{
    private static readonly ResourceManager Resources = new("LicenseWizard.Texts", typeof(Texts).Assembly);

    public string this[string key, params object[] arguments] =>
        string.Format(language, Resources.GetString(key, language) ?? throw new MissingManifestResourceException(key), arguments);

    public string For(LicenseResult result) => Sentence(result.Message, result.Code, result.CaseNumber);

    public string For(LicenseStatus status) => Sentence(status.Message, status.Code, status.CaseNumber);

    public bool IsYes(string answer) => answer.StartsWith(this["Yes"], StringComparison.OrdinalIgnoreCase);

    public bool IsNo(string answer) => answer.StartsWith(this["No"], StringComparison.OrdinalIgnoreCase);

    /// <summary>As the portal writes it: "21.11.2026, 08:14 Uhr", and for readers of English with the zone of this computer.</summary>
    public string Date(DateTimeOffset time, TimeZoneInfo? zone = null)
    {
        var here = zone ?? TimeZoneInfo.Local;
        var local = TimeZoneInfo.ConvertTime(time, here);
        return language.TwoLetterISOLanguageName == "de"
            ? local.ToString("dd.MM.yyyy, HH:mm 'Uhr'", CultureInfo.InvariantCulture)
            : local.ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture) + $" ({NameOf(here)})";
    }

    /// <summary>Windows has names of its own for zones.</summary>
    private static string NameOf(TimeZoneInfo zone) => TimeZoneInfo.TryConvertWindowsIdToIanaId(zone.Id, out var name) ? name : zone.Id;

    /// <summary>The portal's words where it gave some, else ours for this code; the code behind them is for whoever is called.</summary>
    private string Sentence(string? message, string code, string? caseNumber) =>
        $"{message ?? Resources.GetString("Code." + code, language) ?? this["Code.Other"]} [{code}{(caseNumber is null ? "" : ", "
            + $"" + caseNumber)}]";
}
