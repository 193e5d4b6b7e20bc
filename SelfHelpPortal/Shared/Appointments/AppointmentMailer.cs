using System.Globalization;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Shared.Appointments;

/// <summary>Writes to whoever booked, in the transaction of the act.</summary>
internal sealed class AppointmentMailer(
    Outbox outbox, PublicAddress address, LocalTimes times, IOptions<MailOptions> mail, IOptions<VendorOptions> vendor)
{
    public Task BookedAsync(
        PortalDbContext db, Appointment appointment, Product product, DateTimeOffset now, CancellationToken cancellationToken) =>
        outbox.EnqueueAsync(
            db,
            new AppointmentBookedMail(To(appointment), Told(appointment, product))
            {
                Calendar = Calendar(db, appointment, product, now),
                Page = Page(db, appointment, now),
            },
            now,
            cancellationToken);

    public Task MovedAsync(
        PortalDbContext db, Appointment appointment, Product product, DateTimeOffset now, CancellationToken cancellationToken) =>
        outbox.EnqueueAsync(
            db,
            new AppointmentMovedMail(To(appointment), Told(appointment, product))
            {
                Calendar = Calendar(db, appointment, product, now),
                Page = Page(db, appointment, now),
            },
            now,
            cancellationToken);

    public Task CancelledAsync(
        PortalDbContext db, Appointment appointment, Product product, bool byStaff, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        outbox.EnqueueAsync(
            db,
            new AppointmentCancelledMail(To(appointment), Told(appointment, product))
            {
                Calendar = Calendar(db, appointment, product, now),
                BookingAddress = address.For("/appointments"),
                ByStaff = byStaff,
            },
            now,
            cancellationToken);

    public Task RemindAsync(
        PortalDbContext db, Appointment appointment, Product product, DateTimeOffset now, CancellationToken cancellationToken) =>
        outbox.EnqueueAsync(
            db,
            new AppointmentReminderMail(To(appointment), Told(appointment, product))
            {
                Page = Page(db, appointment, now),
                IsTomorrow = times.Today(appointment.StartsAt) == times.Today(now).AddDays(1),
            },
            now,
            cancellationToken);

    /// <summary>Without the name: it was typed with the address, and the mailbox may be a stranger's to both.</summary>
    private static MailRecipient To(Appointment appointment) => new(appointment.Email, null, appointment.Language);

    private ToldAppointment Told(Appointment appointment, Product product) => new(
        appointment.Id, appointment.Sequence, product.Id, product.Name, product.Policies.HasFiscalUnit, appointment.StartsAt,
        times.ToLocal(appointment.StartsAt).DateTime);

    /// <summary>The page to see, move and cancel it; there is nothing left to change once it is over.</summary>
    private OneTimeLink Page(PortalDbContext db, Appointment appointment, DateTimeOffset now)
    {
        var token = SecretLinks.Issue(db, LinkPurpose.Appointment, appointment.Id, now, appointment.EndsAt - now);
        return new OneTimeLink(address.For($"/appointments/{token}"), appointment.EndsAt);
    }

    private MailAttachment Calendar(PortalDbContext db, Appointment appointment, Product product, DateTimeOffset now)
    {
        var texts = new MailTexts(typeof(AppointmentMailWords), CultureInfo.GetCultureInfo(vendor.Value.Nearest(appointment.Language)));
        return AppointmentFiles.Keep(db, appointment.Id, new CalendarEntry(
            CalendarEntry.UidOf(appointment, mail.Value), appointment.Sequence, appointment.State == AppointmentState.Cancelled,
            appointment.StartsAt, appointment.EndsAt, now, texts["CalendarTitle", product.Name],
            texts["CalendarText", vendor.Value.Phone], vendor.Value.Name, mail.Value.From, appointment.Email));
    }
}
