using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Customer.Disputes;

/// <summary>Tells staff that an owner objects to a release. What the owner wrote stands on the case's page only.</summary>
public sealed record StaffObjectionMail(MailRecipient To) : MailModel<StaffObjectionMailBody>(To)
{
    public required string CaseNumber { get; init; }
    public required string Customer { get; init; }
    public required string Product { get; init; }
    public required string LicenseNumber { get; init; }
    public required string? PcName { get; init; }
    public required DateTimeOffset ReleasedAt { get; init; }
    public required ReleaseMethod Method { get; init; }
    public required DateTimeOffset ObjectedAt { get; init; }

    /// <inheritdoc cref="ObjectedMail.IsRestored"/>
    public required bool IsRestored { get; init; }

    /// <summary>It was about a loan, which has ended with it.</summary>
    public bool IsLoan { get; init; }

    /// <summary>The case's page; absolute.</summary>
    public required string CaseAddress { get; init; }

    public override string Kind => "staff-objection";
    public override string BusinessKey => $"{CaseNumber}/{MailAddresses.Tag(To.Address)}";
    public override MailPriority Priority => MailPriority.Urgent;
    public override string Reference => CaseNumber;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}
