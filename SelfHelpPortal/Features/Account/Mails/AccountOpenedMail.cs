using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Account.Mails;

/// <summary>
/// Tells whoever has the address on file, and the owners, that somebody opened an account with an activation key, and asks them to decide.
/// </summary>
public sealed record AccountOpenedMail(MailRecipient To) : MailModel<AccountOpenedMailBody>(To)
{
    public required Guid RegistrationId { get; init; }

    public required string Company { get; init; }
    public required string LicenseNumber { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>Where who it is stands, and where the reader agrees or takes the access away.</summary>
    public required OneTimeLink Link { get; init; }

    public override string Kind => "account-opened";
    public override string BusinessKey => RegistrationId.ToString();
    public override MailPriority Priority => MailPriority.Urgent;
    public override DateTimeOffset? Expires => Link.Expires;
    public override string Reference => LicenseNumber;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}
