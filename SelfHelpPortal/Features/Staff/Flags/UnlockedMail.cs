using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Staff.Flags;

/// <summary>Tells the owner that staff unlocked the license. The reason is for staff and not in it.</summary>
public sealed record UnlockedMail(MailRecipient To) : ProductMailModel<UnlockedMailBody>(To)
{
    public required string CaseNumber { get; init; }

    /// <summary>Where the case was opened again, what tells this mail from the one before; null = the case number.</summary>
    public string? CaseKey { get; init; }

    public required string Product { get; init; }
    public required string LicenseNumber { get; init; }
    public required DateTimeOffset UnlockedAt { get; init; }

    /// <summary>False: the case was closed before anything but an old computer was locked.</summary>
    public bool WasLocked { get; init; } = true;

    /// <summary>The released computers of the case: they stay locked out.</summary>
    public required IReadOnlyList<string?> OldPcNames { get; init; }

    public override string Kind => "unlocked";
    public override string BusinessKey => CaseKey ?? CaseNumber;
    public override MailPriority Priority => MailPriority.Urgent;
    public override string Reference => CaseNumber;

    public override string Subject(MailTexts texts) => texts[WasLocked ? "Subject" : "Subject.Closed", Reference];
}
