using System.Globalization;
using System.Text.RegularExpressions;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Licenses;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>What a good row means by itself.</summary>
/// <param name="Key">Null when the row has none.</param>
/// <param name="Seats">Null where the row says nothing.</param>
internal sealed record GoodRow(
    ImportedLicense Row, string Product, GivenKey? Key, int? Seats, DateOnly? MaintenanceUntil, string Email);

/// <summary>Decides by itself, without the database, whether a row can be imported.</summary>
internal sealed partial class LicenseRowCheck(IReadOnlyDictionary<string, Product> products)
{
    private const int LongestText = 200;

    /// <summary>ISO 8601, and what German Excel makes of it whenever it saves.</summary>
    private static readonly string[] DateFormats = ["yyyy-MM-dd", "d.M.yyyy"];

    /// <summary>What is wrong with the row, each with the field that it stands in; nothing when <paramref name="good"/> is set.</summary>
    public List<BrokenRule> Check(ImportedLicense row, out GoodRow? good)
    {
        List<BrokenRule> findings = [];
        good = null;
        var product = Find(row.Product);
        var email = MailAddresses.Normalize(row.Email);
        var seats = 1;
        DateOnly? maintenance = null;
        Require(row.Cells.All(cell => ValidText.Is(cell)), "", "Ein Feld enthält ein Zeichen, das kein Text ist.",
            "a field holds a character that is not text.");
        Require(row.Surplus == 0, "", "Die Zeile hat mehr Felder als die Kopfzeile.", "the row has more fields than the header.");
        Require(product is not null, ImportField.Product, $"„{row.Product}“ gibt es nicht; legen Sie dieses Produkt zuerst an.",
            $"'{row.Product}' does not exist; add this product first.");
        Require(row.Company is { Length: > 0 and <= LongestText }, ImportField.Company, "Fehlt oder ist länger als 200 Zeichen.",
            "it is missing or longer than 200 characters.");
        Require(email is not null, ImportField.Email, $"„{row.Email}“ ist keine E-Mail-Adresse.",
            $"'{row.Email}' is not an e-mail address.");
        Require(row.LicenseNumber is "" || EntryRules.IsNumber(row.LicenseNumber), ImportField.LicenseNumber,
            $"„{row.LicenseNumber}“ ist keine Lizenznummer wie L-1043.", $"'{row.LicenseNumber}' is not a license number such as L-1043.");
        Require(row.CustomerNumber is "" || EntryRules.IsNumber(row.CustomerNumber), ImportField.CustomerNumber,
            $"„{row.CustomerNumber}“ ist keine Kundennummer wie C-10042.",
            $"'{row.CustomerNumber}' is not a customer number such as C-10042.");
        Require(row.Serial.Length <= EntryRules.LongestSerial, ImportField.Serial, "Länger als 40 Zeichen.",
            "it is longer than 40 characters.");
        Require(row.Country is not ("" or "DE") || row.PostalCode is "" || EntryRules.IsGermanPostalCode(row.PostalCode),
            ImportField.PostalCode,
            $"„{row.PostalCode}“ hat nicht die fünf Ziffern einer deutschen Postleitzahl; vielleicht hat die Tabelle eine Null gestrichen.",
            $"'{row.PostalCode}' does not have the five digits of a German postal code; the spreadsheet may have dropped a zero.");
        Require(row.Language is "" or "de" or "en", ImportField.Language, $"„{row.Language}“ ist weder de noch en.",
            $"'{row.Language}' is neither de nor en.");
        Require(row.Country is "" || Countries.All.Contains(row.Country), ImportField.Country,
            $"„{row.Country}“ ist kein Land; das Kürzel DE oder der Name Deutschland würde gelesen.",
            $"'{row.Country}' is not a country; the code DE or the name Germany would be read.");
        Require(
            row.VatId is ""
            || VatIds.CanBeOf(row.Country is "" ? VatIds.CountryOf(row.VatId) ?? Countries.Germany : row.Country, row.VatId),
            ImportField.VatId, $"„{row.VatId}“ ist keine USt-IdNr. dieses Landes, oder eine Ziffer ist falsch.",
            $"'{row.VatId}' is not a VAT id of this country, or has a wrong digit.");
        foreach (var (field, text) in new[] { (ImportField.Street, row.Street), (ImportField.PostalCode, row.PostalCode),
            (ImportField.City, row.City), (ImportField.VatId, row.VatId) })
        {
            Require(text.Length <= LongestText, field, "Länger als 200 Zeichen.", "it is longer than 200 characters.");
        }

        Require(
            row.Seats is ""
            || (int.TryParse(row.Seats, NumberStyles.None, CultureInfo.InvariantCulture, out seats)
                && seats is >= 1 and <= EntryRules.MostSeats),
            ImportField.Seats, $"„{row.Seats}“ ist keine Zahl von 1 bis 10000.", $"'{row.Seats}' is not a number from 1 to 10000.");
        Require(row.MaintenanceUntil is "" || TryDate(row.MaintenanceUntil, out maintenance), ImportField.MaintenanceUntil,
            $"„{row.MaintenanceUntil}“ ist kein Datum wie 31.03.2027, vor 2200; ohne Subscription bleibt das Feld leer.",
            $"'{row.MaintenanceUntil}' is not a date such as 2027-03-31, before 2200; leave it empty where there is no subscription.");
        foreach (var (field, text) in row.Filled.Where(f => findings.TrueForAll(b => b.Id != f.Field)).ToList())
        {
            Require(!ErrorCell().IsMatch(text), field,
                $"„{text}“ ist ein Fehlerwert der Tabelle; dort stand etwas, das sie nicht berechnen konnte.",
                $"'{text}' is an error value of the spreadsheet; it could not calculate what stood there.");
            Require(!LostDigits().IsMatch(text), field,
                $"„{text}“ ist eine Zahl, die die Tabelle gekürzt hat; formatieren Sie die Spalte als Text und fügen Sie sie neu ein.",
                $"'{text}' is a number that the spreadsheet has shortened; format the column as text and paste it again.");
        }

        var isKeySpoiled = findings.Exists(f => f.Id == ImportField.ActivationKey);
        var key = product is null || row.ActivationKey is "" || isKeySpoiled ? null : KeyOf(row, product.Policies.Key, findings);
        if (findings.Count == 0)
        {
            good = new GoodRow(row, product!.Id, key, row.Seats is "" ? null : seats, maintenance, email!);
        }

        return findings;

        void Require(bool holds, string field, string german, string english)
        {
            if (!holds)
            {
                findings.Add(new BrokenRule(field, german, english));
            }
        }
    }

    /// <summary>By its short name, or by the name that people read where only one product has it.</summary>
    private Product? Find(string written) =>
        products.TryGetValue(written, out var product) ? product
        : products.Values.Where(p => string.Equals(p.Name, written, StringComparison.OrdinalIgnoreCase)).ToList() is [var only] ? only
        : null;

    private static GivenKey? KeyOf(ImportedLicense row, KeyScheme scheme, List<BrokenRule> findings)
    {
        if (GivenKey.TryRead(row.ActivationKey, scheme, out var key, out var why))
        {
            return key;
        }

        findings.Add(why is { Kind: CodeProblemKind.WrongGroup, Group: { } group }
            ? new(ImportField.ActivationKey, $"In Gruppe {group} ({why.GroupText}) ist ein Zeichen falsch.",
                $"group {group} ({why.GroupText}) has a wrong character.")
            : scheme.IsForeign
            ? new(ImportField.ActivationKey, "Weder ein Schlüssel des Portals noch einer im eigenen Format des Produkts.",
                "it is neither a key of ours nor in the product's own format.")
            : new(ImportField.ActivationKey, "Kein Schlüssel des Portals.", "it is not a key of ours."));
        return null;
    }

    private static bool TryDate(string text, out DateOnly? date)
    {
        var read = DateOnly.TryParseExact(
            WithoutMidnight().Replace(text, ""), DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && EntryRules.IsEndOfMaintenance(day);
        date = read ? day : null;
        return read;
    }

    /// <summary>A time of day that says nothing: <c>31.12.2027 00:00:00</c>, <c>2027-12-31T00:00</c>.</summary>
    [GeneratedRegex("[ T]0?0:00(:00)?Z?$", RegexOptions.CultureInvariant, 100)]
    private static partial Regex WithoutMidnight();

    /// <summary>#NV, #WERT!, #REF!, #DIV/0!, #N/A, #NAME?; too narrow a column is written as #####.</summary>
    [GeneratedRegex("^(#[A-ZÄÖÜ]{2,12}[!?]?|#N/A|#DIV/0!|#ÜBERLAUF!|#{2,})$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 100)]
    private static partial Regex ErrorCell();

    /// <summary>1,23457E+15</summary>
    [GeneratedRegex("^[0-9]([.,][0-9]+)?E[+-][0-9]+$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 100)]
    private static partial Regex LostDigits();
}
