using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Secrets;

/// <summary>
/// Follows a change of peppers that the command line made, and says in the database which ones this process knows: it holds a shared
/// advisory lock named after them on a connection of its own, so that a command sees every running portal that would not find what it is
/// about to write (<see cref="OthersAsync"/>). The lock goes with the process, however that ends.
/// </summary>
internal sealed partial class PepperWatch(
    Peppers peppers, PortalDatabase database, TimeProvider time, ILogger<PepperWatch> logger) : BackgroundService
{
    /// <summary>How long a running portal takes to notice.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>The first half of the lock's name; the second is <see cref="Peppers.State"/>.</summary>
    internal const int LockClass = 0x70657070;

    private NpgsqlDataSource? _source;
    private NpgsqlConnection? _connection;
    private int _told;
    private volatile bool _failing;

    // What goes on being wrong is a line in the log once, not every two seconds.
    private bool _silent;

    /// <summary>
    /// The file cannot be read, or the newest or oldest license was hashed with a pepper that is not in it: keys would not be found.
    /// </summary>
    public bool Failing => _failing;

    /// <summary>How many running portals know other peppers than this process.</summary>
    public static async Task<int> OthersAsync(Peppers peppers, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT count(*)::int FROM pg_locks
            WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid::bigint = $1 AND objid::bigint <> $2
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = LockClass });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (uint)peppers.State });
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// The same word for one transaction, for a command that stores keys: whoever changes the peppers waits for its end. The peppers are
    /// read again first, since nobody reads them again for a command.
    /// </summary>
    public static async Task HoldAsync(Peppers peppers, PortalDbContext db, CancellationToken cancellationToken)
    {
        do
        {
            var state = peppers.State;
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock_shared({LockClass}, {state})", cancellationToken);
        }
        while (peppers.Reload());
    }

    /// <summary>
    /// The peppers of some licenses that the ring does not hold. A re-index begins with the oldest license, an import ends with the newest.
    /// </summary>
    public static async Task<IReadOnlyList<string>> UnknownAsync(
        Peppers peppers, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT DISTINCT kid FROM (
                (SELECT key_pepper_id AS kid FROM license ORDER BY id LIMIT 10)
                UNION ALL (SELECT key_pepper_id FROM license ORDER BY id DESC LIMIT 10)) AS ends
            WHERE kid <> ALL ($1)
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. peppers.Kids] });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<string> unknown = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            unknown.Add(reader.GetString(0));
        }

        return unknown;
    }

    /// <summary>Looks now.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (peppers.Reload())
            {
                Reloaded(logger, string.Join(", ", peppers.Kids), peppers.CurrentKid);
            }

            var unknown = await UnknownAsync(peppers, await TellAsync(cancellationToken), cancellationToken);
            if (unknown.Count > 0 && !_failing)
            {
                Missing(logger, string.Join(", ", unknown), Peppers.FileName);
            }

            (_failing, _silent) = (unknown.Count > 0, false);
        }
        catch (Exception e) when (e is StartRefusedException or IOException or UnauthorizedAccessException)
        {
            // The peppers read before go on, but what others write meanwhile may not be found here.
            if (!_failing)
            {
                NotReloaded(logger, e);
            }

            _failing = true;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            // Without a database no key is found anyway, and its own check says so.
            if (!_silent)
            {
                LookFailed(logger, e);
            }

            _silent = true;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
            _connection = null;
        }
    }

    public override void Dispose()
    {
        _connection?.Dispose();
        _source?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            await LookAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>The new lock first, then the old one away: at no moment does a running portal say nothing.</summary>
    private async Task<NpgsqlConnection> TellAsync(CancellationToken cancellationToken)
    {
        if (_connection is not { State: System.Data.ConnectionState.Open })
        {
            if (_connection is not null)
            {
                await _connection.DisposeAsync();
            }

            // Not one of the pool, which would be one fewer for everybody else.
            _source ??= PortalDataSource.CreateSingle(database.ConnectionString);
            _connection = await _source.OpenConnectionAsync(cancellationToken);
            _told = 0;
        }

        // A server that restarted has forgotten the lock, and with it this connection, which is then seen at the next statement.
        var state = peppers.State;
        if (state == _told)
        {
            return _connection;
        }

        await ExecuteAsync($"SELECT pg_advisory_lock_shared({LockClass}, $1)", state, cancellationToken);
        if (_told != 0)
        {
            await ExecuteAsync($"SELECT pg_advisory_unlock_shared({LockClass}, $1)", _told, cancellationToken);
        }

        _told = state;
        return _connection;
    }

    private async Task ExecuteAsync(string sql, int state, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // The texts stand above.
        await using var command = new NpgsqlCommand(sql, _connection) { Parameters = { new NpgsqlParameter<int> { TypedValue = state } } };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(5103, LogLevel.Information, "Peppers changed: {Kids} look up, {Current} writes")]
    private static partial void Reloaded(ILogger logger, string kids, string current);

    [LoggerMessage(5104, LogLevel.Error,
        "The changed peppers could not be read; the ones before stay in use, and new keys may not be found")]
    private static partial void NotReloaded(ILogger logger, Exception reason);

    [LoggerMessage(5105, LogLevel.Error,
        "Licenses were stored with the pepper {Kids}, which is not in the file {File}: their keys cannot be found. Restore the file from "
            + "the backup")]
    private static partial void Missing(ILogger logger, string kids, string file);

    [LoggerMessage(5106, LogLevel.Warning, "The peppers could not be told to the database; trying again in a few seconds")]
    private static partial void LookFailed(ILogger logger, Exception reason);
}
