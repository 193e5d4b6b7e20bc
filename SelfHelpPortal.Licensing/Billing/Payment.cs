namespace SelfHelpPortal.Licensing.Billing;

/// <summary>
/// Money that came in for an invoice, or went back. Never changed: a mistake is corrected by another payment with the other sign.
/// </summary>
public sealed class Payment
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid InvoiceId { get; init; }

    /// <summary>When the bank booked it.</summary>
    public required DateOnly ReceivedOn { get; init; }

    /// <summary>Negative when it went back: a bounced transfer, or a typing error taken back.</summary>
    public required Money Amount { get; init; }

    public required string Note { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>The payment that this one takes back.</summary>
    public Guid? UndoesId { get; init; }

    /// <summary>Which line of a bank statement it was, so that the same statement read again records nothing twice.</summary>
    public string? BankLine { get; init; }
}
