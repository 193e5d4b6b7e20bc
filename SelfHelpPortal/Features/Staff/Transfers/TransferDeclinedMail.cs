using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>Says that an order is not taken, and why.</summary>
public sealed record TransferDeclinedMail(MailRecipient To) : ProductMailModel<TransferDeclinedMailBody>(To)
{
    public required Guid RequestId { get; init; }
    public required string RequestReference { get; init; }
    public required string Product { get; init; }
    public required string Why { get; init; }
    public required DateTimeOffset DeclinedAt { get; init; }

    public override string Kind => "transfer-declined";
    public override string BusinessKey => RequestId.ToString();
    public override string Reference => RequestReference;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}
