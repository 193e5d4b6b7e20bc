using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>
/// Asks the owner on file whether an order for his license is his. Who ordered and where everything goes stands on the page behind the
/// link, since whoever ordered may be a stranger.
/// </summary>
public sealed record TransferConfirmMail(MailRecipient To) : ProductMailModel<TransferConfirmMailBody>(To)
{
    /// <summary>New for every link: who asks for another one gets another mail.</summary>
    public required Guid LinkId { get; init; }

    public required string RequestReference { get; init; }
    public required string Product { get; init; }
    public required TransferRemedy Remedy { get; init; }

    /// <summary>Licenses.</summary>
    public required int Count { get; init; }

    public required Money Gross { get; init; }
    public required DateTimeOffset OrderedAt { get; init; }
    public required OneTimeLink Link { get; init; }

    public override string Kind => "transfer-confirm";
    public override string BusinessKey => LinkId.ToString();
    public override MailPriority Priority => MailPriority.Urgent;
    public override DateTimeOffset? Expires => Link.Expires;
    public override string Reference => RequestReference;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}
