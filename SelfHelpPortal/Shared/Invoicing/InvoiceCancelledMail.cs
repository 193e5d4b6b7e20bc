using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Invoicing;

/// <summary>Tells the customer that an invoice is cancelled, with the cancellation. The reason stands in that document.</summary>
public sealed record InvoiceCancelledMail(MailRecipient To) : MailModel<InvoiceCancelledMailBody>(To)
{
    public required string OriginalNumber { get; init; }

    public required InvoiceFacts Cancellation { get; init; }

    /// <summary>What came in for the invoice.</summary>
    public required Money Received { get; init; }

    public required DateTimeOffset CancelledAt { get; init; }

    /// <summary>The end of the subscription whose renewal is taken back; null when nothing is.</summary>
    public DateOnly? SubscriptionUntil { get; init; }

    public required IReadOnlyList<MailAttachment> Files { get; init; }

    public override string Kind => "invoice-cancelled";
    public override string BusinessKey => Cancellation.Number;
    public override string Reference => Cancellation.Reference;
    public override IReadOnlyList<MailAttachment> Attachments => Files;

    public override string Subject(MailTexts texts) => texts["Subject", Cancellation.Number, OriginalNumber];
}
