using System.Globalization;
using System.Text;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>Lists for spreadsheets: fields between semicolons.</summary>
internal static class Csv
{
    private const string Formula = "=+-@\t\r＝＋－＠";

    /// <summary>With the mark by which spreadsheets know UTF-8.</summary>
    public static byte[] Bytes(StringBuilder lines) => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(lines.ToString())];

    public static string Line(params IEnumerable<string> fields) => string.Join(';', fields.Select(Quoted)) + "\r\n";

    /// <summary>The text as it was before <see cref="Line"/> kept it from being a formula.</summary>
    public static string WithoutGuard(string field) =>
        field is ['\'', var next, ..] && Formula.Contains(next, StringComparison.Ordinal) ? field[1..] : field;

    /// <summary>
    /// A text that a spreadsheet would take for a formula loses that meaning, also where it begins in full width; amounts are amounts.
    /// </summary>
    private static string Quoted(string field)
    {
        var isFormula = field.Length > 0 && Formula.Contains(field[0], StringComparison.Ordinal)
            && !decimal.TryParse(field, NumberStyles.Number, CultureInfo.InvariantCulture, out _);
        // A text with such an apostrophe of its own gets a second one, so that it comes back as it was.
        var harmless = isFormula || WithoutGuard(field) != field ? "'" + field : field;
        return harmless.AsSpan().ContainsAny(";\"\r\n") ? $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : harmless;
    }
}
