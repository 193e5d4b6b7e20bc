using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Ownership;

/// <summary>To the former licensee: the license is another's now, as agreed. Who has it is not said.</summary>
public sealed record LicenseHandedOverMail(MailRecipient To) : ProductMailModel<LicenseHandedOverMailBody>(To)
{
    public required Guid ChangeId { get; init; }
    public required string ChangeReference { get; init; }
    public required string Product { get; init; }
    public required string LicenseNumber { get; init; }
    public required DateTimeOffset HandedOverAt { get; init; }

    public override string Kind => "license-handed-over";
    public override string BusinessKey => ChangeId.ToString();
    public override string Reference => ChangeReference;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}
