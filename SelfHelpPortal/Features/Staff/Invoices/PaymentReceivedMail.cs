using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>Thanks for a payment; only where the operator wants it (<c>Invoicing:ConfirmPayments</c>).</summary>
public sealed record PaymentReceivedMail(MailRecipient To) : MailModel<PaymentReceivedMailBody>(To)
{
    public required Guid PaymentId { get; init; }
    public required Money Received { get; init; }
    public required DateOnly ReceivedOn { get; init; }
    public required InvoiceFacts Invoice { get; init; }
    public required DateTimeOffset AsOf { get; init; }

    public override string Kind => "payment-received";
    public override string BusinessKey => PaymentId.ToString();
    public override MailPriority Priority => MailPriority.Low;
    public override string Reference => Invoice.Reference;

    public override string Subject(MailTexts texts) => texts["Subject", Invoice.Number];
}
