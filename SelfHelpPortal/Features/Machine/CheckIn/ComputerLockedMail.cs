using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Machine.CheckIn;

/// <summary>Second contradiction: the old computer is locked, the license goes on.</summary>
public sealed record ComputerLockedMail(MailRecipient To) : ProductMailModel<ComputerLockedMailBody>(To)
{
    public required string CaseNumber { get; init; }

    /// <summary>Where the case was opened again, what tells this mail from the one before; null = the case number.</summary>
    public string? CaseKey { get; init; }

    public required SightedUse Use { get; init; }

    /// <summary>Where the owner says what has happened.</summary>
    public required OneTimeLink Answer { get; init; }

    public override string Kind => "computer-locked";
    public override string BusinessKey => CaseKey ?? CaseNumber;
    public override MailPriority Priority => MailPriority.Urgent;
    public override DateTimeOffset? Expires => Answer.Expires;
    public override string Reference => CaseNumber;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}
