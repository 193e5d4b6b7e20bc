using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Customer.AnswerFlag;

/// <summary>The emergency code of a locked license, for the address on file: whoever fetched it, the owner hears of it.</summary>
public sealed record EmergencyCodeMail(MailRecipient To) : ProductMailModel<EmergencyCodeMailBody>(To)
{
    public required Guid GrantId { get; init; }
    public required string CaseNumber { get; init; }
    public required string Product { get; init; }
    public required string LicenseNumber { get; init; }
    public required string? PcName { get; init; }
    public required string Code { get; init; }
    public required DateTimeOffset FetchedAt { get; init; }
    public required DateTimeOffset ValidUntil { get; init; }

    public override string Kind => "emergency-code";
    public override string BusinessKey => GrantId.ToString();
    public override MailPriority Priority => MailPriority.Urgent;
    public override string Reference => CaseNumber;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}
