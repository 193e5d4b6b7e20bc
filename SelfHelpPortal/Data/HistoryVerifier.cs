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

    /// <summary>A file outside the database knows the event, and the database does not: the end of the stream was cut off.</summary>
    CutOff,

    /// <summary>A file outside the database knows the event with another hash: the stream was written anew.</summary>
    Rewritten,
}

/// <summary>What is wrong with one event, or with one entry of the audit log.</summary>
internal sealed record HistoryFault(Guid Stream, int Seq, HistoryFaultKind Kind, bool InAudit = false);

/// <param name="Blanked">Events and entries of which erasure or retention has taken name, network or text.</param>
/// <param name="Faults">The first <see cref="HistoryVerifier.MostFaults"/>, in the order of stream and number.</param>
/// <param name="FaultCount">All of them.</param>
/// <param name="AuditEntries">Read beside the events.</param>
internal sealed record HistoryReport(
    long Streams, long Events, long Blanked, IReadOnlyList<HistoryFault> Faults, long FaultCount, long AuditEntries = 0)
{
    public bool IsIntact => FaultCount == 0;
}

/// <summary>
/// Reads the whole history and the audit log and computes every hash again. It reads in short statements and keeps one batch in memory, so
/// it may run beside the portal. Events that are written meanwhile do not disturb it, since a stream only grows at its end. That an end was
/// cut off, or a stream written anew with right hashes, shows only against the heads that <see cref="HistoryHeads"/> wrote.
/// </summary>
internal sealed class HistoryVerifier(IDbContextFactory<PortalDbContext> contexts)
{
    public const int MostFaults = 1000;

    private const int BatchSize = 2000;

    private enum Detail
    {
        Intact,
        Blanked,
        Altered,
        Missing,
    }

    public async Task<HistoryReport> VerifyAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = new Findings();
        var (streams, events) = await CheckAsync(
            async last => [.. (await EventsAfterAsync(db, last, cancellationToken)).Select(e => e.AsLink())], inAudit: false, found);
        var (_, entries) = await CheckAsync(
            async last => [.. (await EntriesAfterAsync(db, last, cancellationToken)).Select(e => e.AsLink())], inAudit: true, found);
        return new(streams, events, found.Blanked, found.Faults, found.Count, entries);
    }

    /// <summary>Which of the heads the database does not hold as they were written.</summary>
    public async Task<IReadOnlyList<HistoryFault>> CompareAsync(IEnumerable<HistoryHead> heads, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var faults = new List<HistoryFault>();
        foreach (var batch in heads.Chunk(BatchSize))
        {
            foreach (var log in batch.GroupBy(h => h.InAudit))
            {
                var (streams, seqs) = (log.Select(h => h.Stream).ToArray(), log.Select(h => h.Seq).ToArray());
                var stored = await db.Database.SqlQuery<StoredHead>(
                    log.Key
                        ? (FormattableString)$"""
                           SELECT e.stream AS "Stream", e.seq AS "Seq", e.hash AS "Hash"
                           FROM unnest({streams}, {seqs}) AS h (stream, seq) JOIN audit_entry e USING (stream, seq)
                           """
                        : $"""
                           SELECT e.stream AS "Stream", e.seq AS "Seq", e.hash AS "Hash"
                           FROM unnest({streams}, {seqs}) AS h (stream, seq) JOIN license_event e USING (stream, seq)
                           """)
                    .ToListAsync(cancellationToken);
                // Two files may know the same head.
                var hashes = stored.DistinctBy(h => (h.Stream, h.Seq)).ToDictionary(h => (h.Stream, h.Seq), h => h.Hash);
                faults.AddRange(
                    from head in log
                    let hash = hashes.GetValueOrDefault((head.Stream, head.Seq))
                    where hash is null || !hash.AsSpan().SequenceEqual(head.Hash)
                    select new HistoryFault(
                        head.Stream, head.Seq, hash is null ? HistoryFaultKind.CutOff : HistoryFaultKind.Rewritten, head.InAudit));
            }
        }

        return faults;
    }

    private static async Task<(long Streams, long Links)> CheckAsync(Func<Link?, Task<List<Link>>> readAfter, bool inAudit, Findings found)
    {
        long streams = 0, links = 0;
        Link? last = null;
        while (true)
        {
            var batch = await readAfter(last);
            foreach (var link in batch)
            {
                var before = last?.Stream == link.Stream ? last : null;
                links++;
                streams += before is null ? 1 : 0;
                found.Blanked += link.Detail == Detail.Blanked ? 1 : 0;
                foreach (var (seq, kind) in Check(before, link))
                {
                    found.Add(new(link.Stream, seq, kind, inAudit));
                }

                last = link;
            }

            if (batch.Count < BatchSize)
            {
                return (streams, links);
            }
        }
    }

    private static IEnumerable<(int Seq, HistoryFaultKind Kind)> Check(Link? before, Link link)
    {
        var expected = (before?.Seq ?? 0) + 1;
        for (var seq = expected; seq < link.Seq; seq++)
        {
            yield return (seq, HistoryFaultKind.Missing);
        }

        // Without its predecessor an event cannot be linked, and that one is named already.
        if (link.Seq == expected && !link.PreviousHash.AsSpan().SequenceEqual(before?.Hash ?? []))
        {
            yield return (link.Seq, HistoryFaultKind.Unlinked);
        }

        if (!link.Hash.AsSpan().SequenceEqual(link.Computed))
        {
            yield return (link.Seq, HistoryFaultKind.Altered);
        }

        if (link.Detail is Detail.Altered or Detail.Missing)
        {
            yield return (link.Seq, link.Detail == Detail.Altered ? HistoryFaultKind.DetailAltered : HistoryFaultKind.DetailMissing);
        }
    }

    /// <summary>A part without its salt was blanked. It has a text again only if somebody put one there.</summary>
    private static Detail Judge(byte[]? salt, string? text, ReadOnlySpan<byte> digest) =>
        salt is null ? (text is null ? Detail.Blanked : Detail.Altered)
        : digest.SequenceEqual(EventLog.Digest(salt, text)) ? Detail.Intact
        : Detail.Altered;

    private static Task<List<StoredEvent>> EventsAfterAsync(PortalDbContext db, Link? last, CancellationToken cancellationToken)
    {
        var (stream, seq) = (last?.Stream ?? Guid.Empty, last?.Seq ?? int.MinValue);
        return db.Database.SqlQuery<StoredEvent>(
            $"""
             SELECT e.stream AS "Stream", e.seq AS "Seq", e.at AS "At", e.kind AS "Kind", e.actor_kind AS "ActorKind",
                 e.actor_id AS "ActorId", e.data::text AS "Data",
                 e.detail_digest AS "DetailDigest", e.previous_hash AS "PreviousHash", e.hash AS "Hash",
                 d.event_id IS NOT NULL AS "HasDetail",
                 d.salt AS "Salt", d.actor_name AS "ActorName", d.ip_prefix AS "IpPrefix", d.text AS "Text",
                 d.actor_name_salt AS "ActorNameSalt", d.ip_prefix_salt AS "IpPrefixSalt", d.text_salt AS "TextSalt"
             FROM license_event e LEFT JOIN event_detail d ON d.event_id = e.id
             WHERE (e.stream, e.seq) > ({stream}, {seq})
             ORDER BY e.stream, e.seq LIMIT {BatchSize}
             """).ToListAsync(cancellationToken);
    }

    private static Task<List<StoredEntry>> EntriesAfterAsync(PortalDbContext db, Link? last, CancellationToken cancellationToken)
    {
        var (stream, seq) = (last?.Stream ?? Guid.Empty, last?.Seq ?? int.MinValue);
        return db.Database.SqlQuery<StoredEntry>(
            $"""
             SELECT e.stream AS "Stream", e.seq AS "Seq", e.at AS "At", e.kind AS "Kind", e.subject AS "Subject",
                 e.text_digest AS "TextDigest",
                 e.previous_hash AS "PreviousHash", e.hash AS "Hash", e.text_salt AS "TextSalt", e.text AS "Text"
             FROM audit_entry e WHERE (e.stream, e.seq) > ({stream}, {seq})
             ORDER BY e.stream, e.seq LIMIT {BatchSize}
             """).ToListAsync(cancellationToken);
    }

    private sealed class Findings
    {
        private readonly List<HistoryFault> _faults = [];

        public IReadOnlyList<HistoryFault> Faults => _faults;

        public long Count { get; private set; }

        public long Blanked { get; set; }

        public void Add(HistoryFault fault)
        {
            Count++;
            if (_faults.Count < MostFaults)
            {
                _faults.Add(fault);
            }
        }
    }

    /// <summary>One event or entry and what its hash would have to be.</summary>
    private sealed record Link(Guid Stream, int Seq, byte[] PreviousHash, byte[] Hash, byte[] Computed, Detail Detail);

    private sealed record StoredHead(Guid Stream, int Seq, byte[] Hash);

    /// <summary>
    /// An event as it stands in the database, with kinds as words, since an altered one may be none that the portal knows.
    /// </summary>
    private sealed record StoredEvent(
        Guid Stream, int Seq, DateTimeOffset At, string Kind, string ActorKind, Guid? ActorId, string Data, byte[] DetailDigest,
        byte[] PreviousHash, byte[] Hash,
        bool HasDetail, byte[]? Salt, string? ActorName, string? IpPrefix, string? Text, byte[]? ActorNameSalt, byte[]? IpPrefixSalt,
        byte[]? TextSalt)
    {
        private const int DigestLength = 32;

        public Link AsLink() =>
            new(Stream, Seq, PreviousHash, Hash,
                EventLog.Chain(PreviousHash, Stream, Seq, At, Kind, ActorKind, ActorId, Data, DetailDigest), JudgeDetail());

        private Detail JudgeDetail()
        {
            if (!HasDetail)
            {
                return Detail.Missing;
            }

            if (DetailDigest.Length != 3 * DigestLength)
            {
                // Of the first version: once a part was blanked, the rest can no longer be proved.
                return Salt is null ? Detail.Blanked
                    : EventLog.FirstDigest(Salt, ActorName, IpPrefix, Text).AsSpan().SequenceEqual(DetailDigest) ? Detail.Intact
                    : Detail.Altered;
            }

            Detail[] parts =
            [
                Judge(ActorNameSalt, ActorName, DetailDigest.AsSpan(0, DigestLength)),
                Judge(IpPrefixSalt, IpPrefix, DetailDigest.AsSpan(DigestLength, DigestLength)),
                Judge(TextSalt, Text, DetailDigest.AsSpan(2 * DigestLength)),
            ];
            return parts.Max();
        }
    }

    private sealed record StoredEntry(
        Guid Stream, int Seq, DateTimeOffset At, string Kind, string? Subject, byte[] TextDigest, byte[] PreviousHash, byte[] Hash,
        byte[]? TextSalt, string? Text)
    {
        public Link AsLink() =>
            new(Stream, Seq, PreviousHash, Hash, AuditLog.Chain(PreviousHash, Stream, Seq, At, Kind, Subject, TextDigest),
                Judge(TextSalt, Text, TextDigest));
    }
}
