using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Machine.CheckIn;

/// <summary>The license is locked.</summary>
public sealed record LockedMail(MailRecipient To) : MailModel<LockedMailBody>(To)
{
    public required string CaseNumber { get; init; }
    public required SightedUse Use { get; init; }

    public override string Kind => "locked";
    public override string BusinessKey => CaseNumber;
    public override MailPriority Priority => MailPriority.Urgent;
    public override string Reference => CaseNumber;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}
