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

        context.Database.HasPendingModelChanges().ShouldBeFalse("run migrations/add.sh --reset");
    }

    [Fact]
    public void A_model_with_one_more_table_would_be_noticed()
    {
        using var context = new PortalDbContext(
            new DbContextOptionsBuilder<PortalDbContext>().UseNpgsql(postgres.Source).ReplaceService<IModelCustomizer, OneMoreTable>().Options);

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

        var expected = await DescribeAsync(postgres.Database);

        expected.Count(l => l.StartsWith("column", StringComparison.Ordinal)).ShouldBeGreaterThan(20);
        var actual = await DescribeAsync(scripted);
        actual.Except(expected).ShouldBeEmpty("made by the script only");
        expected.Except(actual).ShouldBeEmpty("made by migrate only");
    }

    [Fact]
    public async Task A_changed_column_would_be_seen_in_the_description()
    {
        await using var changed = await TestDatabase.CreateAsync();
        await ExecuteAsync(changed, "ALTER TABLE asp_net_users ALTER COLUMN user_name TYPE text");

        (await DescribeAsync(changed)).Except(await DescribeAsync(postgres.Database)).ShouldBe(["column asp_net_users user_name text YES"]);
    }

    [Fact]
    public async Task The_portal_cannot_change_the_schema_nor_what_only_grows()
    {
        await using var connection = await postgres.Source.OpenConnectionAsync();
        List<string> growing = [];
        await using (var select = new NpgsqlCommand(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname = 'refuse_change' AND t.tgtype & 8 > 0", connection))
        await using (var reader = await select.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                growing.Add(reader.GetString(0));
            }
        }

        growing.ShouldContain("license_event");
        string[] forbidden = ["CREATE TABLE mine (id int)", "DROP TABLE asp_net_users", .. growing.SelectMany(t => (string[])[$"DELETE FROM {t}", $"TRUNCATE {t} CASCADE"])];
        foreach (var act in forbidden)
        {
            (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(connection, act))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, act);
        }
    }

    /// <summary>One line for each column, index, constraint, trigger, function and table option. Indentation of functions does not count.</summary>
    private static async Task<string[]> DescribeAsync(TestDatabase database)
    {
        await using var connection = new NpgsqlConnection(database.OwnerConnection + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            SELECT concat_ws(' ', 'column', table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, identity_generation)
                FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT 'function ' || regexp_replace(pg_get_functiondef(p.oid), '\s+', ' ', 'g') FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
                AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
            UNION ALL SELECT concat_ws(' ', 'table', relname, relkind, reloptions::text) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S')
            UNION ALL SELECT 'extension ' || extname FROM pg_extension
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync();
        List<string> lines = [];
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return [.. lines.Order(StringComparer.Ordinal)];
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
