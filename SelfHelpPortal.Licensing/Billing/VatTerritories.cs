using System.Text.RegularExpressions;

namespace SelfHelpPortal.Licensing.Billing;

/// <summary>Where a buyer is for value added tax, which is not always the country of the address.</summary>
public enum VatTerritory
{
    Germany,

    /// <summary>Another member state, as far as its tax reaches.</summary>
    EuropeanUnion,

    /// <summary>Outside, also where the country is a member state.</summary>
    ThirdCountry,

    /// <summary>The address does not tell; people decide.</summary>
    Unclear,
}

/// <param name="Country">
/// The member state whose tax it is, by which VAT ids are told (Monaco is France); else the country of the address.
/// </param>
/// <param name="Name">Of the territory that differs from its country, as a source calls it; null: none does.</param>
public sealed record VatPlace(VatTerritory Territory, string Country, string? Name = null);

/// <summary>
/// Territories whose value added tax is not that of the country in the address. Sources: directive 2006/112/EC, articles 5 to 7 (Monaco as
/// France, the Isle of Man as the United Kingdom, the excluded territories of article 6), as changed by directive (EU) 2019/475 (Campione
/// d'Italia); § 1(2), (2a) UStG (Büsingen, Helgoland); UStAE 1.10; for Northern Ireland article 8 of the Protocol and BMF of 10 December
/// 2020 (goods only: for services it is a third country). Post codes are those of the national posts. docs/invoices.md has the table.
/// </summary>
public static partial class VatTerritories
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    /// <summary>
    /// With a post code of its own a territory is certain; where the code covers others too, or only the city's name speaks for it, it is
    /// unclear.
    /// </summary>
    private static readonly Exception[] Exceptions =
    [
        new("DE", "Büsingen am Hochrhein", "78266|8238", "büsingen|buesingen"),
        new("DE", "Helgoland", "27498", "helgoland"),
        new("ES", "Canary Islands", "35[0-9]{3}|38[0-9]{3}",
            "las palmas de gran canaria|santa cruz de tenerife|tenerife|fuerteventura|lanzarote"),
        new("ES", "Ceuta", "51[0-9]{3}", "ceuta"),
        new("ES", "Melilla", "52[0-9]{3}", "melilla"),
        new("FI", "Åland", "22[0-9]{3}", "mariehamn|maarianhamina|åland|aland"),
        new("FR", "French overseas territories", "97[0-9]{3}|98[4-9][0-9]{2}",
            "guadeloupe|martinique|guyane|cayenne|réunion|reunion|saint-denis de la réunion|mayotte|mamoudzou|fort-de-france|nouméa"
                + "|papeete"),
        new("IT", "Livigno", "23041", "livigno"),
        new("IT", "Campione d'Italia", "22061|6911", "campione d.?italia"),
        new("GR", "Mount Athos", "63086", "agion oros|agio oros|mount athos|άγιο όρος|karyes"),
    ];

    /// <summary>Shared with places next door: the post code alone is not enough.</summary>
    private static readonly (string Country, string PostalCode, string Name)[] Shared =
        [("IT", "23030", "Livigno"), ("IT", "22060", "Campione d'Italia"), ("GR", "63087", "Mount Athos"), ("GR", "63075", "Mount Athos")];

    /// <param name="country">ISO 3166-1.</param>
    /// <param name="postalCode">As typed; null while no address is known, which is taken for the main territory.</param>
    /// <param name="city">The same.</param>
    public static VatPlace Find(string country, string? postalCode = null, string? city = null)
    {
        if (country == "MC")
        {
            return new VatPlace(VatTerritory.EuropeanUnion, "FR", "Monaco");
        }

        if (country == "CY" && postalCode is not null && Digits(postalCode).StartsWith("99", StringComparison.Ordinal))
        {
            return new VatPlace(VatTerritory.Unclear, country, "Northern Cyprus");
        }

        var main = country == Countries.Germany ? VatTerritory.Germany
            : Countries.IsEu(country) ? VatTerritory.EuropeanUnion
            : VatTerritory.ThirdCountry;
        if (main == VatTerritory.ThirdCountry || postalCode is null)
        {
            return new VatPlace(main, country);
        }

        var code = Digits(postalCode);
        if (Array.Find(Shared, s => s.Country == country && s.PostalCode == code) is { Name: { } shared })
        {
            return new VatPlace(VatTerritory.Unclear, country, shared);
        }

        foreach (var exception in Exceptions.Where(exception => exception.Country == country))
        {
            if (Regex.IsMatch(code, $"^(?:{exception.PostalCodes})\\z", Options))
            {
                return new VatPlace(VatTerritory.ThirdCountry, country, exception.Name);
            }

            if (Regex.IsMatch((city ?? "").Trim(), $"^(?:{exception.Cities})\\b", Options))
            {
                return new VatPlace(VatTerritory.Unclear, country, exception.Name);
            }
        }

        // Without a post code of the country's form nothing says that it is not one of them.
        return Array.Find(Exceptions, exception => exception.Country == country) is { } possible && code.Length != 5
            ? new VatPlace(VatTerritory.Unclear, country, possible.Name)
            : new VatPlace(main, country);
    }

    /// <summary>"F-97400", "ES 35 001" and "97400 Saint-Denis" alike.</summary>
    private static string Digits(string postalCode) =>
        Leading().Match(postalCode.Replace(" ", "", StringComparison.Ordinal)).Groups[1].Value;

    [GeneratedRegex(@"^(?:[A-Za-z]{1,3}-?)?([0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Leading();

    private sealed record Exception(string Country, string Name, string PostalCodes, string Cities);
}
