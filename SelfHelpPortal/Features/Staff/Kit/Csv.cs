using System.Globalization;
using System.Text;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>Lists for spreadsheets: fields between semicolons.</summary>
internal static class Csv
{
    /// <summary>With the mark by which spreadsheets know UTF-8.</summary>
    public static byte[] Bytes(StringBuilder lines) => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(lines.ToString())];

    public static string Line(params string[] fields) => string.Join(';', fields.Select(Quoted)) + "\r\n";

    /// <summary>
    /// A text that a spreadsheet would take for a formula loses that meaning, also where it begins in full width; amounts are amounts.
    /// </summary>
    private static string Quoted(string field)
    {
        var harmless = field.Length > 0 && "=+-@\t\r＝＋－＠".Contains(field[0], StringComparison.Ordinal)
            && !decimal.TryParse(field, NumberStyles.Number, CultureInfo.InvariantCulture, out _)
            ? "'" + field
            : field;
        return harmless.AsSpan().ContainsAny(";\"\r\n") ? $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : harmless;
    }
}
