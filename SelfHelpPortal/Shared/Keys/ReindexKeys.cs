using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Shared.Keys;

/// <param name="Done">Licenses that are found by the current pepper, of <paramref name="Total"/>.</param>
internal sealed record ReindexProgress(int Done, int Total);

/// <param name="Unfinished">Licenses whose key could not be hashed anew, and why.</param>
internal sealed record ReindexResult(int Changed, IReadOnlyList<(string LicenseNumber, string Reason)> Unfinished);

/// <summary>
/// Hashes every stored key anew with the current pepper, from the encrypted keys. The portal goes on meanwhile, since look-ups try all
/// peppers; each batch is a statement of its own, so what is done stays done however this ends, and the next run goes on with what is left.
/// </summary>
internal sealed class ReindexKeys(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, Peppers peppers, StoredSecrets secrets)
{
    /// <summary>The rows of a batch are locked for some ten milliseconds, which is what an activation may have to wait.</summary>
    public const int Batch = 500;

    // Rows that somebody is at are left for the next round: who waits here would hold the locks of the whole batch meanwhile.
    private const string Update =
        """
        WITH free AS (SELECT id FROM license WHERE id = ANY (@ids) AND key_pepper_id <> @kid ORDER BY id FOR UPDATE SKIP LOCKED)
        UPDATE license l SET key_hash = n.hash, key_folded_hash = n.folded, key_pepper_id = @kid
        FROM unnest(@ids, @hashes, @folded) AS n(id, hash, folded) JOIN free ON free.id = n.id WHERE l.id = n.id
        """;

    private static readonly TimeSpan TellsEvery = TimeSpan.FromSeconds(2);

    public async Task<ReindexResult> RunAsync(Func<ReindexProgress, Task> tell, CancellationToken cancellationToken)
    {
        var target = peppers.Current;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var schemes = (await products.AllAsync(cancellationToken)).Values.Select(p => p.Policies.Key).ToList();
        Dictionary<Guid, (string, string)> unfinished = [];
        var changed = 0;
        var since = Stopwatch.StartNew();
        await TellAsync();
        while (true)
        {
            var before = (Changed: changed, Unfinished: unfinished.Count);
            var after = Guid.Empty;
            while (await NextAsync(db, target, after, cancellationToken) is { Count: > 0 } rows)
            {
                after = rows[^1].Id;
                changed += await ChangeAsync(
                    db, target, [.. rows.Where(r => !unfinished.ContainsKey(r.Id))], schemes, unfinished, cancellationToken);
                if (since.Elapsed >= TellsEvery)
                {
                    await TellAsync();
                }
            }

            var left = await LeftAsync(db, target, cancellationToken);
            if (left <= unfinished.Count)
            {
                await TellAsync();
                return new ReindexResult(changed, [.. unfinished.Values]);
            }

            // What is left was in somebody's hands or has just been imported by a portal that had not noticed the change yet.
            if (before == (changed, unfinished.Count))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }

        async Task TellAsync()
        {
            var total = await db.Licenses.CountAsync(cancellationToken);
            await tell(new ReindexProgress(total - await LeftAsync(db, target, cancellationToken), total));
            since.Restart();
        }
    }

    private static async Task<List<Row>> NextAsync(PortalDbContext db, Pepper target, Guid after, CancellationToken cancellationToken) =>
        await db.Licenses.Where(l => l.Id > after && l.Key.PepperId != target.Kid).OrderBy(l => l.Id).Take(Batch)
            .Select(l => new Row(l.Id, l.Number, l.Key.PepperId, l.Key.Hash, l.Key.Sealed)).ToListAsync(cancellationToken);

    private static Task<int> LeftAsync(PortalDbContext db, Pepper target, CancellationToken cancellationToken) =>
        db.Licenses.CountAsync(l => l.Key.PepperId != target.Kid, cancellationToken);

    private async Task<int> ChangeAsync(
        PortalDbContext db, Pepper target, Row[] rows, List<KeyScheme> schemes, Dictionary<Guid, (string, string)> unfinished,
        CancellationToken cancellationToken)
    {
        List<(Row Row, KeyHashes Hashes)> ready = [];
        foreach (var row in rows)
        {
            if (Normalized(row, schemes) is { } key)
            {
                ready.Add((row, KeyHasher.Compute(target, key, KeyScheme.Fold(key))));
            }
            else
            {
                unfinished[row.Id] = (row.Number, "its stored key does not open, or is not the one its hash was made of");
            }
        }

        try
        {
            return await StoreAsync(db, target, ready, cancellationToken);
        }
        catch (PostgresException twice) when (twice.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // One by one, to find the license whose key another one has already.
            var stored = 0;
            foreach (var one in ready)
            {
                try
                {
                    stored += await StoreAsync(db, target, [one], cancellationToken);
                }
                catch (PostgresException same) when (same.SqlState == PostgresErrorCodes.UniqueViolation)
                {
                    unfinished[one.Row.Id] = (one.Row.Number, "another license has the same key");
                }
            }

            return stored;
        }
    }

    private static Task<int> StoreAsync(
        PortalDbContext db, Pepper target, List<(Row Row, KeyHashes Hashes)> rows, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(
            Update,
            [
                new NpgsqlParameter<Guid[]>("ids", [.. rows.Select(r => r.Row.Id)]),
                new NpgsqlParameter<byte[][]>("hashes", [.. rows.Select(r => r.Hashes.Hash)]),
                new NpgsqlParameter<byte[][]>("folded", [.. rows.Select(r => r.Hashes.FoldedHash)]),
                new NpgsqlParameter<string>("kid", target.Kid),
            ],
            cancellationToken);

    /// <summary>
    /// The key in the form that is hashed. It is stored as customers read it, and how a product's keys look may have changed since the
    /// import, so only the form that gives the stored hash counts.
    /// </summary>
    private string? Normalized(Row row, List<KeyScheme> schemes)
    {
        string key;
        try
        {
            key = secrets.UnsealText(row.Sealed, LicenseFactory.KeyRecordKind, row.Id);
        }
        catch (CryptographicException)
        {
            return null;
        }

        var own = ActivationKey.TryParse(key, out var parsed, out _) ? parsed.Normalized : null;
        return schemes.Select(s => s.TryNormalizeForeign(key)).Prepend(own).Append(key)
            .FirstOrDefault(form => form is not null && peppers.Mac(row.PepperId, form) is { } mac
                && CryptographicOperations.FixedTimeEquals(mac, row.Hash));
    }

    private sealed record Row(Guid Id, string Number, string PepperId, byte[] Hash, byte[] Sealed);
}
