using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>
/// A history that the first version wrote is carried over: what was whole is proved as before, what was blanked is known as blanked, what
/// was altered shows.
/// </summary>
public sealed class HistoryUpgradeTests
{
    private const string FirstVersion = "20261122000002_Guards";

    [Fact]
    public async Task The_history_of_the_first_version_is_judged_after_the_update()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using (var context =
            new PortalDbContext(new DbContextOptionsBuilder<PortalDbContext>()
                .UsePortal(database.OwnerConnection + ";Pooling=false").Options))
        {
            await context.GetService<IMigrator>().MigrateAsync(FirstVersion);
        }

        var (whole, blanked, bare, altered) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await WriteAsync(database, whole, "Clerk 1", "192.0.2.0/24", "Der Kunde hat angerufen");
        await WriteAsync(database, blanked, "Clerk 1", "192.0.2.0/24", "Der Kunde hat angerufen");
        await WriteAsync(database, bare, null, null, null);
        await WriteAsync(database, altered, "Clerk 1", "192.0.2.0/24", "Der Kunde hat angerufen");
        await ExecuteAsync(database,
            "UPDATE event_detail d SET ip_prefix = NULL FROM license_event e WHERE e.id = d.event_id AND e.stream = $1", blanked);
        await ExecuteAsync(database,
            "UPDATE event_detail d SET text = 'Nichts' FROM license_event e WHERE e.id = d.event_id AND e.stream = $1", altered);

        await using var portal = new PortalFactory
        {
            Configuration =
                { ["ConnectionStrings:Portal"] = database.PortalConnection, ["ConnectionStrings:Migration"] = database.OwnerConnection },
        };
        (await portal.RunAsync("migrate")).Exit.ShouldBe(0);
        await portal.BuildAsync();
        var report = await portal.Services.GetRequiredService<HistoryVerifier>().VerifyAsync(default);

        report.Faults.ShouldBe([new HistoryFault(altered, 1, HistoryFaultKind.DetailAltered)]);
        (report.Events, report.Blanked).ShouldBe((4, 1));
        await using var db = portal.Open();
        await db.Database.ExecuteSqlAsync(
            $"UPDATE event_detail d SET text = NULL FROM license_event e WHERE e.id = d.event_id AND e.stream = {whole}");
        (await portal.Services.GetRequiredService<HistoryVerifier>().VerifyAsync(default)).Blanked.ShouldBe(2);
    }

    /// <summary>As the first version wrote an event.</summary>
    private static async Task WriteAsync(TestDatabase database, Guid stream, string? name, string? network, string? text)
    {
        var (salt, at) = (EventLog.NewSalt(), DateTimeOffset.UnixEpoch);
        var digest = EventLog.FirstDigest(salt, name, network, text);
        var hash = EventLog.Chain([], stream, 1, at, nameof(EventKind.Suspended), nameof(ActorKind.Staff), null, "{}", digest);
        await ExecuteAsync(
            database,
            """
            WITH written AS (
                INSERT INTO license_event (stream, seq, at, kind, actor_kind, data, detail_digest, previous_hash, hash)
                VALUES ($1, 1, $2, 'Suspended', 'Staff', '{}', $3, '', $4) RETURNING id)
            INSERT INTO event_detail (event_id, salt, actor_name, ip_prefix, text) SELECT id, $5, $6, $7, $8 FROM written
            """,
            stream, at, digest, hash, salt, name, network, text);
    }

    private static async Task ExecuteAsync(TestDatabase database, string sql, params object?[] values)
    {
        await using var connection = new NpgsqlConnection(database.OwnerConnection + ";Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100 // The texts stand in this class.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        await command.ExecuteNonQueryAsync();
    }
}
