using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Customer.AnswerFlag;

/// <summary>Tells staff that the customer of a case has answered. What was written stands on the case's page only.</summary>
public sealed record StaffFlagAnsweredMail(MailRecipient To) : MailModel<StaffFlagAnsweredMailBody>(To)
{
    public required Guid MessageId { get; init; }
    public required string CaseNumber { get; init; }
    public required string Customer { get; init; }
    public required string Product { get; init; }
    public required string LicenseNumber { get; init; }
    public required FlagExplanation Explanation { get; init; }
    public required DateTimeOffset AnsweredAt { get; init; }

    /// <summary>The case's page; absolute.</summary>
    public required string CaseAddress { get; init; }

    public override string Kind => "staff-flag-answered";
    public override string BusinessKey => $"{MessageId}/{MailAddresses.Tag(To.Address)}";
    public override string Reference => CaseNumber;

    public override string Subject(MailTexts texts) => texts["Subject", Reference, Customer];
}
