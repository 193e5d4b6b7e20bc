using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Staff.Customers;

/// <summary>Tells the former address on file that mails about the customer's licenses go to another one from now on.</summary>
public sealed record AddressOnFileChangedMail(MailRecipient To) : MailModel<AddressOnFileChangedMailBody>(To)
{
    /// <summary>Of the act or the import: a customer hears of it once, however many rows of a list name another address.</summary>
    public required Guid ChangeId { get; init; }

    public required string CustomerNumber { get; init; }

    /// <summary>The number that counts from now on, where the customer was merged into another.</summary>
    public string? MergedInto { get; init; }

    /// <summary>Masked: whoever still reads the former mailbox need not learn it.</summary>
    public required string NewAddress { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public override string Kind => "address-on-file-changed";
    public override string BusinessKey => $"{ChangeId}/{CustomerNumber}";
    public override MailPriority Priority => MailPriority.Urgent;
    public override string Reference => CustomerNumber;

    public override string Subject(MailTexts texts) =>
        MergedInto is null ? texts["Subject", CustomerNumber] : texts["SubjectMerged", CustomerNumber];
}
