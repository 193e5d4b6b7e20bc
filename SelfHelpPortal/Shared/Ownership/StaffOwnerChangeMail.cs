using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Ownership;

/// <summary>Tells staff that a change of the licensee waits for them: everybody has agreed, or a question is answered.</summary>
public sealed record StaffOwnerChangeMail(MailRecipient To) : MailModel<StaffOwnerChangeMailBody>(To)
{
    /// <summary>Made for the agreement or answer.</summary>
    public required Guid FactId { get; init; }

    public required string ChangeReference { get; init; }
    public required OwnerChangeKind Change { get; init; }
    public required bool IsAnswer { get; init; }

    /// <summary>Who has the license now.</summary>
    public required string Customer { get; init; }

    public required string Product { get; init; }
    public required string LicenseNumber { get; init; }
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>The page of the change; absolute.</summary>
    public required string ChangeAddress { get; init; }

    public override string Kind => "staff-owner-change";
    public override string BusinessKey => $"{FactId}/{MailAddresses.Tag(To.Address)}";
    public override string Reference => ChangeReference;

    public override string Subject(MailTexts texts) => texts[IsAnswer ? "AnswerSubject" : "Subject", Reference];
}
