using Microsoft.EntityFrameworkCore;

namespace SelfHelpPortal.Data;

internal enum HistoryFaultKind
{
    /// <summary>The stream has later events, but not this one.</summary>
    Missing,

    /// <summary>The content does not have the hash that was stored with it.</summary>
    Altered,

    /// <summary>The event does not follow the one that stands before it now.</summary>
    Unlinked,

    /// <summary>Name, network and text have no row any more, which not even erasure removes.</summary>
    DetailMissing,

    /// <summary>Name, network or text say something else than when the event was written.</summary>
    DetailAltered,
}

/// <summary>What is wrong with one event.</summary>
internal sealed record HistoryFault(Guid Stream, int Seq, HistoryFaultKind Kind);

/// <param name="Blanked">Events of which erasure or retention has taken name, network or text.</param>
/// <param name="Faults">The first <see cref="HistoryVerifier.MostFaults"/> in the order of stream and number.</param>
/// <param name="FaultCount">All of them.</param>
internal sealed record HistoryReport(long Streams, long Events, long Blanked, IReadOnlyList<HistoryFault> Faults, long FaultCount)
{
    public bool IsIntact => FaultCount == 0;
}

/// <summary>
/// Reads the whole history and computes every hash again. It reads in short statements and keeps one batch in memory, so it may run beside the
/// portal. Events that are written meanwhile do not disturb it, since a stream only grows at its end. An end that was cut off is not seen here.
/// </summary>
internal sealed class HistoryVerifier(IDbContextFactory<PortalDbContext> contexts)
{
    public const int MostFaults = 1000;

    private const int BatchSize = 2000;

    public async Task<HistoryReport> VerifyAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var faults = new List<HistoryFault>();
        long streams = 0, events = 0, blanked = 0, faultCount = 0;
        StoredEvent? last = null;
        while (true)
        {
            var batch = await ReadAfterAsync(db, last, cancellationToken);
            foreach (var e in batch)
            {
                var before = last?.Stream == e.Stream ? last : null;
                events++;
                streams += before is null ? 1 : 0;
                foreach (var fault in Check(before, e))
                {
                    faultCount++;
                    if (faults.Count < MostFaults)
                    {
                        faults.Add(fault);
                    }
                }

                blanked += e.Salt is not null && HasIntactDetail(e) is null ? 1 : 0;
                last = e;
            }

            if (batch.Count < BatchSize)
            {
                return new(streams, events, blanked, faults, faultCount);
            }
        }
    }

    private static IEnumerable<HistoryFault> Check(StoredEvent? before, StoredEvent e)
    {
        for (var seq = (before?.Seq ?? 0) + 1; seq < e.Seq; seq++)
        {
            yield return new(e.Stream, seq, HistoryFaultKind.Missing);
        }

        // Without its predecessor an event cannot be linked, and that one is named already.
        if (e.Seq == (before?.Seq ?? 0) + 1 && !e.PreviousHash.AsSpan().SequenceEqual(before?.Hash ?? []))
        {
            yield return new(e.Stream, e.Seq, HistoryFaultKind.Unlinked);
        }

        if (!e.Hash.AsSpan().SequenceEqual(EventLog.Chain(e.PreviousHash, e.Stream, e.Seq, e.At, e.Kind, e.ActorKind, e.ActorId, e.Data, e.DetailDigest)))
        {
            yield return new(e.Stream, e.Seq, HistoryFaultKind.Altered);
        }

        if (e.Salt is null)
        {
            yield return new(e.Stream, e.Seq, HistoryFaultKind.DetailMissing);
        }
        else if (HasIntactDetail(e) == false)
        {
            yield return new(e.Stream, e.Seq, HistoryFaultKind.DetailAltered);
        }
    }

    /// <summary>Null when a part was blanked, so that the digest cannot be computed again.</summary>
    private static bool? HasIntactDetail(StoredEvent e) =>
        EventLog.Digest(e.Salt!, e.ActorName, e.IpPrefix, e.Text).AsSpan().SequenceEqual(e.DetailDigest) ? true
        : e.ActorName is null || e.IpPrefix is null || e.Text is null ? null
        : false;

    private static Task<List<StoredEvent>> ReadAfterAsync(PortalDbContext db, StoredEvent? last, CancellationToken cancellationToken)
    {
        var (stream, seq) = (last?.Stream ?? Guid.Empty, last?.Seq ?? int.MinValue);
        return db.Database.SqlQuery<StoredEvent>(
            $"""
             SELECT e.stream AS "Stream", e.seq AS "Seq", e.at AS "At", e.kind AS "Kind", e.actor_kind AS "ActorKind", e.actor_id AS "ActorId", e.data::text AS "Data",
                 e.detail_digest AS "DetailDigest", e.previous_hash AS "PreviousHash", e.hash AS "Hash",
                 d.salt AS "Salt", d.actor_name AS "ActorName", d.ip_prefix AS "IpPrefix", d.text AS "Text"
             FROM license_event e LEFT JOIN event_detail d ON d.event_id = e.id
             WHERE (e.stream, e.seq) > ({stream}, {seq})
             ORDER BY e.stream, e.seq LIMIT {BatchSize}
             """).ToListAsync(cancellationToken);
    }

    /// <summary>An event as it stands in the database, with kinds as words, since an altered one may be none that the portal knows.</summary>
    private sealed record StoredEvent(
        Guid Stream, int Seq, DateTimeOffset At, string Kind, string ActorKind, Guid? ActorId, string Data, byte[] DetailDigest, byte[] PreviousHash, byte[] Hash,
        byte[]? Salt, string? ActorName, string? IpPrefix, string? Text);
}
