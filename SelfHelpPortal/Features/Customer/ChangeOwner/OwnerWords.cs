using System.Globalization;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Platform.Uploads;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Ownership;

namespace SelfHelpPortal.Features.Customer.ChangeOwner;

/// <summary>Names what the pages about a change of the licensee say.</summary>
public sealed class OwnerWords;

/// <summary>What several of these pages write the same way.</summary>
internal static class OwnerTexts
{
    /// <summary>"PDF, 120 KB".</summary>
    public static string Text(OwnerDocumentFacts document) =>
        FormattableString.Invariant($"{document.Format.ToString().ToUpperInvariant()}, {(document.Length + 1023) / 1024} KB");

    /// <summary>"58,31 € (inkl. 19 % USt.)", or that it costs nothing.</summary>
    public static string Price(OwnerChangeQuote quote, IStringLocalizer<OwnerWords> words)
    {
        var culture = CultureInfo.CurrentUICulture;
        return quote switch
        {
            { Entry: null } => words["Free"],
            { Totals: { } totals, Vat.Rate: > 0 } => words["WithTax", Amounts.Text(totals.Gross, culture), quote.Vat!.Rate],
            { Totals: { } totals } => words["WithoutTax", Amounts.Text(totals.Gross, culture)],
            _ => words["PlusTax", Amounts.Text(quote.Entry!.Net, culture)],
        };
    }

    /// <summary>Name and address in one line each, as they stand on an invoice.</summary>
    public static IEnumerable<string> Lines(LicenseeData licensee) =>
        Lines(licensee.Company, licensee.Street, licensee.PostalCode, licensee.City, licensee.Country, licensee.VatId);

    /// <inheritdoc cref="Lines(LicenseeData)"/>
    public static IEnumerable<string> Lines(Licensing.Customer customer) =>
        Lines(customer.Company, customer.Street, customer.PostalCode, customer.City, customer.Country, customer.VatId);

    /// <summary>Why a document is not taken.</summary>
    public static string Problem(DocumentProblem problem, IStringLocalizer<OwnerWords> words) => words["Document." + problem];

    private static IEnumerable<string> Lines(
        string company, string? street, string? postalCode, string? city, string country, string? vatId) =>
        ((string?[])[company, street, $"{postalCode} {city}".Trim(), CountryNames.Get(country), vatId])
        .OfType<string>().Where(line => line.Length > 0);
}
