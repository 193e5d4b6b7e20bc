using System.Text.RegularExpressions;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Shared.Licenses;

/// <summary>What customers and licenses may have when they are entered, from a file or by a program.</summary>
internal static partial class EntryRules
{
    public const int LongestCompany = 200;
    public const int LongestSerial = 40;
    public const int MostSeats = 10_000;

    /// <summary>Of a license or a customer, like L-1043 or C-10042, in capitals.</summary>
    public static bool IsNumber(string text) => Number().IsMatch(text);

    public static bool IsGermanPostalCode(string text) => GermanPostalCode().IsMatch(text);

    /// <summary>Renewals count on from here, and the calendar ends with the year 9999 that others write for "never".</summary>
    public static bool IsEndOfMaintenance(DateOnly day) => day.Year is > 1900 and < 2200;

    /// <summary>
    /// Which fields of a customer hold what they must not, by their names in the API. Whether something is missing or too long is asked
    /// where it is typed.
    /// </summary>
    /// <param name="customer">The VAT id normalized.</param>
    public static IEnumerable<string> FaultsOf(NewCustomer customer)
    {
        (string Field, bool IsFaulty)[] all =
        [
            ("email", MailAddresses.Normalize(customer.Email) is null),
            ("number", customer.Number is { } number && !IsNumber(number)),
            ("language", customer.Language is { } language && !Languages.All.Contains(language)),
            ("country", !Countries.All.Contains(customer.Country)),
            ("postalCode", customer.Country == Countries.Germany && customer.PostalCode is { } code && !IsGermanPostalCode(code)),
            ("vatId", customer.VatId is { } vatId && !VatIds.CanBeOf(customer.Country, vatId)),
        ];
        return all.Where(field => field.IsFaulty).Select(field => field.Field);
    }

    [GeneratedRegex("^[A-Z0-9][A-Z0-9-]{0,19}\\z", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Number();

    [GeneratedRegex("^[0-9]{5}\\z", RegexOptions.CultureInvariant, 100)]
    private static partial Regex GermanPostalCode();
}
