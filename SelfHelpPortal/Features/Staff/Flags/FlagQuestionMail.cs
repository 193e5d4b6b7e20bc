using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Staff.Flags;

/// <summary>A question of staff about a case, with the way to answer.</summary>
public sealed record FlagQuestionMail(MailRecipient To) : ProductMailModel<FlagQuestionMailBody>(To)
{
    public required Guid MessageId { get; init; }
    public required string CaseNumber { get; init; }
    public required string Product { get; init; }
    public required string LicenseNumber { get; init; }
    public required string Question { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public required OneTimeLink Answer { get; init; }

    public override string Kind => "flag-question";
    public override string BusinessKey => MessageId.ToString();
    public override DateTimeOffset? Expires => Answer.Expires;
    public override string Reference => CaseNumber;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}
