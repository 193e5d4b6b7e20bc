using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Customer.ReleaseLicense;

/// <summary>Asks the owner whether a license may go from a dead PC (<c>ConfirmByMail</c>).</summary>
public sealed record ReleaseConfirmMail(MailRecipient To) : ProductMailModel<ReleaseConfirmMailBody>(To)
{
    /// <summary>Of the request that the link belongs to.</summary>
    public required Guid RequestId { get; init; }

    public required string Product { get; init; }
    public required string LicenseNumber { get; init; }
    public required string? PcName { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public required OneTimeLink Link { get; init; }

    public override string Kind => "release-confirm";
    public override string BusinessKey => RequestId.ToString();
    public override MailPriority Priority => MailPriority.Urgent;
    public override DateTimeOffset? Expires => Link.Expires;
    public override string Reference => LicenseNumber;

    public override string Subject(MailTexts texts) => texts["Subject"];
}
