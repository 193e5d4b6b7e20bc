using System.Globalization;
using System.Text.RegularExpressions;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>What a good row means.</summary>
/// <param name="NormalizedKey">As it is hashed; the own key or the imported one.</param>
/// <param name="KeyForDisplay">As the customer should read it.</param>
internal sealed record GoodRow(
    ImportedLicense Row, string NormalizedKey, string KeyForDisplay, bool IsMinted, int Seats, DateOnly? MaintenanceUntil, string Email,
    string Language, string Country);

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
        Require(row.Company is { Length: > 0 and <= 200 }, "company: it is missing or longer than 200 characters.");
        Require(email is not null, $"email: '{row.Email}' is no address.");
        Require(row.LicenseNumber is "" || Number().IsMatch(row.LicenseNumber),
            $"license_number: '{row.LicenseNumber}' is not like L-1043.");
        Require(row.CustomerNumber is "" || Number().IsMatch(row.CustomerNumber),
            $"customer_number: '{row.CustomerNumber}' is not like C-10042.");
        Require(row.Serial.Length <= 40, "serial: it is longer than 40 characters.");
        Require(!LostDigits().IsMatch(row.Serial),
            $"serial: '{row.Serial}' is a number that the spreadsheet has shortened; format the column as text and paste it again.");
        Require(row.Country is not ("" or "DE" or "de") || row.PostalCode is "" || GermanPostalCode().IsMatch(row.PostalCode),
            $"postal_code: '{row.PostalCode}' has not the five digits of a German one; the spreadsheet may have dropped a zero.");
        Require(row.Language is "" or "de" or "en", $"language: '{row.Language}' is neither de nor en.");
        Require(row.Country is "" || Country().IsMatch(row.Country), $"country: '{row.Country}' is not a code of two letters such as DE.");
        Require(
            row.Seats is ""
            || (int.TryParse(row.Seats, NumberStyles.None, CultureInfo.InvariantCulture, out seats) && seats is >= 1 and <= 10_000),
            $"seats: '{row.Seats}' is not a number from 1 to 10000.");
        Require(
            row.MaintenanceUntil is "" || TryDate(row.MaintenanceUntil, out maintenance),
            $"maintenance_until: '{row.MaintenanceUntil}' is not a date such as 2027-03-31, before 2200; leave it empty where there is no "
                + $"subscription.");
        Require(row.LicenseNumber is "" || _numbers.TryAdd(row.LicenseNumber, row.Line),
            $"license_number: {row.LicenseNumber} stands in line {_numbers.GetValueOrDefault(row.LicenseNumber)} already.");

        var (normalized, display, problem) = product is null ? ("", "", null) : KeyOf(row, product.Policies.Key);
        if (problem is not null)
        {
            reasons.Add(problem);
        }
        else if (normalized.Length > 0)
        {
            Require(_keys.TryAdd(normalized, row.Line),
                $"activation_key: it stands in line {_keys.GetValueOrDefault(normalized)} already.");
        }

        if (reasons.Count == 0)
        {
            good = new GoodRow(
                row, normalized, display, row.ActivationKey is "", seats, maintenance, email!, row.Language is "" ? "de" : row.Language,
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

    private static (string Normalized, string Display, string? Problem) KeyOf(ImportedLicense row, KeyScheme scheme)
    {
        if (row.ActivationKey is "")
        {
            var minted = ActivationKey.New();
            return (minted.Normalized, minted.ToString(), null);
        }

        if (scheme.TryNormalizeForeign(row.ActivationKey) is { } foreign)
        {
            return (foreign, row.ActivationKey, null);
        }

        return ActivationKey.TryParse(row.ActivationKey, out var key, out var why)
            ? (key.Normalized, key.ToString(), null)
            : why is { Kind: CodeProblemKind.WrongGroup, Group: { } group }
            ? ("", "", $"activation_key: group {group} ({why.GroupText}) has a wrong symbol.")
            : ("", "", scheme.IsForeign ? "activation_key: it is neither a key of ours nor in the product's own format."
                : "activation_key: it is not a key of ours.");
    }

    private static bool TryDate(string text, out DateOnly? date)
    {
        // Renewals count on from here, and the calendar ends with the year 9999 that others write for "never".
        var read = DateOnly.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is > 1900 and < 2200;
        date = read ? day : null;
        return read;
    }

    [GeneratedRegex("^[A-Z0-9][A-Z0-9-]{0,19}$", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Number();

    /// <summary>1,23457E+15</summary>
    [GeneratedRegex("^[0-9]([.,][0-9]+)?E[+-][0-9]+$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 100)]
    private static partial Regex LostDigits();

    [GeneratedRegex("^[0-9]{5}$", RegexOptions.CultureInvariant, 100)]
    private static partial Regex GermanPostalCode();

    [GeneratedRegex("^[A-Za-z]{2}$", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Country();
}
