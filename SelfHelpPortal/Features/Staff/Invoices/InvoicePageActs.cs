namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>The acts that the invoice page offers.</summary>
internal sealed record InvoicePageActs(
    CancelInvoice Cancel,
    RecordPayment Pay,
    UndoPayment UndoPayment,
    SendInvoiceAgain SendAgain,
    PauseReminders Pause,
    PauseCustomerReminders PauseCustomer);
