using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

public class SchemaTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public void Model_and_migrations_do_not_differ()
    {
        using var context = postgres.Open();

        context.Database.HasPendingModelChanges().ShouldBeFalse("run migrations/add.sh NAME");
    }

    [Fact]
    public void A_model_with_one_more_table_would_be_noticed()
    {
        using var context = new PortalDbContext(
            new DbContextOptionsBuilder<PortalDbContext>().UsePortal(postgres.Source)
            .ReplaceService<IModelCustomizer, OneMoreTable>().Options);

        context.Database.HasPendingModelChanges().ShouldBeTrue();
    }

    [Fact]
    public async Task The_script_run_twice_makes_the_schema_that_migrate_makes()
    {
        await using var scripted = await TestDatabase.CreateEmptyAsync();
        var script = await File.ReadAllTextAsync(Repository.At("migrations", "schema.sql"));
        for (var run = 0; run < 2; run++)
        {
            await ExecuteAsync(scripted, script);
        }

        await using var connection = new NpgsqlConnection(scripted.OwnerConnection + ";Pooling=false");
        await connection.OpenAsync();
        (await SchemaCheck.LookAsync(connection, default)).Complaint.ShouldBeNull();
    }

    [Fact]
    public async Task The_portal_cannot_change_the_schema_nor_what_only_grows()
    {
        await using var connection = await postgres.Source.OpenConnectionAsync();
        List<string> growing = [];
        await using (var select = new NpgsqlCommand(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname = "
                + "'refuse_change' AND t.tgtype & 8 > 0", connection))
        await using (var reader = await select.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                growing.Add(reader.GetString(0));
            }
        }

        growing.ShouldContain("license_event");
        string[] forbidden = ["CREATE TABLE mine (id int)", "DROP TABLE asp_net_users",
            .. growing.SelectMany(t => (string[])[$"DELETE FROM {t}", $"TRUNCATE {t} CASCADE"])];
        foreach (var act in forbidden)
        {
            (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(connection, act))).SqlState.ShouldBe(
                PostgresErrorCodes.InsufficientPrivilege, act);
        }
    }

    private static async Task ExecuteAsync(TestDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.OwnerConnection + ";Pooling=false");
        await connection.OpenAsync();
        await ExecuteAsync(connection, sql);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts stand in this class and in migrations/schema.sql.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private sealed class OneMoreTable(ModelCustomizerDependencies dependencies) : RelationalModelCustomizer(dependencies)
    {
        public override void Customize(ModelBuilder modelBuilder, DbContext context)
        {
            base.Customize(modelBuilder, context);
            modelBuilder.Entity("OneMore", e =>
            {
                e.Property<int>("Id");
                e.HasKey("Id");
            });
        }
    }
}
