using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Npgsql;

namespace SelfHelpPortal.Platform.Secrets;

/// <summary>
/// Whether the secrets folder is the one that this database was filled with. A portal with another one would answer "unknown key" to every
/// customer, could open nothing that is stored, and would store what the right one cannot open, so it does not start; nor does a command
/// that writes.
/// </summary>
internal static class SecretsFit
{
    /// <summary>The sentence that stands against a start, or null, also while the database has nothing yet that could tell.</summary>
    public static async Task<string?> ComplaintAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var (peppers, directory) = (services.GetRequiredService<Peppers>(), services.GetRequiredService<SecretsDirectory>());
        await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(cancellationToken);
        await using (var table = new NpgsqlCommand("SELECT has_table_privilege(to_regclass('license'), 'SELECT')", connection))
        {
            // Nothing is stored before the first migration, nor while its last step is missing, which gives the portal its rights.
            if (await table.ExecuteScalarAsync(cancellationToken) is not true)
            {
                return null;
            }
        }

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
                + "does not open: no stored secret could be read. Restore that certificate, or put the one before beside it. If they were "
                + "made by mistake, with the secrets folder of another database, \"keys remove-unreadable\" takes them away.";
    }
}
