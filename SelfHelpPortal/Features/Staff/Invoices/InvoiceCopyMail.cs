using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>The stored documents of an invoice or cancellation once more.</summary>
public sealed record InvoiceCopyMail(MailRecipient To) : MailModel<InvoiceCopyMailBody>(To)
{
    /// <summary>Of the act: a copy may be asked for more than once.</summary>
    public required Guid CopyId { get; init; }

    public required InvoiceKind Document { get; init; }
    public required InvoiceFacts Invoice { get; init; }
    public required DateTimeOffset SentAt { get; init; }
    public required IReadOnlyList<MailAttachment> Files { get; init; }

    public override string Kind => "invoice-copy";
    public override string BusinessKey => CopyId.ToString();
    public override string Reference => Invoice.Reference;
    public override IReadOnlyList<MailAttachment> Attachments => Files;

    public override string Subject(MailTexts texts) => texts["Subject" + Suffix, Invoice.Number, Reference];

    internal string Suffix => Document == InvoiceKind.Cancellation ? ".Cancellation" : "";
}
