using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;

namespace SelfHelpPortal.Data;

/// <summary>
/// Appends to the history of a license. The caller holds the lock on the license row, so a stream has one writer at a time and needs no
/// lock of its own; two writers that forgot it meet the unique index on (stream, seq).
/// </summary>
internal static class EventLog
{
    private const int SaltLength = 16;

    /// <summary>The upper half of a writer's lock, as the trigger has it.</summary>
    private const long WriterLock = 0x65766e74;

    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Adds the event to the caller's context; it is stored with the change it tells of.</summary>
    public static async Task AppendAsync(
        PortalDbContext db, Guid stream, EventKind kind, EventData data, Actor actor, string? text, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var last = db.ChangeTracker.Entries<LicenseEvent>().Select(e => e.Entity).Where(e => e.Stream == stream).MaxBy(e => e.Seq)
            ?? await db.Events.AsNoTracking().Where(e => e.Stream == stream).OrderByDescending(e => e.Seq)
            .FirstOrDefaultAsync(cancellationToken);
        Add(db, last, stream, kind, data, actor, text, now);
    }

    /// <summary>The first event of a stream that is made in the same transaction, so that nothing has to be looked up.</summary>
    public static void Begin(PortalDbContext db, Guid stream, EventKind kind, EventData data, Actor actor, DateTimeOffset now) =>
        Add(db, last: null, stream, kind, data, actor, text: null, now);

    private static void Add(
        PortalDbContext db, LicenseEvent? last, Guid stream, EventKind kind, EventData data, Actor actor, string? text, DateTimeOffset now)
    {
        var detail = new EventDetail
        {
            ActorNameSalt = NewSalt(),
            ActorName = actor.Name,
            IpPrefixSalt = NewSalt(),
            IpPrefix = actor.IpPrefix,
            TextSalt = NewSalt(),
            Text = text,
        };
        var json = JsonSerializer.Serialize(data, Json);
        var seq = (last?.Seq ?? 0) + 1;
        byte[] digest =
        [
            .. Digest(detail.ActorNameSalt, detail.ActorName),
            .. Digest(detail.IpPrefixSalt, detail.IpPrefix),
            .. Digest(detail.TextSalt, detail.Text),
        ];
        var previous = last?.Hash ?? [];
        var at = UtcConverter.Truncate(now);
        db.Events.Add(new LicenseEvent
        {
            Stream = stream,
            Seq = seq,
            At = at,
            Kind = kind,
            ActorKind = actor.Kind,
            ActorId = actor.Id,
            Data = json,
            DetailDigest = digest,
            PreviousHash = previous,
            Hash = Chain(previous, stream, seq, at, $"{kind}", $"{actor.Kind}", actor.Id, json, digest),
            Detail = detail,
        });
    }

    /// <summary>
    /// The id up to which nothing can appear any more. Ids are given out before their transactions commit, so a reader who goes by the
    /// largest one it sees would pass over those that commit later. Whoever writes holds a lock that names the id before its first one
    /// (trigger <c>announce_writer</c>); what was given out when this is asked is finished, or its lock is seen.
    /// </summary>
    public static async Task<long> SettledUpToAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        // In this order, and each seeing what was committed meanwhile: a writer that is not seen below takes a larger id than this one.
        var last = await db.Database.SqlQuery<long>(
            $"SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END AS \"Value\" FROM license_event_id_seq")
            .SingleAsync(cancellationToken);
        var held = await db.Database.SqlQuery<long?>(
            $"""
             SELECT min(objid::bigint) AS "Value" FROM pg_locks
             WHERE locktype = 'advisory' AND objsubid = 1 AND classid::bigint = {WriterLock}
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
             """).SingleAsync(cancellationToken);
        return Math.Min(last, held ?? last);
    }

    /// <summary>Whether the events of one stream, in order, are complete and unchanged.</summary>
    public static bool IsIntact(IReadOnlyList<LicenseEvent> stream)
    {
        byte[] previous = [];
        for (var i = 0; i < stream.Count; i++)
        {
            var e = stream[i];
            var expected = Chain(previous, e.Stream, i + 1, e.At, $"{e.Kind}", $"{e.ActorKind}", e.ActorId, e.Data, e.DetailDigest);
            if (!e.PreviousHash.AsSpan().SequenceEqual(previous) || !e.Hash.AsSpan().SequenceEqual(expected))
            {
                return false;
            }

            previous = e.Hash;
        }

        return true;
    }

    public static EventData Read(string data) => JsonSerializer.Deserialize<EventData>(data, Json) ?? new EventData();

    public static byte[] NewSalt() => RandomNumberGenerator.GetBytes(SaltLength);

    /// <summary>What the chain holds of a text that may be blanked. A text that is not there differs from an empty one.</summary>
    public static byte[] Digest(byte[] salt, string? text) =>
        SHA256.HashData(text is null ? [.. salt, 0] : [.. salt, 1, .. Encoding.UTF8.GetBytes(text)]);

    /// <summary>The same for an event of the first version, over all three parts of its detail.</summary>
    public static byte[] FirstDigest(byte[] salt, string? actorName, string? ipPrefix, string? text) =>
        SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes($"{actorName}\0{ipPrefix}\0{text}")]);

    /// <summary>
    /// The hash of an event over its content and its predecessor's hash. Kinds are words here, so that a stored one which is none can be
    /// judged too.
    /// </summary>
    public static byte[] Chain(
        byte[] previous, Guid stream, int seq, DateTimeOffset at, string kind, string actorKind, Guid? actor, string data,
        byte[] detailDigest)
    {
        Span<byte> numbers = stackalloc byte[12];
        BinaryPrimitives.WriteInt32BigEndian(numbers, seq);
        BinaryPrimitives.WriteInt64BigEndian(numbers[4..], at.UtcTicks);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        hash.AppendData(stream.ToByteArray());
        hash.AppendData(numbers);
        hash.AppendData(Encoding.UTF8.GetBytes($"{kind}\0{actorKind}\0{actor}\0{data}\0"));
        hash.AppendData(detailDigest);
        return hash.GetHashAndReset();
    }
}
