using System.Globalization;
using System.Text.RegularExpressions;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Licenses;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>What a good row means.</summary>
internal sealed record GoodRow(
    ImportedLicense Row, GivenKey Key, int Seats, DateOnly? MaintenanceUntil, string Email, string Language, string Country);

/// <summary>Decides whether a row can be imported, by itself and against the rows before it.</summary>
internal sealed partial class LicenseRowCheck(IReadOnlyDictionary<string, Product> products)
{
    /// <summary>ISO 8601, and what German Excel makes of it whenever it saves.</summary>
    private static readonly string[] DateFormats = ["yyyy-MM-dd", "d.M.yyyy"];

    private readonly Dictionary<string, int> _keys = [];
    private readonly Dictionary<string, int> _numbers = [];

    /// <summary>The reasons why the row is bad, in English; none when <paramref name="good"/> is set.</summary>
    public IEnumerable<string> Check(ImportedLicense row, out GoodRow? good)
    {
        List<string> reasons = [];
        good = null;
        products.TryGetValue(row.Product, out var product);
        if (product is null)
        {
            reasons.Add($"product: '{row.Product}' does not exist; import it first.");
        }

        var email = MailAddresses.Normalize(row.Email);
        var seats = 1;
        DateOnly? maintenance = null;
        Require(row.Company is { Length: > 0 and <= EntryRules.LongestCompany }, "company: it is missing or longer than 200 characters.");
        Require(email is not null, $"email: '{row.Email}' is no address.");
        Require(row.LicenseNumber is "" || EntryRules.IsNumber(row.LicenseNumber),
            $"license_number: '{row.LicenseNumber}' is not like L-1043.");
        Require(row.CustomerNumber is "" || EntryRules.IsNumber(row.CustomerNumber),
            $"customer_number: '{row.CustomerNumber}' is not like C-10042.");
        Require(row.Serial.Length <= EntryRules.LongestSerial, "serial: it is longer than 40 characters.");
        Require(!LostDigits().IsMatch(row.Serial),
            $"serial: '{row.Serial}' is a number that the spreadsheet has shortened; format the column as text and paste it again.");
        Require(row.Country is not ("" or "DE" or "de") || row.PostalCode is "" || EntryRules.IsGermanPostalCode(row.PostalCode),
            $"postal_code: '{row.PostalCode}' has not the five digits of a German one; the spreadsheet may have dropped a zero.");
        Require(row.Language is "" or "de" or "en", $"language: '{row.Language}' is neither de nor en.");
        Require(
            row.Country is "" || EntryRules.IsCountry(row.Country),
            $"country: '{row.Country}' is not a code of two letters such as DE.");
        Require(
            row.Seats is ""
            || (int.TryParse(row.Seats, NumberStyles.None, CultureInfo.InvariantCulture, out seats)
                && seats is >= 1 and <= EntryRules.MostSeats),
            $"seats: '{row.Seats}' is not a number from 1 to 10000.");
        Require(
            row.MaintenanceUntil is "" || TryDate(row.MaintenanceUntil, out maintenance),
            $"maintenance_until: '{row.MaintenanceUntil}' is not a date such as 2027-03-31, before 2200; leave it empty where there is no "
                + $"subscription.");
        Require(row.LicenseNumber is "" || _numbers.TryAdd(row.LicenseNumber, row.Line),
            $"license_number: {row.LicenseNumber} stands in line {_numbers.GetValueOrDefault(row.LicenseNumber)} already.");

        var (key, problem) = product is null ? (null, null) : KeyOf(row, product.Policies.Key);
        if (problem is not null)
        {
            reasons.Add(problem);
        }
        else if (key is not null)
        {
            Require(_keys.TryAdd(key.Normalized, row.Line),
                $"activation_key: it stands in line {_keys.GetValueOrDefault(key.Normalized)} already.");
        }

        if (reasons.Count == 0)
        {
            good = new GoodRow(
                row, key!, seats, maintenance, email!, row.Language is "" ? "de" : row.Language,
                row.Country is "" ? "DE" : row.Country.ToUpperInvariant());
        }

        return reasons;

        void Require(bool holds, string reason)
        {
            if (!holds)
            {
                reasons.Add(reason);
            }
        }
    }

    private static (GivenKey? Key, string? Problem) KeyOf(ImportedLicense row, KeyScheme scheme)
    {
        if (row.ActivationKey is "")
        {
            return (GivenKey.Mint(), null);
        }

        return GivenKey.TryRead(row.ActivationKey, scheme, out var key, out var why)
            ? (key, null)
            : (null, why is { Kind: CodeProblemKind.WrongGroup, Group: { } group }
                ? $"activation_key: group {group} ({why.GroupText}) has a wrong symbol."
                : scheme.IsForeign ? "activation_key: it is neither a key of ours nor in the product's own format."
                : "activation_key: it is not a key of ours.");
    }

    private static bool TryDate(string text, out DateOnly? date)
    {
        var read = DateOnly.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && EntryRules.IsEndOfMaintenance(day);
        date = read ? day : null;
        return read;
    }

    /// <summary>1,23457E+15</summary>
    [GeneratedRegex("^[0-9]([.,][0-9]+)?E[+-][0-9]+$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 100)]
    private static partial Regex LostDigits();
}
