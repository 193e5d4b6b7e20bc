using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Account.Mails;

/// <summary>Tells the owner of an account that wrong passwords have locked the sign-in, and until when.</summary>
public sealed record SignInLockedMail(MailRecipient To) : MailModel<SignInLockedMailBody>(To)
{
    /// <summary>Names the one lock that is told.</summary>
    public required Guid RequestId { get; init; }

    public required DateTimeOffset LockedAt { get; init; }

    public required DateTimeOffset Until { get; init; }

    /// <summary>On all devices but those on which the owner has signed in before; otherwise only where it was tried.</summary>
    public required bool IsEverywhere { get; init; }

    public override string Kind => "sign-in-locked";
    public override string BusinessKey => RequestId.ToString();
    public override MailPriority Priority => MailPriority.Urgent;

    public override string Subject(MailTexts texts) => texts["Subject"];
}
