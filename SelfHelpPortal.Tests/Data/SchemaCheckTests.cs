using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>
/// A schema is recognized by what is in it. Behind is mended by <c>migrate</c>; ahead, altered and before 0.1.0 are refused with a sentence
/// that names what differs.
/// </summary>
public class SchemaCheckTests
{
    private const string Later =
        """INSERT INTO "__EFMigrationsHistory" VALUES ('20991231000000_Later', '12.0.0'); ALTER TABLE license ADD COLUMN color text""";

    private static readonly KnownSchema Newest = KnownSchemas.All[^1];

    [Fact]
    public async Task Every_migration_makes_what_the_catalog_says()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var context = Context(database);
        await using var owner = await OpenAsync(database.OwnerConnection);
        KnownSchemas.All.Select(k => k.Migration).ShouldBe(context.Database.GetMigrations(), "run migrations/add.sh --script");
        foreach (var known in KnownSchemas.All)
        {
            await context.GetService<IMigrator>().MigrateAsync(known.Migration);

            var lines = await SchemaCatalog.ReadLinesAsync(owner, default);
            lines.Except(known.Lines)
                .ShouldBeEmpty($"made by {known.Migration}, but not in migrations/catalog.txt: run migrations/add.sh --script");
            known.Lines.Except(lines)
                .ShouldBeEmpty($"in migrations/catalog.txt, but not made by {known.Migration}: run migrations/add.sh --script");
            var content = await SchemaCatalog.ReadAsync(owner, default);
            content.Hash.ShouldBe(known.Hash);
            var text = string.Join('\n', known.Lines.Order(StringComparer.Ordinal));
            content.Hash.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
            var verdict = await SchemaCheck.LookAsync(owner, default);
            verdict.State.ShouldBe(known == Newest ? SchemaState.Current : SchemaState.Behind);
            verdict.Pending.ShouldBe(KnownSchemas.All.Select(k => k.Migration).SkipWhile(m => m != known.Migration).Skip(1));
        }
    }

    [Fact]
    public async Task An_empty_database_is_behind_by_all_migrations_also_beside_the_tables_of_others()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await ExecuteAsync(database, "CREATE TABLE guestbook (id int)");

        var verdict = await LookAsync(database.PortalConnection);

        (verdict.State, verdict.Pending.Count).ShouldBe((SchemaState.Behind, KnownSchemas.All.Count));
        await PortalDatabase.MigrateAsync(database.OwnerConnection, database.PortalConnection, default);
        (await LookAsync(database.PortalConnection)).Complaint.ShouldBeNull();
    }

    [Theory]
    [InlineData("DROP TABLE key_access", "missing table key_access")]
    [InlineData(
        "DROP TABLE key_access; DROP TABLE payment; ALTER TABLE license DROP COLUMN expires_at",
        "missing column license.expires_at, table key_access, table payment")]
    [InlineData("ALTER TABLE license ALTER COLUMN expires_at TYPE timestamp", "changed column license.expires_at")]
    [InlineData("ALTER TABLE license ALTER COLUMN expires_at SET DEFAULT now()", "changed column license.expires_at")]
    [InlineData("ALTER TABLE staff_draft ALTER COLUMN reason DROP NOT NULL", "changed column staff_draft.reason")]
    [InlineData("ALTER TABLE license ADD COLUMN color text", "not the portal's: column license.color")]
    [InlineData(
        "ALTER TABLE license RENAME COLUMN expires_at TO ends_at",
        "missing column license.expires_at; not the portal's: column license.ends_at")]
    [InlineData("ALTER TABLE payment SET UNLOGGED", "changed table payment")]
    [InlineData("ALTER TABLE payment ENABLE ROW LEVEL SECURITY", "changed table payment")]
    [InlineData("DROP INDEX ux_activation_active_seat", "missing index activation.ux_activation_active_seat")]
    [InlineData(
        "DROP INDEX ux_flag_open; CREATE INDEX ux_flag_open ON flag (license_id, kind) WHERE state <> 'Resolved'",
        "missing index flag.ux_flag_open")]
    [InlineData("DROP INDEX ux_flag_open; CREATE UNIQUE INDEX ux_flag_open ON flag (license_id, kind)", "changed index flag.ux_flag_open")]
    [InlineData("CREATE UNIQUE INDEX one_each ON license (customer_id)", "not the portal's: index license.one_each")]
    [InlineData("ALTER TABLE license DROP CONSTRAINT ck_license_seats", "missing constraint license.ck_license_seats")]
    [InlineData(
        "ALTER TABLE license DROP CONSTRAINT ck_license_seats, ADD CONSTRAINT ck_license_seats CHECK (seats > 5)",
        "changed constraint license.ck_license_seats")]
    [InlineData(
        "ALTER TABLE activation DROP CONSTRAINT fk_activation_license_license_id",
        "missing constraint activation.fk_activation_license_license_id")]
    [InlineData("DROP TRIGGER only_grows ON license_event", "missing trigger license_event.only_grows")]
    [InlineData("ALTER TABLE license_event DISABLE TRIGGER only_grows", "changed trigger license_event.only_grows")]
    [InlineData(
        "CREATE OR REPLACE TRIGGER only_grows BEFORE DELETE ON license_event FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "changed trigger license_event.only_grows")]
    [InlineData(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        "changed function refuse_change")]
    [InlineData("CREATE FUNCTION refuse_change(int) RETURNS int LANGUAGE sql AS 'SELECT 1'", "not the portal's: function refuse_change")]
    [InlineData("ALTER SEQUENCE customer_number INCREMENT BY 7", "changed sequence customer_number")]
    public async Task What_is_altered_is_named(string act, string named)
    {
        var verdict = await LookAfterAsync(act);

        verdict.State.ShouldBe(SchemaState.Altered);
        verdict.Complaint.ShouldBe(
            $"The database's schema is not what its last migration {Newest.Migration} makes: {named}. "
            + "Undo what was changed by hand, or restore a backup.");
    }

    [Fact]
    public async Task Of_many_differences_the_first_few_are_named()
    {
        await using var database = await TestDatabase.CreateAsync();
        var ids = string.Join(", ", KnownSchemas.All.Select(k => $"('{k.Migration}', '10')"));
        await ExecuteAsync(
            database,
            $"""
            DROP SCHEMA public CASCADE;
            CREATE SCHEMA public;
            CREATE TABLE "__EFMigrationsHistory" ("MigrationId" text, "ProductVersion" text);
            INSERT INTO "__EFMigrationsHistory" VALUES {ids}
            """);
        var whole = Newest.Lines.Where(l => l.Split(' ')[0] is "table" or "function" or "sequence").Order(StringComparer.Ordinal).ToList();

        var complaint = (await LookAsync(database.OwnerConnection)).Complaint.ShouldNotBeNull();

        var first = string.Join(", ", whole.Take(5).Select(l => string.Join(' ', l.Split(' ')[..2])));
        complaint.ShouldContain($"missing {first} and {whole.Count - 5} more.");
    }

    [Fact]
    public async Task What_is_altered_is_refused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await ExecuteAsync(database, "DROP TRIGGER only_grows ON license_event");

        await RefusedAsync(database, await LookAsync(database.PortalConnection));
    }

    [Theory]
    [InlineData("CREATE INDEX quick ON license (created_at)")]
    [InlineData(
        "ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0.01); ALTER TABLE license ALTER COLUMN serial SET STATISTICS 500")]
    [InlineData("CREATE TABLE license_copy AS SELECT * FROM license; CREATE VIEW overview AS SELECT id FROM license")]
    [InlineData("CREATE FUNCTION help() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE SEQUENCE tickets")]
    [InlineData("CREATE EXTENSION citext")]
    [InlineData("REVOKE ALL ON license FROM portal_app; COMMENT ON TABLE license IS 'ours'")]
    public async Task What_others_put_beside_it_does_not_count(string act)
    {
        var verdict = await LookAfterAsync(act);

        (verdict.State, verdict.Complaint).ShouldBe((SchemaState.Current, null));
    }

    /// <summary>While nodes are replaced one by one, those whose turn has not come yet work on, and start again.</summary>
    [Fact]
    public async Task A_later_version_has_migrated_and_lets_this_one_go_on()
    {
        await using var database = await TestDatabase.CreateAsync();
        await ExecuteAsync(database, Later);

        var verdict = await LookAsync(database.PortalConnection);

        (verdict.State, verdict.Complaint).ShouldBe((SchemaState.Later, null));
        (await PortalDatabase.MigrateAsync(database.OwnerConnection, database.PortalConnection, default)).ShouldBeEmpty();
        await using var portal = new PortalFactory
        {
            Configuration =
            {
                ["ConnectionStrings:Portal"] = database.PortalConnection,
                ["ConnectionStrings:Migration"] = database.OwnerConnection,
            },
        };
        foreach (var onStart in (string[])["true", "false"])
        {
            portal.Configuration["Database:MigrateOnStart"] = onStart;
            (await portal.RunAsync("admin", "list")).Exit.ShouldBe(ExitCode.Done);
        }
    }

    /// <summary>The last contraction names a migration that this version does not know.</summary>
    [Fact]
    public async Task A_later_version_has_migrated()
    {
        await using var database = await TestDatabase.CreateAsync();
        await ExecuteAsync(database, Later + "; UPDATE schema_support SET oldest_migration = '20991230000000_Used'");

        var verdict = await LookAsync(database.PortalConnection);

        verdict.State.ShouldBe(SchemaState.Ahead);
        verdict.Complaint.ShouldBe(
            "A later version of the portal has migrated the database (20991231000000_Later). Install that version or a later one; "
            + "a schema never goes back.");
        await RefusedAsync(database, verdict);
    }

    [Fact]
    public async Task Without_its_rights_the_role_is_told_to_migrate()
    {
        await using var database = await TestDatabase.CreateAsync();
        await ExecuteAsync(database, "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM portal_app");

        (await LookAsync(database.PortalConnection)).Complaint.ShouldBe(
            "The role portal_app has no rights in the database's schema yet. Run the command 'migrate', which gives them.");
        await PortalDatabase.MigrateAsync(database.OwnerConnection, database.PortalConnection, default);
        (await LookAsync(database.PortalConnection)).Complaint.ShouldBeNull();
    }

    [Fact]
    public async Task A_history_with_a_gap_is_refused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await ExecuteAsync(database, "DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" LIKE '%\\_Guards'");

        var verdict = await LookAsync(database.PortalConnection);

        verdict.State.ShouldBe(SchemaState.Altered);
        verdict.Complaint.ShouldNotBeNull()
            .ShouldStartWith($"The history of migrations ends with {Newest.Migration} and lacks 20261122000002_Guards.");
        await RefusedAsync(database, verdict);
    }

    [Fact]
    public async Task Tables_without_a_history_are_refused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await ExecuteAsync(database, "DROP TABLE \"__EFMigrationsHistory\"");

        var verdict = await LookAsync(database.PortalConnection);

        verdict.State.ShouldBe(SchemaState.Altered);
        verdict.Complaint.ShouldNotBeNull()
            .ShouldStartWith("The database has no history of migrations, and yet tables of the portal (table activation, ");
        await RefusedAsync(database, verdict);
    }

    [Fact]
    public async Task An_older_schema_that_was_altered_is_not_migrated()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using (var context = Context(database))
        {
            await context.GetService<IMigrator>().MigrateAsync(KnownSchemas.All[1].Migration);
        }

        await ExecuteAsync(database, "DROP TRIGGER only_grows ON payment");

        var verdict = await LookAsync(database.OwnerConnection);

        verdict.State.ShouldBe(SchemaState.Altered);
        verdict.Complaint.ShouldNotBeNull().ShouldContain("20261122000002_Guards makes: missing trigger payment.only_grows.");
        await RefusedAsync(database, verdict);
    }

    /// <summary>
    /// The migrations of 0.1.0 were made anew under their ids until it was released: the history says that nothing is missing but what came
    /// later.
    /// </summary>
    [Fact]
    public async Task A_database_of_before_the_first_release_is_recognized_and_refused()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var script = Repository.At("SelfHelpPortal.Tests", "Data", "Releases", "before-0.1.0.sql.gz");
        await using (var file = File.OpenRead(script))
        await using (var unzip = new GZipStream(file, CompressionMode.Decompress))
        using (var reader = new StreamReader(unzip))
        {
            await ExecuteAsync(database, await reader.ReadToEndAsync());
        }

        var verdict = await LookAsync(database.OwnerConnection);

        verdict.State.ShouldBe(SchemaState.BeforeFirstRelease);
        verdict.Complaint.ShouldBe(
            "A version before 0.1.0 made the database, and no release carries that over. Restore a backup of 0.1.0 or later, "
            + "or begin with an empty database.");
        await RefusedAsync(database, verdict);
    }

    /// <summary>Of all that the portal needs, only this one is not in every server.</summary>
    [Theory]
    [InlineData(
        "SELECT 1",
        "The role plain may not create the extension pg_trgm, by which staff find customers. "
        + "Let an administrator run CREATE EXTENSION pg_trgm in the database ")]
    [InlineData(
        "CREATE SCHEMA aside; CREATE EXTENSION pg_trgm SCHEMA aside",
        "The extension pg_trgm lies in a schema that is not on the search path. "
        + "Move it with ALTER EXTENSION pg_trgm SET SCHEMA public, and migrate again.")]
    public async Task Whoever_may_not_create_the_extension_is_told_what_to_do(string before, string sentence)
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using (var context = Context(database))
        {
            await context.GetService<IMigrator>().MigrateAsync("20261201201858_OutgoingMail");
        }

        await ExecuteAsync(
            database,
            $"""
            {before};
            DO $$ BEGIN CREATE ROLE plain; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            GRANT ALL ON SCHEMA public TO plain;
            GRANT ALL ON ALL TABLES IN SCHEMA public TO plain;
            """);
        await using var plain = new PortalDbContext(new DbContextOptionsBuilder<PortalDbContext>()
            .UsePortal(database.OwnerConnection + ";Pooling=false;Options=-c role=plain").Options);

        var refused = await Should.ThrowAsync<PostgresException>(() => plain.Database.MigrateAsync());

        refused.MessageText.ShouldStartWith(sentence);
    }

    [Fact]
    public async Task The_schema_may_have_another_name()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await ExecuteAsync(database, "CREATE SCHEMA \"Licenses\"; CREATE TABLE public.license (id int)");
        const string Path = ";Search Path='\"Licenses\"'";

        var applied = await PortalDatabase.MigrateAsync(database.OwnerConnection + Path, database.PortalConnection + Path, default);
        applied.Count.ShouldBe(KnownSchemas.All.Count);

        (await LookAsync(database.PortalConnection + Path)).Complaint.ShouldBeNull();
        await using var portal = await OpenAsync(database.PortalConnection + Path);
        await using var select = new NpgsqlCommand("SELECT count(*) FROM customer", portal);
        (await select.ExecuteScalarAsync()).ShouldBe(0L);
    }

    [Fact]
    public async Task Who_looks_while_another_node_migrates_sees_no_half_of_it()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();

        var migrated = Enumerable.Range(0, 3)
            .Select(_ => PortalDatabase.MigrateAsync(database.OwnerConnection, database.PortalConnection, default)).ToArray();
        List<SchemaVerdict> seen = [];
        while (!Array.TrueForAll(migrated, m => m.IsCompleted))
        {
            seen.Add(await LookAsync(database.PortalConnection));
            seen.Add(await LookAsync(database.OwnerConnection));
        }

        (await Task.WhenAll(migrated)).Sum(m => m.Count).ShouldBe(KnownSchemas.All.Count);
        seen.ShouldAllBe(v => v.State == SchemaState.Behind || v.State == SchemaState.Current);
        (await LookAsync(database.PortalConnection)).State.ShouldBe(SchemaState.Current);
    }

    private static PortalDbContext Context(TestDatabase database) =>
        new(new DbContextOptionsBuilder<PortalDbContext>().UsePortal(database.OwnerConnection + ";Pooling=false").Options);

    /// <summary>By <c>migrate</c> and by every other command; and the refusal has changed nothing.</summary>
    private static async Task RefusedAsync(TestDatabase database, SchemaVerdict verdict)
    {
        var refusal = await Should.ThrowAsync<StartRefusedException>(
            () => PortalDatabase.MigrateAsync(database.OwnerConnection, database.PortalConnection, default));
        refusal.Message.ShouldBe(verdict.Complaint);
        await using var portal = new PortalFactory
        {
            Configuration =
            {
                ["ConnectionStrings:Portal"] = database.OwnerConnection,
                ["ConnectionStrings:Migration"] = database.OwnerConnection,
            },
        };
        foreach (var onStart in (string[])["true", "false"])
        {
            portal.Configuration["Database:MigrateOnStart"] = onStart;
            (await portal.RunAsync("admin", "list")).ShouldBe((ExitCode.Refused, verdict.Complaint + Environment.NewLine));
        }

        (await LookAsync(database.OwnerConnection)).ShouldBeEquivalentTo(verdict);
    }

    private static async Task<SchemaVerdict> LookAfterAsync(string act)
    {
        await using var database = await TestDatabase.CreateAsync();
        await ExecuteAsync(database, act);
        return await LookAsync(database.PortalConnection);
    }

    private static async Task<SchemaVerdict> LookAsync(string address)
    {
        await using var connection = await OpenAsync(address);
        return await SchemaCheck.LookAsync(connection, default);
    }

    private static async Task<NpgsqlConnection> OpenAsync(string address)
    {
        var connection = new NpgsqlConnection(address + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(TestDatabase database, string sql)
    {
        await using var connection = await OpenAsync(database.OwnerConnection);
#pragma warning disable CA2100 // The texts stand in this class and in Releases.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
