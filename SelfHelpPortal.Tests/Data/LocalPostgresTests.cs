using Npgsql;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Tests.Data;

public class LocalPostgresTests
{
    [Fact]
    public async Task The_second_user_joins_and_the_server_stops_with_the_last()
    {
        var wanted = Path.Combine(Path.GetTempPath(), $"selfhelp-join-{Guid.NewGuid():N}"[..30]);
        var first = LocalPostgres.Start(wanted, temporary: true);
        var second = LocalPostgres.Start(wanted, temporary: true);
        var started = await ScalarAsync(first, "SELECT pg_postmaster_start_time()::text");

        first.Dispose();

        (await ScalarAsync(second, "SELECT pg_postmaster_start_time()::text")).ShouldBe(started);
        second.Dispose();
        await Task.Delay(50);
        File.Exists(Path.Combine(second.Folder, "data", "postmaster.pid")).ShouldBeFalse();
    }

    [Fact]
    public void What_is_stored_is_there_after_a_restart()
    {
        var wanted = Path.Combine(Path.GetTempPath(), $"selfhelp-again-{Guid.NewGuid():N}"[..30]);
        using (var first = LocalPostgres.Start(wanted))
        {
            first.EnsureDatabase("kept");
            first.EnsureDatabase("kept");
        }

        string folder;
        using (var again = LocalPostgres.Start(wanted))
        {
            folder = again.Folder;
            using var connection = new NpgsqlConnection(again.PortalConnection("kept") + ";Pooling=false");
            connection.Open();
            connection.State.ShouldBe(System.Data.ConnectionState.Open);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_wrong_password_does_not_get_in()
    {
        using var cluster =
            LocalPostgres.Start(Path.Combine(Path.GetTempPath(), $"selfhelp-door-{Guid.NewGuid():N}"[..30]), temporary: true);
        var wrong = new NpgsqlConnectionStringBuilder(cluster.OwnerConnection("postgres")) { Password = "wrong", Pooling = false };

        Should.Throw<PostgresException>(() =>
        {
            using var connection = new NpgsqlConnection(wrong.ConnectionString);
            connection.Open();
        }).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public void Missing_binaries_are_said_in_a_sentence_and_nothing_else_is_tried() =>
        Should.Throw<StartRefusedException>(
            () => PostgresBinaries.Find(Path.GetTempPath())).Message.ShouldContain(PostgresBinaries.Variable);

    private static async Task<string> ScalarAsync(LocalPostgres cluster, string sql)
    {
        await using var connection = new NpgsqlConnection(cluster.OwnerConnection("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
