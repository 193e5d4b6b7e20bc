using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Licenses;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>A row of the list under the chosen columns, as it was written. A field that no column fills is empty.</summary>
internal sealed class ImportedLicense
{
    /// <summary>Line in the file, counted from 1.</summary>
    public required int Line { get; init; }

    public required string[] Cells { get; init; }

    /// <summary>For each column its field or nothing.</summary>
    public required string[] Mapping { get; init; }

    public string Product => Get(ImportField.Product);

    /// <summary>The number as it is printed: <c>L–8999 </c> and <c>L 8999 </c> are <c>L-8999</c>.</summary>
    public string LicenseNumber =>
        PlainDashes(Get(ImportField.LicenseNumber)) is var number && EntryRules.IsNumber(number) ? number
        : Licensing.Codes.LicenseNumber.Read(number) ?? number;

    public string Serial => Get(ImportField.Serial);

    /// <summary>Empty: a key is minted.</summary>
    public string ActivationKey => Get(ImportField.ActivationKey);

    public string Seats => Get(ImportField.Seats);

    /// <summary>ISO 8601 date, or as German Excel writes it.</summary>
    public string MaintenanceUntil => Get(ImportField.MaintenanceUntil);

    public string CustomerNumber => PlainDashes(Get(ImportField.CustomerNumber));

    public string Company => Get(ImportField.Company);

    public string Email => PlainAddress(Get(ImportField.Email));

    public string Language => Get(ImportField.Language).ToLowerInvariant();

    public string Street => Get(ImportField.Street);

    public string PostalCode => Get(ImportField.PostalCode);

    public string City => Get(ImportField.City);

    /// <summary>Two letters, also where the list has the name of the country.</summary>
    public string Country => Get(ImportField.Country) is var written && CountryNames.CodeOf(written) is { } code ? code : written;

    /// <summary>As it is stored, without the blanks and dots of <c>DE 123.456.789 </c>.</summary>
    public string VatId => VatIds.Normalize(Get(ImportField.VatId));

    /// <summary>Every field with something in it.</summary>
    public IEnumerable<(string Field, string Text)> Filled =>
        Mapping.Zip(Cells).Where(pair => pair.First.Length > 0 && pair.Second.Length > 0);

    /// <summary>How many fields stand behind the last column.</summary>
    public int Surplus => Cells.Skip(Mapping.Length).Count(cell => cell.Length > 0);

    private string Get(string field) => Array.IndexOf(Mapping, field) is var at and >= 0 && at < Cells.Length ? Cells[at] : "";

    /// <summary>Word processors make other dashes of them, which look the same.</summary>
    private static string PlainDashes(string number) =>
        string.Concat(number.Select(c => c is (>= '\u2010' and <= '\u2015') or '\u2212' ? '-' : c));

    /// <summary>Copied from a mail program or a link: <c>Muster &lt;info@muster.example&gt;</c>, <c>mailto:…</c>.</summary>
    private static string PlainAddress(string address)
    {
        var inside = address.EndsWith('>') && address.LastIndexOf('<') is var at and >= 0 ? address[(at + 1)..^1] : address;
        return inside.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? inside["mailto:".Length..] : inside;
    }
}
