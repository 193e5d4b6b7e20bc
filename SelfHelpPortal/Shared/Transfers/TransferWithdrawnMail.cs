using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>Says that an order is off: taken back by the customer, or never confirmed.</summary>
public sealed record TransferWithdrawnMail(MailRecipient To) : ProductMailModel<TransferWithdrawnMailBody>(To)
{
    public required Guid RequestId { get; init; }
    public required string RequestReference { get; init; }
    public required string Product { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Nobody confirmed it in time.</summary>
    public required bool IsExpired { get; init; }

    /// <summary>It goes to the owner of the license, who agreed to somebody else's order.</summary>
    public bool IsForOwner { get; init; }

    /// <summary>Where a new order is made; absolute.</summary>
    public required string OrderAddress { get; init; }

    public override string Kind => "transfer-withdrawn";
    public override string BusinessKey => IsForOwner ? $"{RequestId}/owner" : RequestId.ToString();
    public override string Reference => RequestReference;

    public override string Subject(MailTexts texts) => texts[IsForOwner ? "SubjectForOwner" : "Subject", Reference];
}
