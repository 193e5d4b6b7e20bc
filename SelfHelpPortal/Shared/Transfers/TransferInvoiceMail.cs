using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>Brings the invoice of an accepted order; by the product's policy the license follows when it is paid.</summary>
public sealed record TransferInvoiceMail(MailRecipient To) : ProductMailModel<TransferInvoiceMailBody>(To)
{
    public required Guid RequestId { get; init; }
    public required string RequestReference { get; init; }
    public required string Product { get; init; }
    public required IReadOnlyList<string> LicenseNumbers { get; init; }
    public required InvoiceFacts Invoice { get; init; }
    public required DateTimeOffset AcceptedAt { get; init; }
    public required IReadOnlyList<MailAttachment> Files { get; init; }
    public required OneTimeLink Status { get; init; }

    public override string Kind => "transfer-invoice";
    public override string BusinessKey => RequestId.ToString();
    public override MailPriority Priority => MailPriority.Urgent;
    public override DateTimeOffset? Expires => Status.Expires;
    public override string Reference => RequestReference;
    public override IReadOnlyList<MailAttachment> Attachments => Files;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}
