using System.Globalization;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Shared.Appointments;

/// <summary>
/// What all mails about an appointment say. Nothing that was typed when booking stands in them: the mailbox may be a stranger's.
/// </summary>
public abstract record AppointmentMail<TBody>(MailRecipient To) : ProductMailModel<TBody>(To)
    where TBody : IComponent
{
    public required Guid AppointmentId { get; init; }

    /// <summary>Which change of the appointment it tells.</summary>
    public required int Sequence { get; init; }

    public required string Product { get; init; }
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>The same as people in the vendor's zone read it.</summary>
    public required DateTime Local { get; init; }

    public override string BusinessKey => $"{AppointmentId}/{Sequence}";

    /// <summary>"03.12.2026, 14:00 Uhr".</summary>
    private protected string When(MailTexts texts) =>
        texts["When", LocalTimes.Date(DateOnly.FromDateTime(Local), texts.Culture), Local.ToString("HH:mm", CultureInfo.InvariantCulture)];
}

/// <summary>The appointment is made.</summary>
public sealed record AppointmentBookedMail(MailRecipient To) : AppointmentMail<AppointmentBookedMailBody>(To)
{
    public required MailAttachment Calendar { get; init; }
    public required OneTimeLink Page { get; init; }

    public override string Kind => "appointment-booked";
    public override DateTimeOffset? Expires => Page.Expires;
    public override IReadOnlyList<MailAttachment> Attachments => [Calendar];

    public override string Subject(MailTexts texts) => texts["Subject", When(texts)];
}

/// <summary>The appointment is at another time.</summary>
public sealed record AppointmentMovedMail(MailRecipient To) : AppointmentMail<AppointmentMovedMailBody>(To)
{
    public required MailAttachment Calendar { get; init; }
    public required OneTimeLink Page { get; init; }

    public override string Kind => "appointment-moved";
    public override DateTimeOffset? Expires => Page.Expires;
    public override IReadOnlyList<MailAttachment> Attachments => [Calendar];

    public override string Subject(MailTexts texts) => texts["Subject", When(texts)];
}

/// <summary>The appointment does not take place.</summary>
public sealed record AppointmentCancelledMail(MailRecipient To) : AppointmentMail<AppointmentCancelledMailBody>(To)
{
    public required MailAttachment Calendar { get; init; }

    /// <summary>Where another one can be booked.</summary>
    public required string BookingAddress { get; init; }

    /// <summary>The vendor cannot keep it.</summary>
    public required bool ByStaff { get; init; }

    public override string Kind => "appointment-cancelled";
    public override IReadOnlyList<MailAttachment> Attachments => [Calendar];

    public override string Subject(MailTexts texts) => texts["Subject", When(texts)];
}

/// <summary>On the working day before.</summary>
public sealed record AppointmentReminderMail(MailRecipient To) : AppointmentMail<AppointmentReminderMailBody>(To)
{
    public required OneTimeLink Page { get; init; }

    /// <summary>The next day; otherwise free days lie between.</summary>
    public required bool IsTomorrow { get; init; }

    public override string Kind => "appointment-reminder";
    public override DateTimeOffset? Expires => Page.Expires;

    public override string Subject(MailTexts texts) =>
        IsTomorrow ? texts["SubjectTomorrow", Local.ToString("HH:mm", CultureInfo.InvariantCulture)] : texts["Subject", When(texts)];
}
