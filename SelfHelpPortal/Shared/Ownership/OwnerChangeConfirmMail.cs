using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Ownership;

/// <summary>
/// Asks the licensee at the address on file, or the company that takes over, whether it agrees. Who asks and what was typed stands on the
/// page behind the link, since whoever asks may be a stranger.
/// </summary>
public sealed record OwnerChangeConfirmMail(MailRecipient To) : ProductMailModel<OwnerChangeConfirmMailBody>(To)
{
    public required Guid ChangeId { get; init; }
    public required string ChangeReference { get; init; }
    public required OwnerChangeKind Change { get; init; }

    /// <summary>To the company that takes over; else to the present licensee.</summary>
    public required bool ToTaker { get; init; }

    public required string Product { get; init; }
    public required string LicenseNumber { get; init; }
    public required DateTimeOffset SentAt { get; init; }
    public required OneTimeLink Link { get; init; }

    public override string Kind => "owner-confirm";
    public override string BusinessKey => $"{ChangeId}/{(ToTaker ? "taker" : "owner")}";
    public override MailPriority Priority => MailPriority.Urgent;
    public override DateTimeOffset? Expires => Link.Expires;
    public override string Reference => ChangeReference;

    /// <summary>Of the words.</summary>
    internal string Reader => ToTaker ? "Taker" : "Owner";

    /// <summary>The same where the kind makes a difference.</summary>
    internal string About => ToTaker ? Reader : $"{Reader}.{Change}";

    public override string Subject(MailTexts texts) => texts["Subject." + About, Reference];
}
