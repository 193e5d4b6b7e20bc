using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Portal.Details;

/// <summary>Tells the address on file that an owner has changed the customer's name or address.</summary>
public sealed record DetailsChangedMail(MailRecipient To) : MailModel<DetailsChangedMailBody>(To)
{
    /// <summary>Names the one change that is told.</summary>
    public required Guid ChangeId { get; init; }

    public required string CustomerNumber { get; init; }

    /// <summary>Names of fields.</summary>
    public required IReadOnlyList<string> Changed { get; init; }

    public required string By { get; init; }
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>Absolute.</summary>
    public required string DetailsAddress { get; init; }

    public override string Kind => "details-changed";
    public override string BusinessKey => ChangeId.ToString();
    public override string Reference => CustomerNumber;

    public override string Subject(MailTexts texts) => texts["Subject", CustomerNumber];
}
