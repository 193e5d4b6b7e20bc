using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>
/// What was done, by whom and why cannot be changed afterwards; erasure may take a part away and put nothing in its place.
/// </summary>
public sealed class EventGuardTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("UPDATE license_event SET actor_id = gen_random_uuid()")]
    [InlineData("UPDATE license_event SET kind = 'Resumed'")]
    [InlineData("UPDATE license_event SET detail_digest = sha256('x')")]
    [InlineData("UPDATE event_detail SET event_id = event_id + 1000")]
    [InlineData("UPDATE event_detail SET text_salt = sha256('x')")]
    [InlineData("UPDATE event_detail SET salt = sha256('x')")]
    [InlineData("DELETE FROM event_detail")]
    [InlineData("UPDATE audit_entry SET stream = gen_random_uuid()")]
    [InlineData("UPDATE audit_entry SET subject = NULL")]
    [InlineData("UPDATE audit_entry SET text_salt = NULL")]
    [InlineData("DELETE FROM audit_entry")]
    [InlineData("TRUNCATE audit_entry")]
    public async Task The_portal_has_no_right_to_it_and_a_trigger_refuses_its_owner(string change)
    {
        await FillAsync();

        (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(postgres.Database.PortalConnection, change))).SqlState.ShouldBe(
            PostgresErrorCodes.InsufficientPrivilege);
        (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(postgres.Database.OwnerConnection, change))).SqlState.ShouldBe(
            PostgresErrorCodes.RestrictViolation);
    }

    [Theory]
    [InlineData("UPDATE event_detail SET text = 'Ein anderer Grund'")]
    [InlineData("UPDATE event_detail SET actor_name = 'Clerk 2'")]
    [InlineData("UPDATE event_detail SET ip_prefix = '198.51.100.0/24'")]
    [InlineData("UPDATE event_detail SET text = NULL, actor_name = 'Clerk 2'")]
    [InlineData("UPDATE event_detail SET text = NULL; UPDATE event_detail SET text = 'Der Kunde hat angerufen'")]
    [InlineData("UPDATE audit_entry SET text = 'Anders'")]
    public async Task A_reason_or_a_name_only_becomes_nothing(string change)
    {
        await FillAsync();

        (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(postgres.Database.PortalConnection, change))).SqlState.ShouldBe(
            PostgresErrorCodes.RestrictViolation);

        // Without the trigger it would have been possible.
        await ExecuteAsync(postgres.Database.OwnerConnection, "SET session_replication_role = replica; " + change);
    }

    /// <summary>With the salt its digest would tell a guesser whether a name or a network is the right one.</summary>
    [Fact]
    public async Task With_a_part_goes_its_salt_and_no_other()
    {
        await FillAsync();

        await ExecuteAsync(postgres.Database.PortalConnection,
            "UPDATE event_detail SET ip_prefix = NULL; UPDATE audit_entry SET text = NULL");

        (await CountAsync("event_detail WHERE ip_prefix_salt IS NOT NULL")).ShouldBe(0);
        (await CountAsync("event_detail WHERE text_salt IS NULL OR actor_name_salt IS NULL")).ShouldBe(0);
        (await CountAsync("audit_entry WHERE text_salt IS NOT NULL")).ShouldBe(0);
    }

    private async Task FillAsync()
    {
        await ExecuteAsync(postgres.Database.OwnerConnection,
            "SET session_replication_role = replica; DELETE FROM event_detail; DELETE FROM license_event; DELETE FROM audit_entry");
        await using var db = postgres.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var actor = new Actor(ActorKind.Staff, Guid.NewGuid(), "Clerk 1", "192.0.2.0/24");
        await EventLog.AppendAsync(
            db, Guid.NewGuid(), EventKind.Suspended, new EventData(), actor, "Der Kunde hat angerufen", DateTimeOffset.UnixEpoch, default);
        await AuditLog.AppendAsync(db, Guid.NewGuid(), AuditKind.LicensesSearched, "L-10001", "Muster", DateTimeOffset.UnixEpoch, default);
        await transaction.CommitAsync();
    }

    private async Task<long> CountAsync(string what)
    {
        await using var connection = new NpgsqlConnection(postgres.Database.OwnerConnection + ";Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100 // The texts stand in this class.
        await using var command = new NpgsqlCommand("SELECT count(*) FROM " + what, connection);
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100 // The texts stand in this class.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
