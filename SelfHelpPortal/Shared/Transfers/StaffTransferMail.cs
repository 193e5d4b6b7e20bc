using System.Globalization;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>Tells staff that a request waits for them: new, or answered by the customer.</summary>
public sealed record StaffTransferMail(MailRecipient To) : MailModel<StaffTransferMailBody>(To)
{
    public required string RequestReference { get; init; }

    /// <summary>Messages exchanged so far: each answer is a fact of its own.</summary>
    public required int Round { get; init; }

    public required bool IsAnswer { get; init; }

    /// <summary>Null while the license is not known.</summary>
    public required string? Customer { get; init; }

    public required string Product { get; init; }
    public required TransferRemedy Remedy { get; init; }
    public required IReadOnlyList<ReviewReason> Reasons { get; init; }
    /// <summary>What keeps the invoice from being issued.</summary>
    public IReadOnlyList<BrokenRule> Broken { get; init; } = [];

    public required DateTimeOffset OrderedAt { get; init; }

    /// <summary>The request's page; absolute.</summary>
    public required string RequestAddress { get; init; }

    public override string Kind => "staff-transfer";
    public override string BusinessKey =>
        string.Create(CultureInfo.InvariantCulture, $"{RequestReference}/{Round}/{MailAddresses.Tag(To.Address)}");
    public override string Reference => RequestReference;

    public override string Subject(MailTexts texts) => texts[IsAnswer ? "AnswerSubject" : "Subject", Reference];
}
