using Microsoft.EntityFrameworkCore;

namespace SelfHelpPortal.Data;

/// <summary>Appends to the audit log. The caller has a transaction; writers of one stream queue for it.</summary>
internal static class AuditLog
{
    public const int LongestSubject = 60;
    public const int LongestText = 200;

    private static readonly TimeSpan OneEntryPer = TimeSpan.FromHours(1);

    /// <summary>The stream of all acts of the command line.</summary>
    public static readonly Guid CommandLine = Guid.Empty;

    /// <param name="stream">The account that acts.</param>
    public static async Task AppendAsync(
        PortalDbContext db, Guid stream, AuditKind kind, string? subject, string? text, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        // There is no row of the stream that could be locked, since the first entry has none before it.
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({"audit " + stream}, 0))", cancellationToken);
        var last = await db.AuditEntries.AsNoTracking().Where(e => e.Stream == stream).OrderByDescending(e => e.Seq)
            .Select(e => new { e.Seq, e.Hash }).FirstOrDefaultAsync(cancellationToken);
        var (seq, previous, at, salt) = ((last?.Seq ?? 0) + 1, last?.Hash ?? [], UtcConverter.Truncate(now), EventLog.NewSalt());
        var kept = text?.Length > LongestText ? text[..LongestText] : text;
        var digest = EventLog.Digest(salt, kept);
        db.AuditEntries.Add(new AuditEntry
        {
            Stream = stream,
            Seq = seq,
            At = at,
            Kind = kind,
            Subject = subject,
            TextDigest = digest,
            PreviousHash = previous,
            Hash = Chain(previous, stream, seq, at, kind.ToString(), subject, digest),
            TextSalt = salt,
            Text = kept,
        });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The same in a transaction of its own.</summary>
    public static async Task NoteAsync(
        IDbContextFactory<PortalDbContext> contexts, Guid stream, AuditKind kind, string? subject, string? text, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await AppendAsync(db, stream, kind, subject, text, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The same, unless it was noted within the hour: what is read again is one entry.</summary>
    /// <param name="db">For looking; the entry has a transaction of its own.</param>
    public static async Task NoteReadAsync(
        PortalDbContext db, IDbContextFactory<PortalDbContext> contexts, Guid stream, AuditKind kind, string? subject, string? text,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now - OneEntryPer;
        if (!await db.AuditEntries.AnyAsync(
            e => e.Subject == subject && e.Stream == stream && e.At > since && e.Kind == kind && e.Text == text, cancellationToken))
        {
            await NoteAsync(contexts, stream, kind, subject, text, now, cancellationToken);
        }
    }

    /// <summary>As the chain of events, so that one reader checks both.</summary>
    public static byte[] Chain(byte[] previous, Guid stream, int seq, DateTimeOffset at, string kind, string? subject, byte[] textDigest) =>
        EventLog.Chain(previous, stream, seq, at, kind, nameof(AuditEntry), actor: null, subject ?? "", textDigest);
}
