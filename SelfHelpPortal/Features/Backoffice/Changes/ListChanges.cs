using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Backoffice.Kit;

namespace SelfHelpPortal.Features.Backoffice.Changes;

/// <summary>
/// What happened after a place in the event log, of the topics that the caller's scopes allow. Nothing is passed over: where an event is
/// still being written, the list ends before it (<see cref="EventLog.SettledUpToAsync"/>).
/// </summary>
internal sealed class ListChanges(IDbContextFactory<PortalDbContext> contexts)
{
    public const int MostAtOnce = 500;

    /// <summary>Which scope tells of which topics.</summary>
    private static readonly (string Scope, string[] Topics)[] Told =
    [
        (ApiScopes.ReadLicenses, [EventTypes.License, EventTypes.Flag]),
        (ApiScopes.ReadTransfers, [EventTypes.Transfer]),
        (ApiScopes.ReadInvoices, [EventTypes.Invoice]),
    ];

    /// <summary>Each of them alone is enough to ask.</summary>
    public static readonly string[] Scopes = [.. Told.Select(t => t.Scope)];

    /// <param name="scopes">Of the token.</param>
    /// <param name="since">The id of the last event that is known; 0 for all.</param>
    public async Task<ChangesReply> ExecuteAsync(
        IReadOnlyList<string> scopes, long since, int limit, CancellationToken cancellationToken)
    {
        var kinds = EventTypes.KindsOf(Told.Where(t => scopes.Contains(t.Scope)).SelectMany(t => t.Topics));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var end = await EventLog.SettledUpToAsync(db, cancellationToken);
        var events = await db.Events.AsNoTracking().Where(e => e.Id > since && e.Id <= end && kinds.Contains(e.Kind)).OrderBy(e => e.Id)
            .Take(limit + 1).ToListAsync(cancellationToken);
        var hasMore = events.Count > limit;
        var shown = await ToldEvent.ForAsync(db, [.. events.Take(limit)], cancellationToken);
        // Also past what is not told here, so that nobody looks through it twice.
        var next = hasMore ? shown[^1].Id : Math.Max(since, end);
        return new ChangesReply { Changes = [.. shown.Select(ChangeReply.From)], Next = ToldEvent.TextOf(next), HasMore = hasMore };
    }
}
