namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>The acts that the invoice page offers.</summary>
internal sealed record InvoicePageActs(
    CancelInvoice.CancelInvoice Cancel,
    RecordPayment.RecordPayment Pay,
    SendInvoiceAgain.SendInvoiceAgain SendAgain,
    RemindInvoice.PauseReminders Pause,
    RemindInvoice.PauseCustomerReminders PauseCustomer);
