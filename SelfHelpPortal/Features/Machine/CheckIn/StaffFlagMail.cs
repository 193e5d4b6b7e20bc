using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Machine.CheckIn;

/// <summary>Tells staff of each new flag, each new stage and each further computer.</summary>
public sealed record StaffFlagMail(MailRecipient To) : MailModel<StaffFlagMailBody>(To)
{
    public required string CaseNumber { get; init; }

    /// <summary>Where the case was opened again, what tells this mail from the one before; null = the case number.</summary>
    public string? CaseKey { get; init; }

    public required FlagStage Stage { get; init; }

    /// <summary>Of the old computer's activation: what tells a further computer in the same case apart.</summary>
    public required string Handle { get; init; }

    public required string Customer { get; init; }
    public required SightedUse Use { get; init; }
    public required int TimesSeen { get; init; }

    /// <summary>The case's page; absolute.</summary>
    public required string CaseAddress { get; init; }

    public override string Kind => "staff-flag";
    public override string BusinessKey => $"{CaseKey ?? CaseNumber}/{Stage}/{Handle}/{MailAddresses.Tag(To.Address)}";
    public override string Reference => CaseNumber;

    public override string Subject(MailTexts texts) => texts["Subject", Reference, Customer];
}
