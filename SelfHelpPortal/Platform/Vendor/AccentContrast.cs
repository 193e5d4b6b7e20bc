using System.Text.RegularExpressions;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>What the accent stands on or under, from site.css.</summary>
/// <param name="Beside">Surface, page, info box, and the text on a button.</param>
internal sealed record AccentScheme(string Text, string OnAccent, IReadOnlyList<string> Beside)
{
    public static readonly AccentScheme Light = new("#1a222c", "#ffffff", ["#ffffff", "#f5f6f8", "#e4f0f3"]);
    public static readonly AccentScheme Dark = new("#e8ecf1", "#06222a", ["#19212a", "#11161b", "#13303a", "#06222a"]);

    public string Surface => Beside[0];
}

/// <summary>Whether people can read what has the vendor's accent.</summary>
internal static partial class AccentContrast
{
    /// <summary>WCAG 2.2, 1.4.3.</summary>
    public const double Least = 4.5;

    /// <param name="path">Which of the colors: <c>accent.light</c>, <c>accent.darkStrong</c>.</param>
    /// <returns>What it differs least from, and how much; null when the text is no color.</returns>
    public static (string Beside, double Ratio)? Worst(string path, string? color)
    {
        if (!IsColor(color))
        {
            return null;
        }

        var beside = (path.StartsWith("accent.dark", StringComparison.Ordinal) ? AccentScheme.Dark : AccentScheme.Light).Beside
            .MinBy(other => Contrast.Ratio(color!, other))!;
        return (beside, Contrast.Ratio(color!, beside));
    }

    public static bool IsColor(string? text) => Color().IsMatch(text ?? "");

    [GeneratedRegex(@"^#[0-9a-fA-F]{6}\z")]
    private static partial Regex Color();
}
