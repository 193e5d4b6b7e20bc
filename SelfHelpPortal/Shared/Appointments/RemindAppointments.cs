using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Shared.Appointments;

/// <summary>The daily job that reminds of appointments on the working day before, each in a transaction of its own.</summary>
internal sealed class RemindAppointments(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, LocalTimes times, AppointmentMailer mailer)
{
    public const string JobName = "remind-appointments";

    public static readonly TimeOnly At = new(15, 0);

    public async Task RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var waiting = await db.Appointments.AsNoTracking()
            .Where(a => a.State == AppointmentState.Booked && a.RemindedAt == null && a.StartsAt > now).ToListAsync(cancellationToken);
        List<Guid> due = [];
        foreach (var appointment in waiting)
        {
            var product = await products.GetAsync(db, appointment.ProductId, cancellationToken);
            if (IsDue(appointment, product.Policies.Appointments, now))
            {
                due.Add(appointment.Id);
            }
        }

        await OneByOne.RunAsync(due, id => RemindAsync(id, now, cancellationToken));
    }

    /// <summary>
    /// On the working day before or, when no job ran on it, on a free day after it; on the day itself it would be no news.
    /// </summary>
    private bool IsDue(Appointment appointment, AppointmentPolicy policy, DateTimeOffset now)
    {
        var (today, day) = (times.Today(now), times.Today(appointment.StartsAt));
        return today < day && policy.WorkingDayBefore(day, PublicHolidays.In(policy.Holidays)) <= today;
    }

    private async Task RemindAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockAppointmentAsync(id, cancellationToken) is { } appointment && appointment.Remind(now))
        {
            var product = await products.GetAsync(db, appointment.ProductId, cancellationToken);
            await mailer.RemindAsync(db, appointment, product, now, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }
}
