using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Signing;

namespace SelfHelpPortal.Features.Common;

/// <summary>
/// Whether a restored database and a restored secrets folder belong together: samples of everything that the one keeps and only the other opens.
/// It changes nothing.
/// </summary>
internal sealed class CheckRestore(
    IDbContextFactory<PortalDbContext> contexts, NpgsqlDataSource database, IKeyManager ring, Peppers peppers, SigningKeys keys, StoredSecrets secrets, LicenseFiles files)
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
        Note($"{protection.Count} keys of the Data Protection ring", closed, $"do not open with {ProtectionCertificate.FileName}, or an earlier certificate is missing beside it");

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await PepperWatch.UnknownAsync(peppers, connection, cancellationToken) is { Count: > 0 } unknown)
        {
            wrong.Add($"Licenses were stored with the pepper {string.Join(", ", unknown)}, which is not in the file {Peppers.FileName}.");
        }

        var licenses = db.Licenses.AsNoTracking().Select(l => new { l.Id, l.Key.Sealed });
        var stored = await Ends(licenses.OrderBy(l => l.Id), licenses.OrderByDescending(l => l.Id), cancellationToken);
        Note($"{stored.Count} activation keys", stored.Count(l => Fails(() => secrets.UnsealText(l.Sealed, LicenseMaker.KeyRecordKind, l.Id))), "do not open");

        var issued = db.Set<StoredLicenseFile>().AsNoTracking().Select(f => f.Id);
        var texts = new List<byte[]?>();
        foreach (var id in await Ends(issued.OrderBy(id => id), issued.OrderByDescending(id => id), cancellationToken))
        {
            texts.Add(await OpenAsync(id));
        }

        // One whose key was revoked since is refused on purpose; so is one that was altered, which the ring has told apart already.
        var unverified = texts.Count(t => t is null || LicenseFile.Read(System.Text.Encoding.UTF8.GetString(t), keys.Verifier) is { IsGenuine: false, Fault: not FileFault.UnknownKey });
        Note($"{texts.Count} license files", unverified, "do not open or do not verify");
        var strangers = texts.Count(t => t is not null && LicenseFile.Read(System.Text.Encoding.UTF8.GetString(t), keys.Verifier).Fault == FileFault.UnknownKey);
        if (strangers > 0 && !keys.Entries.Any(e => e.State == SigningKeyState.Revoked))
        {
            wrong.Add($"{strangers} of {texts.Count} license files were signed with a key that {SigningKeyFile.Name} does not know.");
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

        async Task<byte[]?> OpenAsync(Guid id)
        {
            try
            {
                return await files.ReadAsync(id, cancellationToken);
            }
            catch (CryptographicException)
            {
                return null;
            }
        }
    }

    private static async Task<List<T>> Ends<T>(IQueryable<T> oldest, IQueryable<T> newest, CancellationToken cancellationToken) =>
        [.. (await oldest.Take(Sample).ToListAsync(cancellationToken)).Concat(await newest.Take(Sample).ToListAsync(cancellationToken)).Distinct()];

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
