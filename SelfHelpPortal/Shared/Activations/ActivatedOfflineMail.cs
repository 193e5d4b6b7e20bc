using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Activations;

/// <summary>
/// Brings the license file of a computer without internet to the owner, whoever asked for it: it also tells of a seat that was taken.
/// </summary>
public sealed record ActivatedOfflineMail(MailRecipient To) : ProductMailModel<ActivatedOfflineMailBody>(To)
{
    public required string Product { get; init; }
    public required string LicenseNumber { get; init; }
    public required string? PcName { get; init; }
    public required DateTimeOffset ActivatedAt { get; init; }
    public required MailAttachment File { get; init; }

    public override string Kind => "activated-offline";
    public override string BusinessKey => File.Id.ToString();
    public override MailPriority Priority => MailPriority.Urgent;
    public override string Reference => LicenseNumber;
    public override IReadOnlyList<MailAttachment> Attachments => [File];

    public override string Subject(MailTexts texts) => texts["Subject", Product, Reference];
}
