using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Ownership;

/// <summary>Says to each of those who agreed that the licensee is not changed, and why.</summary>
public sealed record OwnerChangeDeclinedMail(MailRecipient To) : ProductMailModel<OwnerChangeDeclinedMailBody>(To)
{
    public required Guid ChangeId { get; init; }
    public required string ChangeReference { get; init; }
    public required string Product { get; init; }
    public required string Why { get; init; }
    public required DateTimeOffset DeclinedAt { get; init; }

    public override string Kind => "owner-declined";
    public override string BusinessKey => $"{ChangeId}/{MailAddresses.Tag(To.Address)}";
    public override string Reference => ChangeReference;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}
