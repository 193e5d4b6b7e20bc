using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Account.Mails;

/// <summary>Tells the owner of an account that somebody knew the password and not the code of the second step.</summary>
public sealed record WrongCodeMail(MailRecipient To) : MailModel<WrongCodeMailBody>(To)
{
    /// <summary>Names the one try that is told.</summary>
    public required Guid TryId { get; init; }

    public required DateTimeOffset TriedAt { get; init; }

    /// <summary>The network it came from; never the whole address.</summary>
    public required string Network { get; init; }

    public override string Kind => "wrong-code";
    public override string BusinessKey => TryId.ToString();
    public override MailPriority Priority => MailPriority.Urgent;

    public override string Subject(MailTexts texts) => texts["Subject"];
}
