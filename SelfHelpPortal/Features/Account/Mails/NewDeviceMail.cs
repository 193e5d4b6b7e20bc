using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Account.Mails;

/// <summary>Tells somebody of staff that a browser signed in that was never seen before.</summary>
public sealed record NewDeviceMail(MailRecipient To) : MailModel<NewDeviceMailBody>(To)
{
    /// <summary>Names the one sign-in that is told.</summary>
    public required Guid SignInId { get; init; }

    public required DateTimeOffset SignedInAt { get; init; }

    /// <summary>The network it came from; never the whole address.</summary>
    public required string Network { get; init; }

    public override string Kind => "new-device";
    public override string BusinessKey => SignInId.ToString();
    public override MailPriority Priority => MailPriority.Urgent;

    public override string Subject(MailTexts texts) => texts["Subject"];
}
