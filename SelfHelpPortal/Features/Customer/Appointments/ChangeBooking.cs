using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Appointments;

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

/// <summary>What whoever has the link from the mail does with the appointment, in one transaction on its locked row.</summary>
internal sealed class ChangeBooking(IDbContextFactory<PortalDbContext> contexts)
{
    /// <param name="change">Decides and adds event and mail; it neither saves nor commits.</param>
    public async Task<ChangeResult> RunAsync(
        string token, Func<PortalDbContext, Appointment, Task<ChangeOutcome>> change, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await FindAsync(db, token, now, cancellationToken) is not { } found)
        {
            return new ChangeResult(ChangeOutcome.Over);
        }

        // Before the row, as whoever books: a time that is given up or taken is seen by all who wait for one.
        await AppointmentTimes.LockAsync(db, found.ProductId, cancellationToken);
        if (await db.LockAppointmentAsync(found.Id, cancellationToken) is not { } appointment)
        {
            return new ChangeResult(ChangeOutcome.Over);
        }

        var outcome = await change(db, appointment);
        if (outcome == ChangeOutcome.Done)
        {
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return new ChangeResult(outcome);
    }

    /// <summary>Null when the link is none of ours, or too old.</summary>
    public async Task<Appointment?> FindAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindAsync(db, token, now, cancellationToken);
    }

    public static async Task<Appointment?> FindAsync(
        PortalDbContext db, string token, DateTimeOffset now, CancellationToken cancellationToken) =>
        await SecretLinks.FindAsync(db, LinkPurpose.Appointment, token, now, cancellationToken) is { State: LinkState.Valid } link
            ? await db.Appointments.AsNoTracking().SingleOrDefaultAsync(a => a.Id == link.RecordId, cancellationToken)
            : null;
}
