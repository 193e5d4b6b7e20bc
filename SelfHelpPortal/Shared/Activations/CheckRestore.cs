using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Signing;

namespace SelfHelpPortal.Shared.Activations;

/// <summary>
/// Whether a restored database and a restored secrets folder belong together: samples of everything that the one keeps and only the other
/// opens. It changes nothing.
/// </summary>
internal sealed class CheckRestore(
    IDbContextFactory<PortalDbContext> contexts, NpgsqlDataSource database, IKeyManager ring, Peppers peppers, SigningKeys keys,
    StoredSecrets secrets, LicenseFiles files)
{
    /// <summary>From each end: the oldest were made with the oldest keys.</summary>
    private const int Sample = 100;

    /// <returns>What was looked at, and sentences about what does not fit.</returns>
    public async Task<(IReadOnlyList<string> Seen, IReadOnlyList<string> Wrong)> RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        List<string> seen = [], wrong = [];

        var protection = ring.GetAllKeys();
        var closed = protection.Count(k => !KeyRingWatch.Opens(k));
        Note($"{protection.Count} keys of the Data Protection ring", closed,
            $"do not open with {ProtectionCertificate.FileName}, or an earlier certificate is missing beside it");

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await PepperWatch.UnknownAsync(peppers, connection, cancellationToken) is { Count: > 0 } unknown)
        {
            wrong.Add($"Licenses were stored with the pepper {string.Join(", ", unknown)}, which is not in the file {Peppers.FileName}.");
        }

        var licenses = db.Licenses.AsNoTracking().Select(l => new { l.Id, l.Key.Sealed });
        var stored = await Ends(licenses.OrderBy(l => l.Id), licenses.OrderByDescending(l => l.Id), cancellationToken);
        Note($"{stored.Count} activation keys",
            stored.Count(l => Fails(() => secrets.UnsealText(l.Sealed, LicenseFactory.KeyRecordKind, l.Id))), "do not open");

        var issued = db.Set<StoredLicenseFile>().AsNoTracking().Select(f => f.Id);
        var kept = await Ends(issued.OrderBy(id => id), issued.OrderByDescending(id => id), cancellationToken);
        var read = new List<Verified<LicenseFile>?>();
        foreach (var id in kept)
        {
            read.Add(await ReadAsync(id));
        }

        Note($"{kept.Count} license files", read.Count(f => f is not { IsGenuine: true } && !IsOfUnknownKey(f)),
            "do not open or do not verify");

        // What a revoked key signed is refused on purpose, and a revoked key is not published; without one, each key that ever signed is.
        if (!keys.Entries.Any(e => e.State == SigningKeyState.Revoked) && read.Count(IsOfUnknownKey) is > 0 and var strangers)
        {
            wrong.Add($"{strangers} of {kept.Count} license files were signed with a key that {SigningKeyFile.Name} does not know.");
        }

        var invoices = db.InvoiceDocuments.AsNoTracking().Select(d => d.Id);
        var documents = await Ends(invoices.OrderBy(id => id), invoices.OrderByDescending(id => id), cancellationToken);
        var differing = 0;
        foreach (var id in documents)
        {
            var document = await db.InvoiceDocuments.AsNoTracking().SingleAsync(d => d.Id == id, cancellationToken);
            differing += InvoiceDocument.HashOf(document.Bytes) == document.Sha256 ? 0 : 1;
        }

        Note($"{documents.Count} documents of invoices", differing, "are not what was issued");
        return (seen, wrong);

        void Note(string what, int bad, string fault)
        {
            seen.Add(what);
            if (bad > 0)
            {
                wrong.Add($"{bad} of {what} {fault}.");
            }
        }

        // Null: it does not open.
        async Task<Verified<LicenseFile>?> ReadAsync(Guid id)
        {
            try
            {
                return LicenseFile.Read(Encoding.UTF8.GetString((await files.ReadAsync(id, cancellationToken))!), keys.Verifier);
            }
            catch (CryptographicException)
            {
                return null;
            }
        }
    }

    private static bool IsOfUnknownKey(Verified<LicenseFile>? file) => file is { IsGenuine: false, Fault: FileFault.UnknownKey };

    private static async Task<List<T>> Ends<T>(IQueryable<T> oldest, IQueryable<T> newest, CancellationToken cancellationToken) =>
        [.. (await oldest.Take(Sample).ToListAsync(cancellationToken)).Concat(await newest.Take(Sample).ToListAsync(cancellationToken))
            .Distinct()];

    private static bool Fails(Action act)
    {
        try
        {
            act();
            return false;
        }
        catch (CryptographicException)
        {
            return true;
        }
    }
}
