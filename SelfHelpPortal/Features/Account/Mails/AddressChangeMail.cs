using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Account.Mails;

/// <summary>Asks the new address of an account, and the one of now, to confirm the change.</summary>
public sealed record AddressChangeMail(MailRecipient To) : MailModel<AddressChangeMailBody>(To)
{
    public required Guid ChangeId { get; init; }

    /// <summary>To the address of now.</summary>
    public required bool ToOld { get; init; }

    public required string NewAddress { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public required OneTimeLink Link { get; init; }

    public override string Kind => "address-change";
    public override string BusinessKey => $"{ChangeId}/{(ToOld ? "old" : "new")}";
    public override MailPriority Priority => MailPriority.Urgent;
    public override DateTimeOffset? Expires => Link.Expires;
    public override bool ConfirmsAddress => true;

    public override string Subject(MailTexts texts) => texts[ToOld ? "SubjectOld" : "Subject"];
}
