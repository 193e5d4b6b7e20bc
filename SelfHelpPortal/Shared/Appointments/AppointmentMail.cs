using System.Globalization;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Shared.Appointments;

/// <summary>The appointment as a mail tells it.</summary>
/// <param name="Sequence">Which change of the appointment it is.</param>
/// <param name="HasFiscalUnit">There is something to take along from the old PC.</param>
/// <param name="Local">The beginning as people in the vendor's zone read it.</param>
public sealed record ToldAppointment(
    Guid Id, int Sequence, string ProductId, string Product, bool HasFiscalUnit, DateTimeOffset StartsAt, DateTime Local);

/// <summary>
/// What all mails about an appointment say. Nothing that was typed when booking stands in them: the mailbox may be a stranger's.
/// </summary>
public abstract record AppointmentMail<TBody>(MailRecipient To, ToldAppointment About) : MailModel<TBody>(To)
    where TBody : IComponent
{
    public sealed override string BusinessKey => $"{About.Id}/{About.Sequence}";
    public sealed override string AboutProduct => About.ProductId;

    private protected string Clock => About.Local.ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>"03.12.2026, 14:00 Uhr".</summary>
    private protected string When(MailTexts texts) => new MailTexts(typeof(AppointmentMailWords), texts.Culture)[
        "When", LocalTimes.Date(DateOnly.FromDateTime(About.Local), texts.Culture), Clock];
}

/// <summary>The appointment is made.</summary>
public sealed record AppointmentBookedMail(MailRecipient To, ToldAppointment About) : AppointmentMail<AppointmentBookedMailBody>(To, About)
{
    public required MailAttachment Calendar { get; init; }
    public required OneTimeLink Page { get; init; }

    public override string Kind => "appointment-booked";
    public override DateTimeOffset? Expires => Page.Expires;
    public override IReadOnlyList<MailAttachment> Attachments => [Calendar];

    public override string Subject(MailTexts texts) => texts["Subject", When(texts)];
}

/// <summary>The appointment is at another time.</summary>
public sealed record AppointmentMovedMail(MailRecipient To, ToldAppointment About) : AppointmentMail<AppointmentMovedMailBody>(To, About)
{
    public required MailAttachment Calendar { get; init; }
    public required OneTimeLink Page { get; init; }

    public override string Kind => "appointment-moved";
    public override DateTimeOffset? Expires => Page.Expires;
    public override IReadOnlyList<MailAttachment> Attachments => [Calendar];

    public override string Subject(MailTexts texts) => texts["Subject", When(texts)];
}

/// <summary>The appointment does not take place.</summary>
public sealed record AppointmentCancelledMail(MailRecipient To, ToldAppointment About)
    : AppointmentMail<AppointmentCancelledMailBody>(To, About)
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
public sealed record AppointmentReminderMail(MailRecipient To, ToldAppointment About)
    : AppointmentMail<AppointmentReminderMailBody>(To, About)
{
    public required OneTimeLink Page { get; init; }

    /// <summary>The next day; otherwise free days lie between.</summary>
    public required bool IsTomorrow { get; init; }

    public override string Kind => "appointment-reminder";
    public override DateTimeOffset? Expires => Page.Expires;

    public override string Subject(MailTexts texts) =>
        IsTomorrow ? texts["SubjectTomorrow", Clock] : texts["Subject", When(texts)];
}
