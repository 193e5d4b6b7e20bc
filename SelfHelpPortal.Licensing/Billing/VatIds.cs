using System.Text.RegularExpressions;

namespace SelfHelpPortal.Licensing.Billing;

/// <summary>What is known of a VAT id.</summary>
public enum VatIdResult
{
    NotChecked,

    /// <summary>It looks like one; nobody asked the tax office.</summary>
    FormatOnly,

    /// <summary>The tax office confirmed it.</summary>
    Valid,
    Invalid,
}

/// <param name="VatId">As <see cref="VatIds.Normalize"/> writes it.</param>
/// <param name="At">When it was checked; null when it was not.</param>
/// <param name="Source">Who says so: <c>format</c>, or the register and the clerk who looked.</param>
public sealed record VatIdCheck(string VatId, VatIdResult Result, DateTimeOffset? At = null, string? Source = null)
{
    /// <summary>What the format alone tells.</summary>
    public static VatIdCheck OfFormat(string vatId, DateTimeOffset now)
    {
        var normalized = VatIds.Normalize(vatId);
        return new VatIdCheck(normalized, VatIds.IsWellFormed(normalized) ? VatIdResult.FormatOnly : VatIdResult.Invalid, now, "format");
    }
}

/// <summary>
/// How VAT ids of the member states are written. Source: European Commission, VIES, "VAT identification number structure".
/// </summary>
public static partial class VatIds
{
    private static readonly Dictionary<string, Regex> Formats = new()
    {
        ["AT"] = Form("U[0-9]{8}"),
        ["BE"] = Form("[01][0-9]{9}"),
        ["BG"] = Form("[0-9]{9,10}"),
        ["CY"] = Form("[0-9]{8}[A-Z]"),
        ["CZ"] = Form("[0-9]{8,10}"),
        ["DE"] = Form("[0-9]{9}"),
        ["DK"] = Form("[0-9]{8}"),
        ["EE"] = Form("[0-9]{9}"),
        ["EL"] = Form("[0-9]{9}"),
        ["ES"] = Form("[A-Z][0-9]{7}[A-Z0-9]|[0-9]{8}[A-Z]"),
        ["FI"] = Form("[0-9]{8}"),
        ["FR"] = Form("[A-Z0-9]{2}[0-9]{9}"),
        ["HR"] = Form("[0-9]{11}"),
        ["HU"] = Form("[0-9]{8}"),
        ["IE"] = Form("[0-9][A-Z0-9+*][0-9]{5}[A-Z]|[0-9]{7}[A-W][A-I]"),
        ["IT"] = Form("[0-9]{11}"),
        ["LT"] = Form("[0-9]{9}|[0-9]{12}"),
        ["LU"] = Form("[0-9]{8}"),
        ["LV"] = Form("[0-9]{11}"),
        ["MT"] = Form("[0-9]{8}"),
        ["NL"] = Form("[A-Z0-9+*]{10}[0-9]{2}"),
        ["PL"] = Form("[0-9]{10}"),
        ["PT"] = Form("[0-9]{9}"),
        ["RO"] = Form("[0-9]{2,10}"),
        ["SE"] = Form("[0-9]{12}"),
        ["SI"] = Form("[0-9]{8}"),
        ["SK"] = Form("[0-9]{10}"),
    };

    /// <summary>In capitals, without what people put between the groups.</summary>
    public static string Normalize(string vatId) => Separators().Replace(vatId, "").ToUpperInvariant();

    /// <summary>Whether it has the form of a member state, and a German one the right check digit.</summary>
    /// <param name="vatId">Normalized.</param>
    public static bool IsWellFormed(string vatId) =>
        vatId.Length > 2 && Formats.TryGetValue(vatId[..2], out var format) && format.IsMatch(vatId.AsSpan(2))
            && (vatId[..2] != "DE" || HasGermanCheckDigit(vatId[2..]));

    /// <summary>The member state (ISO 3166-1) that issued it; null when its beginning names none.</summary>
    /// <param name="vatId">Normalized.</param>
    public static string? CountryOf(string vatId) =>
        vatId.Length > 2 && Formats.ContainsKey(vatId[..2]) ? (vatId[..2] is "EL" ? "GR" : vatId[..2]) : null;

    /// <summary>Whether somebody in this country may have it; of countries outside the EU nothing is known.</summary>
    /// <param name="country">ISO 3166-1 alpha-2.</param>
    /// <param name="vatId">Normalized.</param>
    public static bool CanBeOf(string country, string vatId) =>
        !Countries.IsEu(country) || (IsWellFormed(vatId) && CountryOf(vatId) == country);

    /// <summary>ISO 7064, MOD 11,10.</summary>
    private static bool HasGermanCheckDigit(string digits)
    {
        var product = 10;
        foreach (var digit in digits.AsSpan(0, 8))
        {
            var sum = (digit - '0' + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }

        return digits[8] - '0' == (11 - product) % 10;
    }

    private static Regex Form(string pattern) => new($"^(?:{pattern})\\z", RegexOptions.CultureInvariant | RegexOptions.Compiled);

    [GeneratedRegex(@"[\s.\-/]")]
    private static partial Regex Separators();
}
