using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Data;

/// <summary>
/// Which database the portal uses: the one of <c>ConnectionStrings</c>, or in Development, when none is set, the private local cluster.
/// Nothing else is ever tried.
/// </summary>
internal sealed class PortalDatabase(IOptions<ConnectionOptions> connections, IOptions<DatabaseOptions> database, IHostEnvironment environment) : IDisposable
{
    private const string LocalDatabase = "portal";
    private const int Attempts = 30;

    private readonly Lazy<Connections> _connections = new(() =>
    {
        if (connections.Value.Portal is { Length: > 0 } told)
        {
            return new(told, connections.Value.Migration is { Length: > 0 } owner ? owner : told, null);
        }

        var local = LocalPostgres.Start(environment.Resolve(".data/pg"));
        local.EnsureDatabase(LocalDatabase);
        return new(local.PortalConnection(LocalDatabase), local.OwnerConnection(LocalDatabase), local);
    });

    public string ConnectionString => _connections.Value.Portal;

    /// <summary>Migrates where the configuration says so. Returns the sentence that stands against a start, or null.</summary>
    public async Task<string?> PrepareAsync(CancellationToken cancellation)
    {
        try
        {
            if (database.Value.MigrateOnStart == true)
            {
                await MigrateAsync(cancellation);
                return null;
            }

            await using var context = Open(ConnectionString);
            return Complaint([.. await context.Database.GetPendingMigrationsAsync(cancellation)]);
        }
        catch (NpgsqlException failure)
        {
            return $"PostgreSQL refuses: {failure.Message}";
        }
    }

    /// <summary>Brings the schema up to date and gives the portal's role its rights. Returns the names of the migrations that were applied.</summary>
    public Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellation) =>
        MigrateAsync(_connections.Value.Migration, _connections.Value.Portal, cancellation);

    internal static async Task<IReadOnlyList<string>> MigrateAsync(string ownerConnection, string portalConnection, CancellationToken cancellation)
    {
        // A lock that is not free within a second is tried again later, so that the queue behind a waiting ALTER never stops the portal.
        var owner = new NpgsqlConnectionStringBuilder(ownerConnection) { Options = "-c lock_timeout=1000", Pooling = false };
        var portal = new NpgsqlConnectionStringBuilder(portalConnection).Username;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var context = Open(owner.ConnectionString);
                string[] pending = [.. await context.Database.GetPendingMigrationsAsync(cancellation)];
                await context.Database.MigrateAsync(cancellation);
                // Two roles: the owner of the schema, and the portal, which cannot change history. With one role for both there is nothing to grant.
                if (portal is not null && portal != owner.Username)
                {
                    await GrantAsync(context, portal, cancellation);
                }

                return pending;
            }
            catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable && attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            }
        }
    }

    /// <summary>The sentence about a schema that is behind; null when it is not.</summary>
    public static string? Complaint(IReadOnlyList<string> pending) => pending.Count == 0
        ? null
        : $"The database's schema is behind by {pending.Count} ({string.Join(", ", pending)}). Run the command 'migrate' first, or set Database:MigrateOnStart.";

    public void Dispose()
    {
        if (_connections.IsValueCreated)
        {
            _connections.Value.Local?.Dispose();
        }
    }

    private static PortalDbContext Open(string connectionString) =>
        new(new DbContextOptionsBuilder<PortalDbContext>().UsePortal(connectionString).Options);

    private static async Task GrantAsync(PortalDbContext context, string portal, CancellationToken cancellation)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        await context.Database.ExecuteSqlAsync($"SELECT set_config('portal.role', {portal}, true)", cancellation);
        await context.Database.ExecuteSqlRawAsync(
            """
            DO $$
            DECLARE role text := quote_ident(current_setting('portal.role')); kept record;
            BEGIN
                EXECUTE 'GRANT USAGE ON SCHEMA public TO ' || role;
                EXECUTE 'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ' || role;
                EXECUTE 'GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO ' || role;
                EXECUTE 'REVOKE INSERT, UPDATE, DELETE ON "__EFMigrationsHistory" FROM ' || role;
                -- What a trigger refuses to everybody, the role has no right to either. The bits of tgtype: 8 DELETE, 16 UPDATE.
                FOR kept IN SELECT t.tgrelid::regclass AS name, t.tgtype AS acts FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname = 'refuse_change' LOOP
                    IF kept.acts & 8 > 0 THEN EXECUTE format('REVOKE DELETE ON %s FROM ', kept.name) || role; END IF;
                    IF kept.acts & 16 > 0 THEN EXECUTE format('REVOKE UPDATE ON %s FROM ', kept.name) || role; END IF;
                END LOOP;
                -- Where a trigger lets only some columns change, the role may update those.
                FOR kept IN SELECT t.tgrelid::regclass AS name, array_to_string(string_to_array(rtrim(encode(t.tgargs, 'escape'), '\000'), '\000'), ', ') AS columns
                    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname IN ('refuse_change_but', 'refuse_change_but_blanking') LOOP
                    EXECUTE format('REVOKE UPDATE ON %s FROM ', kept.name) || role;
                    EXECUTE format('GRANT UPDATE (%s) ON %s TO ', kept.columns, kept.name) || role;
                END LOOP;
            END $$;
            """,
            cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private sealed record Connections(string Portal, string Migration, LocalPostgres? Local);
}
