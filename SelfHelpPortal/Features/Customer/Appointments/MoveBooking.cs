using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Appointments;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.Appointments;

/// <summary>Another time for the same appointment, until it begins.</summary>
internal sealed class MoveBooking(
    ChangeBooking changes, ProductCatalog products, AppointmentTimes times, AppointmentMailer mailer, AttemptLimiter limiter)
{
    public async Task<ChangeResult> ExecuteAsync(
        string token, DateTimeOffset startsAt, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await changes.FindAsync(token, now, cancellationToken) is not { } found)
        {
            return new ChangeResult(ChangeOutcome.Over);
        }

        if (found.StartsAt == startsAt)
        {
            return new ChangeResult(ChangeOutcome.Done);
        }

        // Each move is a mail.
        var counted = await limiter.RecordFailureAsync(
            [AttemptSubjects.PerAsker(LimitedMail.Appointment, found.Email, $"appointment|{found.Id:n}")], now, cancellationToken);
        return counted.Allowed
            ? await changes.RunAsync(
                token, (db, locked) => MoveAsync(db, locked, startsAt, caller, now, cancellationToken), now, cancellationToken)
            : new ChangeResult(ChangeOutcome.TooManyTries, counted.RetryAt);
    }

    private async Task<ChangeOutcome> MoveAsync(
        PortalDbContext db, Appointment appointment, DateTimeOffset startsAt, Caller caller, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (!appointment.MayBeChanged(now))
        {
            return ChangeOutcome.Over;
        }

        var product = await products.GetAsync(db, appointment.ProductId, cancellationToken);
        var free = await times.FreeAsync(db, product, appointment.Id, now, cancellationToken);
        if (free.FirstOrDefault(f => f.Slot.StartsAt == startsAt) is not { } time
            || !appointment.Move(time.Slot, time.Lane, now).Succeeded)
        {
            return ChangeOutcome.Taken;
        }

        await AppointmentEvents.AppendAsync(
            db, appointment, AppointmentState.Booked, nameof(MoveBooking), caller.As(ActorKind.Customer), text: null, now,
            cancellationToken);
        await mailer.MovedAsync(db, appointment, product, now, cancellationToken);
        return ChangeOutcome.Done;
    }
}
