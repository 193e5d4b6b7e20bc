using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Backoffice.Kit;

namespace SelfHelpPortal.Features.Backoffice.Changes;

/// <summary>
/// What happened to licenses after a place in the event log. Nothing is passed over: where an event is still being written, the list ends
/// before it (<see cref="EventLog.SettledUpToAsync"/>).
/// </summary>
internal sealed class ListChanges(IDbContextFactory<PortalDbContext> contexts)
{
    public const int MostAtOnce = 500;

    private static readonly EventKind[] Told = EventTypes.KindsOf(EventTypes.License, EventTypes.Flag);

    /// <param name="since">The id of the last event that is known; 0 for all.</param>
    public async Task<ChangesReply> ExecuteAsync(long since, int limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var end = await EventLog.SettledUpToAsync(db, cancellationToken);
        var rows = await (
            from e in db.Events.AsNoTracking()
            join l in db.Licenses on e.Stream equals l.Id
            join c in db.Customers on l.CustomerId equals c.Id
            where e.Id > since && e.Id <= end && Told.Contains(e.Kind)
            orderby e.Id
            select new { e.Id, e.At, e.Kind, e.ActorKind, e.Data, License = l.Number, Customer = c.Number })
            .Take(limit + 1).ToListAsync(cancellationToken);
        var shown = rows.Take(limit).Select(r => Write(r.Id, r.At, r.Kind, r.ActorKind, EventLog.Read(r.Data), r.License, r.Customer));
        var hasMore = rows.Count > limit;
        // Also past what is not told here, so that nobody looks through it twice.
        var next = hasMore ? rows[limit - 1].Id : Math.Max(since, end);
        return new ChangesReply { Changes = [.. shown], Next = Text(next), HasMore = hasMore };
    }

    private static ChangeReply Write(
        long id, DateTimeOffset at, EventKind kind, ActorKind actor, EventData data, string license, string customer) => new()
        {
            Id = Text(id),
            At = at,
            Type = EventTypes.Of(kind)!,
            License = license,
            Customer = customer,
            Actor = actor.ToString().ToLowerInvariant(),
            Flag = data.Case,
            MaintenanceUntil = kind == EventKind.SubscriptionRenewed && data.Until is { } until
                ? DateOnly.FromDateTime(until.UtcDateTime)
                : null,
        };

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
