using System.Globalization;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>Reminds of an unpaid invoice, with the stored document. No fee, no new number, no word of default.</summary>
public sealed record InvoiceReminderMail(MailRecipient To) : MailModel<InvoiceReminderMailBody>(To)
{
    public required Guid InvoiceId { get; init; }

    /// <summary>1 to 3.</summary>
    public required int Level { get; init; }

    public required InvoiceFacts Invoice { get; init; }
    public required DateTimeOffset AsOf { get; init; }
    public required IReadOnlyList<MailAttachment> Files { get; init; }

    public override string Kind => "invoice-reminder";
    public override string BusinessKey => string.Create(CultureInfo.InvariantCulture, $"{InvoiceId}/{Level}");
    public override MailPriority Priority => MailPriority.Low;
    public override string Reference => Invoice.Reference;
    public override IReadOnlyList<MailAttachment> Attachments => Files;

    public override string Subject(MailTexts texts) => texts[Key("Subject"), Invoice.Number];

    internal string Key(string name) => string.Create(CultureInfo.InvariantCulture, $"{name}.{Level}");
}
