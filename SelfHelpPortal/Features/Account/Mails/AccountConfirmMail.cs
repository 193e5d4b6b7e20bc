using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Account.Mails;

/// <summary>The link by which somebody opens an account, or adds customers to the one there is.</summary>
public sealed record AccountConfirmMail(MailRecipient To) : MailModel<AccountConfirmMailBody>(To)
{
    public required Guid RegistrationId { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public required bool HasAccount { get; init; }
    public required OneTimeLink Link { get; init; }

    public override string Kind => "account-confirm";
    public override string BusinessKey => RegistrationId.ToString();
    public override MailPriority Priority => MailPriority.Urgent;
    public override DateTimeOffset? Expires => Link.Expires;
    public override bool ConfirmsAddress => true;

    public override string Subject(MailTexts texts) => texts["Subject"];
}
