using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Account.Mails;

/// <summary>The link by which somebody who forgot the password sets a new one.</summary>
public sealed record PasswordResetMail(MailRecipient To) : MailModel<PasswordResetMailBody>(To)
{
    /// <summary>Of the wish for the link.</summary>
    public required Guid RequestId { get; init; }

    public required DateTimeOffset AskedAt { get; init; }
    public required OneTimeLink Link { get; init; }

    public override string Kind => "password-reset";
    public override string BusinessKey => RequestId.ToString();
    public override MailPriority Priority => MailPriority.Urgent;
    public override DateTimeOffset? Expires => Link.Expires;

    public override string Subject(MailTexts texts) => texts["Subject"];
}
