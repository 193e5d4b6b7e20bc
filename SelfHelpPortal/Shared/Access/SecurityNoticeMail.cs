using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Access;

public enum SecurityChange
{
    Password,

    /// <summary>The one it is sent to no longer signs in.</summary>
    Address,
    RecoveryCodes,
    PasskeyAdded,
    PasskeyRemoved,
    AppAdded,
    AppRemoved,

    /// <summary>The operator took password and second factor away; a new link sets them up again.</summary>
    Reset,
}

/// <summary>Tells the owner of an account that its sign-in was changed, in case it was somebody else.</summary>
public sealed record SecurityNoticeMail(MailRecipient To) : MailModel<SecurityNoticeMailBody>(To)
{
    /// <summary>Names the one change that is told.</summary>
    public required Guid ChangeId { get; init; }

    public required SecurityChange What { get; init; }
    public required DateTimeOffset ChangedAt { get; init; }

    public override string Kind => "security-notice";
    public override string BusinessKey => ChangeId.ToString();
    public override MailPriority Priority => MailPriority.Urgent;

    public override string Subject(MailTexts texts) => texts["Subject", texts["What." + What]];
}
