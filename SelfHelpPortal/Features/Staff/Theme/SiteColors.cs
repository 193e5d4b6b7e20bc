using System.Text.RegularExpressions;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Theme;

/// <summary>
/// The colors of one scheme, read from site.css, which is the only place that states them. The vendor's accent replaces the portal's,
/// as vendor.css does on every page.
/// </summary>
internal sealed partial class SiteColors
{
    private readonly Dictionary<string, string> _colors;

    private SiteColors(string block, string? accent, string? strong)
    {
        _colors = Color().Matches(block).ToDictionary(color => color.Groups[1].Value, color => color.Groups[2].Value);
        _colors["accent"] = accent ?? this["accent"];
        _colors["accent-strong"] = strong ?? this["accent-strong"];
    }

    /// <param name="name">As site.css has it, without the two dashes.</param>
    /// <returns>#rgb or #rrggbb.</returns>
    /// <exception cref="InvalidOperationException">site.css has no such color in this scheme.</exception>
    public string this[string name] => _colors.GetValueOrDefault(name)
        ?? throw new InvalidOperationException(
            $"site.css has no color --{name} in one of its two schemes, which the theme of the staff area needs. Add it there.");

    /// <param name="css">The text of site.css: the light scheme stands in its first :root block, the dark one in its second.</param>
    /// <exception cref="InvalidOperationException">A scheme or its accent is missing.</exception>
    public static (SiteColors Light, SiteColors Dark) Read(string css, VendorAccent? accent)
    {
        if (Root().Matches(css) is not [var light, var dark, ..])
        {
            throw new InvalidOperationException(
                "site.css does not have a :root block for the light scheme and another for the dark one. The theme of the staff area "
                    + "needs both.");
        }

        return (new(light.Value, accent?.Light, accent?.LightStrong), new(dark.Value, accent?.Dark, accent?.DarkStrong));
    }

    [GeneratedRegex(@":root \{[^}]*\}")]
    private static partial Regex Root();

    [GeneratedRegex("--([a-z-]+): (#[0-9a-f]{3,6});")]
    private static partial Regex Color();
}
