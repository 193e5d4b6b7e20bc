using System.Globalization;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Releases;

/// <summary>Tells the owner of a release, whoever made it, with the way to object.</summary>
public sealed record ReleasedMail(MailRecipient To) : ProductMailModel<ReleasedMailBody>(To)
{
    public required string Handle { get; init; }
    public required int Generation { get; init; }
    public required string Product { get; init; }
    public required string LicenseNumber { get; init; }
    public required string? PcName { get; init; }
    public required DateTimeOffset ReleasedAt { get; init; }
    public required ReleaseMethod Method { get; init; }

    /// <summary>The owner agreed through the link in a <see cref="ReleaseConfirmMail"/>.</summary>
    public bool ConfirmedByMail { get; init; }

    /// <summary>Who was signed in, when the release was made in an account.</summary>
    public string? AccountName { get; init; }

    public required OneTimeLink Objection { get; init; }

    public override string Kind => "released";
    public override string BusinessKey => string.Create(CultureInfo.InvariantCulture, $"{Handle}/{Generation}");
    public override DateTimeOffset? Expires => Objection.Expires;
    public override string Reference => LicenseNumber;

    public override string Subject(MailTexts texts) => texts["Subject", Product, Reference];
}
