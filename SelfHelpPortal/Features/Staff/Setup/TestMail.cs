using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Staff.Setup;

/// <summary>Shows an administrator that mails arrive, and how they look.</summary>
public sealed record TestMail(MailRecipient To) : MailModel<TestMailBody>(To)
{
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>The sender's address, as the settings name it.</summary>
    public required string From { get; init; }

    public override string Kind => "test-mail";
    public override string BusinessKey => SentAt.ToString("O");

    public override string Subject(MailTexts texts) => texts["Subject"];
}
