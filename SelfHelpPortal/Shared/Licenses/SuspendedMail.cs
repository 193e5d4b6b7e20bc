using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Licenses;

/// <summary>Tells the owner that staff suspended the license. The reason is for staff and not in it.</summary>
public sealed record SuspendedMail(MailRecipient To) : ProductMailModel<SuspendedMailBody>(To)
{
    /// <summary>Of the event that suspended it: a license can be suspended more than once.</summary>
    public required Guid EventId { get; init; }

    public required string Product { get; init; }
    public required string LicenseNumber { get; init; }
    public required DateTimeOffset SuspendedAt { get; init; }

    public override string Kind => "suspended";
    public override string BusinessKey => EventId.ToString();
    public override string Reference => LicenseNumber;

    public override string Subject(MailTexts texts) => texts["Subject", Reference];
}
