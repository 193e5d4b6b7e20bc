using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>A question of staff about an order, with the way to answer.</summary>
public sealed record TransferQuestionMail(MailRecipient To) : ProductMailModel<TransferQuestionMailBody>(To)
{
    public required Guid MessageId { get; init; }
    public required string RequestReference { get; init; }
    public required string Product { get; init; }
    public required string Question { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public required OneTimeLink Status { get; init; }

    public override string Kind => "transfer-question";
    public override string BusinessKey => MessageId.ToString();
    public override DateTimeOffset? Expires => Status.Expires;
    public override string Reference => RequestReference;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}
