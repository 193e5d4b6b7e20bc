using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Customer.AnswerFlag;

/// <summary>Confirms an answer to the customer. What was written is not in it.</summary>
public sealed record FlagAnsweredMail(MailRecipient To) : ProductMailModel<FlagAnsweredMailBody>(To)
{
    public required Guid MessageId { get; init; }
    public required string CaseNumber { get; init; }
    public required string Product { get; init; }
    public required string LicenseNumber { get; init; }
    public required FlagExplanation Explanation { get; init; }
    public required DateTimeOffset AnsweredAt { get; init; }
    public required bool IsLocked { get; init; }

    public override string Kind => "flag-answered";
    public override string BusinessKey => MessageId.ToString();
    public override string Reference => CaseNumber;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}
