using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Access;

/// <summary>The link by which somebody of staff sets up the sign-in, at first or again after a reset.</summary>
public sealed record StaffInvitationMail(MailRecipient To) : MailModel<StaffInvitationMailBody>(To)
{
    public required Guid InvitationId { get; init; }

    /// <summary>The account was in use, and what it was signed in to with is gone.</summary>
    public required bool IsReset { get; init; }

    public required OneTimeLink Link { get; init; }

    public override string Kind => "staff-invitation";
    public override string BusinessKey => $"{InvitationId}/{MailAddresses.Tag(To.Address)}";
    public override MailPriority Priority => MailPriority.Urgent;
    public override DateTimeOffset? Expires => Link.Expires;

    public override string Subject(MailTexts texts) => texts[IsReset ? "SubjectReset" : "Subject"];
}
