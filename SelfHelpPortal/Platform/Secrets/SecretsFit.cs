using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Npgsql;

namespace SelfHelpPortal.Platform.Secrets;

/// <summary>
/// Whether the secrets folder is the one that this database was filled with. A portal with another one would answer "unknown key" to every
/// customer and could open nothing that is stored, so it does not start.
/// </summary>
internal static class SecretsFit
{
    /// <summary>The sentence that stands against a start, or null.</summary>
    public static async Task<string?> ComplaintAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var (peppers, directory) = (services.GetRequiredService<Peppers>(), services.GetRequiredService<SecretsDirectory>());
        await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(cancellationToken);
        if (await PepperWatch.UnknownAsync(peppers, connection, cancellationToken) is { Count: > 0 } unknown)
        {
            return $"Licenses of this database were stored with the pepper {string.Join(", ", unknown)}, which the file "
                + $"\"{Peppers.FileName}\" in {directory.Path} does not hold: "
                + "their keys could not be found. Restore the file from the backup of this database.";
        }

        var closed = services.GetRequiredService<IKeyManager>().GetAllKeys().Count(k => !KeyRingWatch.Opens(k));
        return closed == 0
            ? null
            : $"The Data Protection ring of this database has {closed} keys that \"{ProtectionCertificate.FileName}\" in {directory.Path} "
                + $"does not open: "
                + "no stored secret could be read. Restore that certificate, or put the one before beside it.";
    }
}
