using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Appointments;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.Appointments;

internal enum ChangeOutcome
{
    Done,

    /// <summary>Somebody else has the time that was chosen.</summary>
    Taken,
    TooManyTries,

    /// <summary>The link or the appointment is over; its page says how it stands.</summary>
    Over,
}

internal readonly record struct ChangeResult(ChangeOutcome Outcome, DateTimeOffset? RetryAt = null);

/// <summary>What whoever has the link from the mail may do with the appointment, until it begins.</summary>
internal sealed class ChangeBooking(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, AppointmentTimes times, AppointmentMailer mailer,
    AttemptLimiter limiter)
{
    public async Task<ChangeResult> MoveAsync(
        string token, DateTimeOffset startsAt, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, token, now, cancellationToken) is not { } found)
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
        if (!counted.Allowed)
        {
            return new ChangeResult(ChangeOutcome.TooManyTries, counted.RetryAt);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await AppointmentTimes.LockAsync(db, found.ProductId, cancellationToken);
        if (await db.LockAppointmentAsync(found.Id, cancellationToken) is not { } appointment || !appointment.MayBeChanged(now))
        {
            return new ChangeResult(ChangeOutcome.Over);
        }

        var product = await products.GetAsync(db, appointment.ProductId, cancellationToken);
        var free = await times.FreeAsync(db, product, appointment.Id, now, cancellationToken);
        if (free.FirstOrDefault(f => f.Slot.StartsAt == startsAt) is not { } time
            || !appointment.Move(time.Slot, time.Lane, now).Succeeded)
        {
            return new ChangeResult(ChangeOutcome.Taken);
        }

        await AppointmentEvents.AppendAsync(
            db, appointment, AppointmentState.Booked, "MoveAppointment", caller.As(ActorKind.Customer), text: null, now, cancellationToken);
        await mailer.MovedAsync(db, appointment, product, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ChangeResult(ChangeOutcome.Done);
    }

    public Task<ChangeResult> CancelAsync(string token, Caller caller, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync(token, async (db, appointment) =>
        {
            if (!appointment.MayBeChanged(now) || !appointment.Cancel(now).Succeeded)
            {
                return false;
            }

            await AppointmentEvents.AppendAsync(
                db, appointment, AppointmentState.Booked, "CancelAppointment", caller.As(ActorKind.Customer), text: null, now,
                cancellationToken);
            var product = await products.GetAsync(db, appointment.ProductId, cancellationToken);
            await mailer.CancelledAsync(db, appointment, product, byStaff: false, now, cancellationToken);
            return true;
        }, now, cancellationToken);

    /// <summary>Keeps what is ready; it changes no state, so it is no event.</summary>
    public Task<ChangeResult> PrepareAsync(string token, Preparation ready, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync(token, (_, appointment) => Task.FromResult(appointment.Prepare(ready, now).Succeeded), now, cancellationToken);

    private async Task<ChangeResult> ChangeAsync(
        string token, Func<PortalDbContext, Appointment, Task<bool>> change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await FindAsync(db, token, now, cancellationToken) is not { } found
            || await db.LockAppointmentAsync(found.Id, cancellationToken) is not { } appointment
            || !await change(db, appointment))
        {
            return new ChangeResult(ChangeOutcome.Over);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ChangeResult(ChangeOutcome.Done);
    }

    private static async Task<Appointment?> FindAsync(
        PortalDbContext db, string token, DateTimeOffset now, CancellationToken cancellationToken) =>
        await SecretLinks.FindAsync(db, LinkPurpose.Appointment, token, now, cancellationToken) is { State: LinkState.Valid } link
            ? await db.Appointments.AsNoTracking().SingleOrDefaultAsync(a => a.Id == link.RecordId, cancellationToken)
            : null;
}
