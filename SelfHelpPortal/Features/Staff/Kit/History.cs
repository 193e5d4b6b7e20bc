using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>One event of a license as the pages put it into words.</summary>
/// <param name="ActorName">Of a colleague; null for everybody else.</param>
/// <param name="PcName">Of the computer it is about.</param>
/// <param name="Text">The reason or message that was typed.</param>
internal sealed record HistoryEntry(
    DateTimeOffset At, EventKind Kind, ActorKind ActorKind, string? ActorName, EventData Data, string? PcName, string? Text);

internal sealed record History(IReadOnlyList<HistoryEntry> Entries, bool HasOlder)
{
    private const int Most = 200;

    public static async Task<History> ReadAsync(
        PortalDbContext db, Guid stream, IReadOnlyList<Activation> activations, CancellationToken cancellationToken)
    {
        var events = await db.Events.AsNoTracking().Include(e => e.Detail).Where(e => e.Stream == stream)
            .OrderByDescending(e => e.Seq).Take(Most + 1).ToListAsync(cancellationToken);
        var names = activations.ToDictionary(a => a.Id, a => a.PcName);
        return new History([.. events.Take(Most).Select(e => Entry(e, names))], events.Count > Most);
    }

    private static HistoryEntry Entry(LicenseEvent e, Dictionary<Guid, string?> names)
    {
        var data = EventLog.Read(e.Data);
        var pc = data.Activation is { } activation ? names.GetValueOrDefault(activation) : null;
        return new HistoryEntry(e.At, e.Kind, e.ActorKind, e.Detail?.ActorName, data, pc, e.Detail?.Text);
    }
}
