using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Appointments;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.Appointments;

internal enum BookingOutcome
{
    Booked,

    /// <summary>Somebody else has the time, or it is too near by now.</summary>
    Taken,
    TooManyTries,

    /// <summary>What was typed is neither a number nor the key of a license; <see cref="BookingResult.Key"/> says how.</summary>
    WrongKey,
}

/// <param name="Token">Of the appointment's page.</param>
internal sealed record BookingResult(BookingOutcome Outcome, string? Token = null, DateTimeOffset? RetryAt = null, KeyAnswer? Key = null);

/// <summary>
/// Books a time for an assisted move. Anybody may: whether a number or serial that was typed belongs to a license is seen by staff only.
/// </summary>
internal sealed class BookAppointment(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, AppointmentTimes times, AppointmentMailer mailer,
    KeyLookUp keys, AttemptLimiter limiter)
{
    /// <param name="formId">Made when the form was shown: sent twice, it books once.</param>
    /// <param name="license">The number, serial or key as typed; null when nothing was.</param>
    /// <param name="person">Whoever is signed in has limits that no stranger touches, and nothing else by it.</param>
    public async Task<BookingResult> ExecuteAsync(
        Guid formId, string productId, DateTimeOffset startsAt, string? license, AppointmentWish wish, Caller caller, Guid? person,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (license is not null)
        {
            var stated = await StatedLicense.ReadAsync(license, keys, caller, now, cancellationToken);
            if (stated.Wrong is { } wrong)
            {
                return new BookingResult(BookingOutcome.WrongKey, Key: wrong);
            }

            wish = wish with { StatedLicense = stated.Number, LicenseId = stated.LicenseId };
        }

        AttemptSubject[] subjects = person is { } signedIn
            ? [AttemptSubjects.DraftOf(LinkPurpose.Appointment, signedIn),
                .. AttemptSubjects.ForMailOf(LimitedMail.Appointment, wish.Email, signedIn)]
            : [AttemptSubjects.DraftFrom(LinkPurpose.Appointment, caller.Address),
                .. AttemptSubjects.ForMail(LimitedMail.Appointment, wish.Email, caller.Address)];
        if (await limiter.RecordFailureAsync(subjects, now, cancellationToken) is { Allowed: false } refused)
        {
            return new BookingResult(BookingOutcome.TooManyTries, RetryAt: refused.RetryAt);
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await AppointmentTimes.LockAsync(db, productId, cancellationToken);
        var before = await db.Appointments.SingleOrDefaultAsync(a => a.FormId == formId, cancellationToken);
        var appointment = before is { State: AppointmentState.Booked } && before.Email == wish.Email ? before : null;
        if (appointment is null)
        {
            var product = await products.GetAsync(db, productId, cancellationToken);
            var free = await times.FreeAsync(db, product, except: null, now, cancellationToken);
            if (free.FirstOrDefault(f => f.Slot.StartsAt == startsAt) is not { } time)
            {
                return new BookingResult(BookingOutcome.Taken);
            }

            // Whoever goes back in the browser and sends the form with another address, or after cancelling, means another appointment.
            appointment = Appointment.Book(before is null ? formId : Guid.NewGuid(), productId, wish, time.Slot, time.Lane, now);
            db.Add(appointment);
            await AppointmentEvents.AppendAsync(
                db, appointment, AppointmentState.Booked, nameof(BookAppointment), caller.As(ActorKind.Customer), text: null, now,
                cancellationToken);
            await mailer.BookedAsync(db, appointment, product, now, cancellationToken);
        }

        var token = SecretLinks.Issue(db, LinkPurpose.Appointment, appointment.Id, now, appointment.EndsAt - now);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new BookingResult(BookingOutcome.Booked, token);
    }
}
