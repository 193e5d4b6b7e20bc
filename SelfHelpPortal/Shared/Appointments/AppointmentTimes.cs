using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Shared.Appointments;

/// <summary>A free time, and which of the appointments at that time it would be.</summary>
public sealed record FreeTime(AppointmentSlot Slot, int Lane);

/// <summary>Which times of a product are free: those of its policy, without what is booked.</summary>
internal sealed class AppointmentTimes(LocalTimes times)
{
    /// <summary>The next one first.</summary>
    /// <param name="except">The appointment that is moved: it is in nobody's way.</param>
    public async Task<IReadOnlyList<FreeTime>> FreeAsync(
        PortalDbContext db, Product product, Guid? except, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var policy = product.Policies.Appointments;
        var booked = await db.Appointments.AsNoTracking()
            .Where(a => a.ProductId == product.Id && a.State == AppointmentState.Booked && a.EndsAt > now && a.Id != except)
            .Select(a => new { a.StartsAt, a.EndsAt, a.Lane }).ToListAsync(cancellationToken);
        var free = new List<FreeTime>();
        foreach (var slot in policy.Slots(now, times.Zone, PublicHolidays.In(policy.Holidays)))
        {
            var taken = booked.Where(b => b.StartsAt < slot.EndsAt && b.EndsAt > slot.StartsAt).Select(b => b.Lane).ToHashSet();
            if (Enumerable.Range(0, policy.Lanes).Where(lane => !taken.Contains(lane)).Select(lane => (int?)lane).FirstOrDefault()
                is { } lane)
            {
                free.Add(new FreeTime(slot, lane));
            }
        }

        return free;
    }

    /// <summary>
    /// Whoever takes a time queues here until the other has committed, so that nobody finds a lane free that is being taken. The unique
    /// index on the lane is the last guard.
    /// </summary>
    public static Task LockAsync(PortalDbContext db, string productId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({"appointments " + productId}, 0))", cancellationToken);
}
