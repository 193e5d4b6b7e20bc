using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>Tells staff that the last reminder went out: from here on a person decides.</summary>
public sealed record StaffPaymentMail(MailRecipient To) : MailModel<StaffPaymentMailBody>(To)
{
    public required Guid InvoiceId { get; init; }
    public required InvoiceFacts Invoice { get; init; }
    public required string Customer { get; init; }
    public required string InvoiceAddress { get; init; }
    public required DateTimeOffset AsOf { get; init; }

    public override string Kind => "staff-payment";
    public override string BusinessKey => $"{InvoiceId}/{MailAddresses.Tag(To.Address)}";
    public override MailPriority Priority => MailPriority.Low;
    public override string Reference => Invoice.Reference;

    public override string Subject(MailTexts texts) => texts["Subject", Invoice.Number];
}
