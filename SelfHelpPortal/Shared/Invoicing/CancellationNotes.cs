using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Pdf;

namespace SelfHelpPortal.Shared.Invoicing;

/// <summary>What a cancellation says to its customer: why, and whether money comes back and where.</summary>
internal static class CancellationNotes
{
    /// <param name="reason">In one line.</param>
    public static IReadOnlyList<string> Of(Invoice invoice, string reason)
    {
        var language = invoice.Content.Language;
        return
        [
            InvoiceWords.Text("Cancelled.Reason", language, reason),
            invoice.Received > new Money(0)
                ? InvoiceWords.Text("Cancelled.Refund", language, InvoiceTexts.Amount(invoice.Received))
                : InvoiceWords.Text("Cancelled.Settled", language, invoice.Number),
        ];
    }
}
