using System.Globalization;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Shared.Contacts;

/// <summary>Countries in the words of the reader, the neighbors that most customers come from first.</summary>
internal static class CountryNames
{
    private static readonly string[] First = ["DE", "AT", "CH"];

    /// <summary>Two letters that lists have and ISO 3166-1 has not, or not for this, and the signs of cars.</summary>
    private static readonly (string Written, string Code)[] Others = [("D", "DE"), ("A", "AT"), ("UK", "GB"), ("EL", "GR")];

    private static readonly Lazy<Dictionary<string, string>> Known = new(() =>
    {
        var known = new Dictionary<string, string>(StringComparer.InvariantCultureIgnoreCase);
        foreach (var code in Countries.All)
        {
            known[code] = code;
            foreach (var name in Languages.All.Select(language => Region(language, code)).OfType<RegionInfo>()
                .SelectMany(region => new[] { region.NativeName, region.ThreeLetterISORegionName }))
            {
                known.TryAdd(name, code);
            }
        }

        foreach (var (written, code) in Others)
        {
            known.TryAdd(written, code);
        }

        return known;
    });

    /// <summary>The code of a country that is written as one or by its name in a language of the portal; null when it is none.</summary>
    public static string? CodeOf(string written) => Known.Value.GetValueOrDefault(written.Trim());

    public static IReadOnlyList<Choice> Choices() =>
    [
        .. First.Select(code => new Choice(code, Get(code))),
        .. Countries.All.Except(First).Select(code => new Choice(code, Get(code)))
        .OrderBy(c => c.Text, StringComparer.Create(CultureInfo.CurrentUICulture, ignoreCase: true)),
    ];

    /// <summary>The code itself, where the machine's language data have no name.</summary>
    public static string Get(string code) => Region(Languages.Current, code)?.DisplayName ?? code;

    private static RegionInfo? Region(string language, string code)
    {
        try
        {
            return new RegionInfo($"{language}-{code}");
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
