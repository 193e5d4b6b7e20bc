using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Shared.Ownership;

/// <summary>Who had a license when.</summary>
/// <param name="Until">Null: has it now.</param>
internal sealed record HeldLicense(string CustomerNumber, string Company, DateTimeOffset From, DateTimeOffset? Until);

/// <param name="From">PostgreSQL's -infinity where it has no beginning.</param>
/// <param name="Until">PostgreSQL's infinity where it has no end.</param>
internal sealed record HeldTimes(Guid[] Licenses, DateTime[] From, DateTime[] Until);

internal static class LicenseHolders
{
    private static readonly DateTime NoBeginning = DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc);
    private static readonly DateTime NoEnd = DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);

    /// <summary>Since when its present customer has the license: what happened before is not for this one to see.</summary>
    public static async Task<DateTimeOffset> HeldSinceAsync(PortalDbContext db, License license, CancellationToken cancellationToken) =>
        await db.LicenseHolders.Where(h => h.LicenseId == license.Id).MaxAsync(h => (DateTimeOffset?)h.Until, cancellationToken)
        ?? license.CreatedAt;

    /// <summary>The latest first; only the present one while it was never handed over.</summary>
    public static async Task<IReadOnlyList<HeldLicense>> ReadAsync(
        PortalDbContext db, License license, CancellationToken cancellationToken)
    {
        var former = await (
            from h in db.LicenseHolders
            join c in db.Customers on h.CustomerId equals c.Id
            where h.LicenseId == license.Id
            orderby h.From descending
            select new HeldLicense(c.Number, c.Company, h.From, h.Until)).ToListAsync(cancellationToken);
        var present = await db.Customers.Where(c => c.Id == license.CustomerId).Select(c => new { c.Number, c.Company })
            .SingleAsync(cancellationToken);
        return [new(present.Number, present.Company, former is [{ Until: { } since }, ..] ? since : license.CreatedAt, null), .. former];
    }

    /// <summary>
    /// The times in which a customer has or had each license, as arrays for a statement: what happened in them is the customer's. The
    /// first holder's time has no beginning, the present one's no end.
    /// </summary>
    public static async Task<HeldTimes> TimesOfAsync(PortalDbContext db, Guid customer, CancellationToken cancellationToken)
    {
        var present = await db.Licenses.Where(l => l.CustomerId == customer).Select(l => new
        {
            LicenseId = l.Id,
            From = db.LicenseHolders.Where(h => h.LicenseId == l.Id).Max(h => (DateTimeOffset?)h.Until),
            Until = (DateTimeOffset?)null,
        }).ToListAsync(cancellationToken);
        var former = await db.LicenseHolders.Where(h => h.CustomerId == customer).Select(h => new
        {
            h.LicenseId,
            From = db.LicenseHolders.Any(b => b.LicenseId == h.LicenseId && b.Until <= h.From) ? (DateTimeOffset?)h.From : null,
            Until = (DateTimeOffset?)h.Until,
        }).ToListAsync(cancellationToken);
        var all = present.Concat(former).ToList();
        return new HeldTimes(
            [.. all.Select(h => h.LicenseId)],
            [.. all.Select(h => h.From?.UtcDateTime ?? NoBeginning)],
            [.. all.Select(h => h.Until?.UtcDateTime ?? NoEnd)]);
    }

    /// <summary>Notes whose it was until now. The caller holds the license and hands it over in the same transaction.</summary>
    public static async Task NoteAsync(PortalDbContext db, License license, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.Add(new LicenseHolder
        {
            Id = Guid.CreateVersion7(now),
            LicenseId = license.Id,
            CustomerId = license.CustomerId,
            From = await HeldSinceAsync(db, license, cancellationToken),
            Until = now,
        });
}
