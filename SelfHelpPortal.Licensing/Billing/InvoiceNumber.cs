using System.Globalization;

namespace SelfHelpPortal.Licensing.Billing;

/// <summary>
/// How invoices are numbered: <c>2026-00042 </c>, cancellations <c>S2026-00007 </c>; each kind and year is a series without a gap.
/// </summary>
public static class InvoiceNumber
{
    /// <param name="place">1, 2, … within the series; it grows beyond five digits.</param>
    public static string Format(InvoiceKind kind, int year, int place) =>
        string.Create(CultureInfo.InvariantCulture, $"{(kind == InvoiceKind.Cancellation ? "S" : "")}{year:0000}-{place:00000}");
}
