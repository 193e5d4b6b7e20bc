using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Hosting;

/// <summary>
/// Another Data Protection certificate. Nothing that is stored is encrypted with it but the ring's keys, so exchanging it signs nobody out
/// (docs/security/keys.md).
/// </summary>
internal static class CertificateCommands
{
    private const string Wrapped = "encryptedSecret";

    public static async Task<int> RotateAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args.Length > 0)
        {
            return ExitCode.Usage;
        }

        var directory = services.GetRequiredService<SecretsDirectory>();
        var kept = ProtectionCertificate.Rotate(directory, services.GetRequiredService<TimeProvider>().GetUtcNow());
        await output.WriteLineAsync(
            $"{ProtectionCertificate.FileName} is new; the one before is kept as {kept} and still opens what it encrypted. Restart every "
                + $"portal, since each reads its "
            + $"certificates at the start. Then \"keys remove-certificate {kept}\" takes the one before away.");
        return ExitCode.Done;
    }

    /// <summary>Encrypts with the current certificate what an earlier one encrypted, then deletes that one.</summary>
    public static async Task<int> RemoveAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args is not [var name])
        {
            return ExitCode.Usage;
        }

        var directory = services.GetRequiredService<SecretsDirectory>();
        if (!directory.Names(ProtectionCertificate.EarlierPattern).Contains(name))
        {
            var names = string.Join(", ", directory.Names(ProtectionCertificate.EarlierPattern));
            await output.WriteLineAsync(
                $"There is no earlier certificate {name}. There {(names.Length == 0 ? "is none" : $"are: {names}")}.");
            return ExitCode.Refused;
        }

        using var current = ProtectionCertificate.Open(directory, services.GetRequiredService<TimeProvider>().GetUtcNow());
        var encryptor = new CertificateXmlEncryptor(current, services.GetRequiredService<ILoggerFactory>());
        var decryptor = new EncryptedXmlDecryptor(services);
        await using var db = await services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var changed = 0;
        foreach (var row in await db.Set<DataProtectionKey>().AsNoTracking().OrderBy(k => k.Id).ToListAsync(cancellation))
        {
            var element = XElement.Parse(row.Xml);
            foreach (var secret in element.Descendants().Where(e => e.Name.LocalName == Wrapped && !IsWrappedBy(e, current)).ToList())
            {
                try
                {
                    secret.ReplaceNodes(encryptor.Encrypt(decryptor.Decrypt(secret.Elements().Single())).EncryptedElement);
                    changed++;
                }
                catch (CryptographicException)
                {
                    await output.WriteLineAsync(
                        $"The ring has a key that no certificate in {directory.Path} opens. {name} stays; restore the missing certificate "
                            + $"first.");
                    return ExitCode.Refused;
                }
            }

            var xml = element.ToString(SaveOptions.DisableFormatting);
            await db.Set<DataProtectionKey>().Where(k => k.Id == row.Id)
                .ExecuteUpdateAsync(u => u.SetProperty(k => k.Xml, xml), cancellation);
        }

        await transaction.CommitAsync(cancellation);

        directory.Delete(name);
        await output.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture,
                $"{changed} keys of the ring are encrypted with {ProtectionCertificate.FileName} now; {name} is gone."));
        return ExitCode.Done;
    }

    /// <summary>
    /// Takes away what a portal or a command with another secrets folder has put into the ring, and what keeps this one from starting.
    /// </summary>
    public static async Task<int> RemoveUnreadableAsync(
        IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args.Length > 0)
        {
            return ExitCode.Usage;
        }

        var ring = services.GetRequiredService<WatchedKeyManager>();
        if (ring.IsForeign())
        {
            // This is the wrong folder, and the wrong keys would go.
            var folder = services.GetRequiredService<SecretsDirectory>().Path;
            await output.WriteLineAsync(
                $"The first key of the ring does not open, so it is the secrets folder {folder} that belongs to another database. "
                + "Restore the right one; nothing was removed.");
            return ExitCode.Refused;
        }

        var closed = ring.GetAllKeys().Where(k => !KeyRingWatch.Opens(k)).Select(k => $"key-{k.KeyId:D}").ToList();
        await using var db = await services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(cancellation);
        var removed = await db.Set<DataProtectionKey>().Where(k => closed.Contains(k.FriendlyName)).ExecuteDeleteAsync(cancellation);
        await output.WriteLineAsync(
            removed == 0
                ? "Every key of the ring opens; nothing was removed."
                : $"{removed} keys of the ring are gone. What was stored with them cannot be read: \"keys reindex\" names such licenses; "
                    + "import those again.");
        return ExitCode.Done;
    }

    private static bool IsWrappedBy(XElement secret, X509Certificate2 certificate) =>
        secret.Descendants()
            .Any(e => e.Name.LocalName == "X509Certificate" && e.Value.Trim() == Convert.ToBase64String(certificate.RawData));
}
