using System.Globalization;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>Contrast of two colors as WCAG 2.2 defines it (relative luminance, 1 to 21).</summary>
internal static class Contrast
{
    /// <param name="first">#rgb or #rrggbb.</param>
    /// <param name="second">#rgb or #rrggbb.</param>
    public static double Ratio(string first, string second)
    {
        var (a, b) = (Luminance(first), Luminance(second));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string color)
    {
        var hex = color.TrimStart('#');
        if (hex.Length == 3)
        {
            hex = string.Concat(hex.Select(digit => new string(digit, 2)));
        }
        return (0.2126 * Channel(hex, 0)) + (0.7152 * Channel(hex, 2)) + (0.0722 * Channel(hex, 4));
    }

    private static double Channel(string hex, int at)
    {
        var value = int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
