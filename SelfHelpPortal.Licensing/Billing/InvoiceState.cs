namespace SelfHelpPortal.Licensing.Billing;

public enum InvoiceState
{
    Issued,
    Paid,

    /// <summary>Taken back by a cancellation. A cancellation itself stays <see cref="Issued"/>.</summary>
    Cancelled,
}
