using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Customer.Disputes;

/// <summary>Confirms "this was not me" to the owner.</summary>
public sealed record ObjectedMail(MailRecipient To) : ProductMailModel<ObjectedMailBody>(To)
{
    public required string CaseNumber { get; init; }
    public required string Product { get; init; }
    public required string LicenseNumber { get; init; }
    public required string? PcName { get; init; }
    public required DateTimeOffset ReleasedAt { get; init; }
    public required DateTimeOffset ObjectedAt { get; init; }

    /// <summary>The seat was still free, so the old computer has the license again; otherwise another computer had taken it.</summary>
    public required bool IsRestored { get; init; }

    /// <summary>It was about a loan, which has ended with it.</summary>
    public bool IsLoan { get; init; }

    public override string Kind => "objected";
    public override string BusinessKey => CaseNumber;
    public override string Reference => CaseNumber;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}
