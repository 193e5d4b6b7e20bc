using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Portal.People;

/// <summary>Invites somebody to a customer's licenses; who has an account joins with it, anybody else opens one.</summary>
public sealed record CustomerInvitationMail(MailRecipient To) : MailModel<CustomerInvitationMailBody>(To)
{
    public required Guid RegistrationId { get; init; }

    public required bool AsOwner { get; init; }
    public required OneTimeLink Link { get; init; }

    public override string Kind => "customer-invitation";
    public override string BusinessKey => RegistrationId.ToString();
    public override MailPriority Priority => MailPriority.Urgent;
    public override DateTimeOffset? Expires => Link.Expires;

    public override string Subject(MailTexts texts) => texts["Subject"];
}
