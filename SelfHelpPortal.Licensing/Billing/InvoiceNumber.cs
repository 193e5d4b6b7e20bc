using System.Globalization;
using System.Text.RegularExpressions;

namespace SelfHelpPortal.Licensing.Billing;

/// <summary>
/// How invoices are numbered: <c>2026-00042 </c>, cancellations <c>S2026-00007 </c>; each kind and year is a series without a gap.
/// </summary>
public static partial class InvoiceNumber
{
    /// <param name="place">1, 2, … within the series; it grows beyond five digits.</param>
    public static string Format(InvoiceKind kind, int year, int place) =>
        string.Create(CultureInfo.InvariantCulture, $"{(kind == InvoiceKind.Cancellation ? "S" : "")}{year:0000}-{place:00000}");

    /// <summary>
    /// The numbers of invoices that a text could mean. Statements break lines within a number and leave the hyphen out, and people write a
    /// slash or a blank: <c>2026 - 00042</c>, <c>RE202600042</c>, <c>2026/000 42</c>. Which of them exist, the caller knows.
    /// </summary>
    public static IReadOnlySet<string> FindIn(string text)
    {
        var found = new HashSet<string>();
        // With its blanks two numbers beside each other stay two; without them one that was broken is whole.
        foreach (var form in new[] { text, Blanks().Replace(text, "") })
        {
            found.UnionWith(Shape().Matches(form).Select(m => $"{m.Groups["year"].Value}-{m.Groups["place"].Value}"));
        }

        return found;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"(?<![0-9])(?<year>20[0-9]{2})\s?[-\u2010-\u2014/.]?\s?(?<place>[0-9]{5,9})(?![0-9])")]
    private static partial Regex Shape();
}
