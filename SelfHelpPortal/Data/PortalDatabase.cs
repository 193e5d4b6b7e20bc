using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Data;

/// <summary>
/// Which database the portal uses: the one of <c>ConnectionStrings</c>, or in Development, when none is set, the private local cluster.
/// Nothing else is ever tried.
/// </summary>
internal sealed class PortalDatabase(
    IOptions<ConnectionOptions> connections, IOptions<DatabaseOptions> database, IHostEnvironment environment) : IDisposable
{
    private const string LocalDatabase = "portal";
    private const int Attempts = 30;

    private readonly Lazy<Connections> _connections = new(() =>
    {
        if (connections.Value.Portal is { Length: > 0 } told)
        {
            var portal = ConnectionText.Keywords(told);
            return new(portal, connections.Value.Migration is { Length: > 0 } owner ? ConnectionText.Keywords(owner) : portal, null);
        }

        var local = LocalPostgres.Start(environment.Resolve(".data/pg"));
        local.EnsureDatabase(LocalDatabase);
        return new(local.PortalConnection(LocalDatabase), local.OwnerConnection(LocalDatabase), local);
    });

    public string ConnectionString => _connections.Value.Portal;

    /// <summary>As the role that owns the schema.</summary>
    public string MigrationConnection => _connections.Value.Migration;

    /// <summary>Migrates where the configuration says so. Returns the sentence that stands against a start, or null.</summary>
    /// <param name="obstacle">
    /// What else may stand against it. It is asked before anything is written, and after a migration again, which may have made what tells.
    /// </param>
    public async Task<string?> PrepareAsync(Func<CancellationToken, Task<string?>> obstacle, CancellationToken cancellation)
    {
        try
        {
            if (await obstacle(cancellation) is { } found)
            {
                return found;
            }

            if (database.Value.MigrateOnStart == true)
            {
                await MigrateAsync(cancellation);
                return await obstacle(cancellation);
            }

            return (await LookAsync(ConnectionString, cancellation)).Complaint;
        }
        catch (StartRefusedException refusal)
        {
            return refusal.Message;
        }
        catch (NpgsqlException failure)
        {
            return $"PostgreSQL refuses: {failure.Message}";
        }
    }

    /// <summary>
    /// Brings the schema up to date and gives the portal's role its rights. Returns the names of the migrations that were applied.
    /// </summary>
    /// <exception cref="StartRefusedException">The schema is not one that this version can bring up to date; says why.</exception>
    public Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellation) =>
        MigrateAsync(_connections.Value.Migration, _connections.Value.Portal, cancellation);

    internal static async Task<IReadOnlyList<string>> MigrateAsync(
        string ownerConnection, string portalConnection, CancellationToken cancellation)
    {
        // A lock that is not free within a second is tried again later, so that the queue behind a waiting ALTER never stops the portal.
        var owner = new NpgsqlConnectionStringBuilder(ownerConnection) { Options = "-c lock_timeout=1000", Pooling = false };
        var portal = new NpgsqlConnectionStringBuilder(portalConnection).Username;
        // Of several nodes one migrates and the others wait: EF lets its own lock go between two migrations.
        await using var patient = PortalDataSource.CreateSingle(
            new NpgsqlConnectionStringBuilder(ownerConnection) { CommandTimeout = 0 }.ConnectionString);
        await using var turn = await patient.OpenConnectionAsync(cancellation);
        await using var single = PortalDataSource.CreateSingle(owner.ConnectionString);
        await using (var wait = new NpgsqlCommand("SELECT pg_advisory_lock(hashtext('SelfHelpPortal migrate'))", turn))
        {
            await wait.ExecuteNonQueryAsync(cancellation);
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var found = await LookAsync(owner.ConnectionString, cancellation);
                if (found.State == SchemaState.Later)
                {
                    // A node that is restarted before its turn has come.
                    return [];
                }

                if (found.State is not (SchemaState.Current or SchemaState.Behind))
                {
                    throw new StartRefusedException(found.Complaint!);
                }

                await using var context = Open(single);
                await context.Database.MigrateAsync(cancellation);
                if (found.State == SchemaState.Behind && await LookAsync(owner.ConnectionString, cancellation) is { Complaint: { } left })
                {
                    throw new StartRefusedException($"The migrations were applied, but the schema is not the one of this version. {left}");
                }

                // Two roles: the owner of the schema, and the portal, which cannot change history. With one role for both there is nothing
                // to grant.
                if (portal is not null && portal != owner.Username)
                {
                    await GrantAsync(context, portal, cancellation);
                }

                return found.Pending;
            }
            catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable && attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            }
        }
    }

    public void Dispose()
    {
        if (_connections.IsValueCreated)
        {
            _connections.Value.Local?.Dispose();
        }
    }

    private static async Task<SchemaVerdict> LookAsync(string connectionString, CancellationToken cancellation)
    {
        await using var source = PortalDataSource.CreateSingle(connectionString);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await SchemaCheck.LookAsync(connection, cancellation);
    }

    private static PortalDbContext Open(NpgsqlDataSource source) =>
        new(new DbContextOptionsBuilder<PortalDbContext>().UsePortal(source).Options);

    private static async Task GrantAsync(PortalDbContext context, string portal, CancellationToken cancellation)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        await context.Database.ExecuteSqlAsync($"SELECT set_config('portal.role', {portal}, true)", cancellation);
        await context.Database.ExecuteSqlRawAsync(
            """
            DO $$
            DECLARE role text := quote_ident(current_setting('portal.role')); kept record;
            BEGIN
                EXECUTE format('GRANT USAGE ON SCHEMA %I TO ', current_schema()) || role;
                EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO ', current_schema()) || role;
                EXECUTE format('GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA %I TO ', current_schema()) || role;
                EXECUTE 'REVOKE INSERT, UPDATE, DELETE ON "__EFMigrationsHistory", schema_support FROM ' || role;
                -- What a trigger refuses to everybody, the role has no right to either. The bits of tgtype: 8 DELETE, 16 UPDATE.
                FOR kept IN SELECT t.tgrelid::regclass AS name, t.tgtype AS acts
                    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname = 'refuse_change' LOOP
                    IF kept.acts & 8 > 0 THEN EXECUTE format('REVOKE DELETE ON %s FROM ', kept.name) || role; END IF;
                    IF kept.acts & 16 > 0 THEN EXECUTE format('REVOKE UPDATE ON %s FROM ', kept.name) || role; END IF;
                END LOOP;
                -- Where a trigger lets only some columns change, the role may update those.
                FOR kept IN SELECT t.tgrelid::regclass AS name,
                        array_to_string(string_to_array(rtrim(encode(t.tgargs, 'escape'), '\000'), '\000'), ', ') AS columns
                    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                        WHERE p.proname IN ('refuse_change_but', 'refuse_change_but_blanking') LOOP
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
