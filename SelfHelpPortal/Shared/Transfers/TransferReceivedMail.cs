using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Transfers;

public enum ReceivedNext
{
    /// <summary>The owner confirms it.</summary>
    Owner,

    /// <summary>The same, if there is one: of a license that was only stated nothing is told.</summary>
    OwnerIfKnown,

    /// <summary>Staff look at it first.</summary>
    Staff,

    /// <summary>Nothing is left but what other mails bring.</summary>
    Done,
}

/// <summary>Says at once that an order is there, what happens next, and where its status stands.</summary>
public sealed record TransferReceivedMail(MailRecipient To) : ProductMailModel<TransferReceivedMailBody>(To)
{
    public required Guid RequestId { get; init; }
    public required string RequestReference { get; init; }
    public required string Product { get; init; }
    public required TransferRemedy Remedy { get; init; }
    public required Money Gross { get; init; }
    public required DateTimeOffset OrderedAt { get; init; }

    public required ReceivedNext Next { get; init; }

    /// <summary>A consumer asked for the service before the withdrawal period ends.</summary>
    public required bool EarlyStart { get; init; }

    public required OneTimeLink Status { get; init; }

    public override string Kind => "transfer-received";
    public override string BusinessKey => RequestId.ToString();
    public override DateTimeOffset? Expires => Status.Expires;
    public override string Reference => RequestReference;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}
