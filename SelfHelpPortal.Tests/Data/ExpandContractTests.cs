using SelfHelpPortal.Data;
using SelfHelpPortal.Hosting.Backups;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>
/// Programs of the last release work on the schema of this version while their nodes are replaced one by one (docs/release.md). What a
/// migration takes away or forbids was looked at, or it says that those programs must not go on.
/// </summary>
public class ExpandContractTests
{
    /// <summary>What narrows, and why a program of 0.2.0 never notices it.</summary>
    private static readonly Dictionary<string, string> LookedAt = new()
    {
        ["+ trigger license_event.announce_writer"] = "Only tells other sessions.",
        ["- trigger invoice.content_stays"] = "Comes again at once with more columns that may change.",
        ["+ trigger invoice.content_stays"] = "Lets more change than the one before.",
        ["+ constraint customer.ck_customer_merged"] = "On a new column.",
        ["+ constraint customer.fk_customer_customer_merged_into_id"] = "On a new column.",
        ["+ trigger invoice.follows_merge"] = "An invoice never changed its customer before.",
        ["+ trigger invoice.not_in_future"] = "An invoice has the day of its issue.",
        ["+ trigger invoice_series.content_stays"] = "Only number and day of a series ever changed.",
        ["+ trigger invoice_series.counts_onward"] = "Numbers only ever grew.",
        ["+ trigger invoice_series.not_in_future"] = "The day of the last issue is today.",
        ["+ trigger invoice_series.not_into_future"] = "The day of the last issue is today.",
        ["+ constraint activation.ck_activation_end"] = "On new columns.",
        ["+ index activation.ux_activation_active_seat"] = "The same for a computer without an end, and 0.2.0 makes no others.",
        ["+ index activation.ux_activation_temporary"] = "On a new column.",
        ["+ constraint payment.fk_payment_payment_undoes_id"] = "On a new column.",
        ["+ index payment.ix_payment_bank_line_invoice_id"] = "A bank line was booked on an invoice once before, too.",
        ["+ index payment.ix_payment_undoes_id"] = "On a new column.",
        ["+ constraint asp_net_users.ck_asp_net_users_one_spelling"] =
            "Only an address with other letters than ASCII in its name is refused by it.",
        ["+ index asp_net_users.email_index"] = "Identity looked for the address before, too.",
    };

    [Fact]
    public async Task What_narrows_the_schema_since_the_last_release_was_looked_at_or_is_said()
    {
        var last = await LastOfReleaseAsync();
        var narrowing = Narrowing(await File.ReadAllLinesAsync(Repository.At("migrations", "catalog.txt")), last).ToList();
        await using var database = await TestDatabase.CreateAsync();
        await using var owner = new Npgsql.NpgsqlConnection(database.OwnerConnection);
        await owner.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand("SELECT oldest_migration FROM schema_support", owner);
        var oldest = (string)(await command.ExecuteScalarAsync())!;

        KnownSchemas.All.Select(k => k.Migration).ShouldContain(oldest);
        if (string.CompareOrdinal(oldest, last) <= 0)
        {
            narrowing.Except(LookedAt.Keys).ShouldBeEmpty(
                "programs of the last release may stumble over it: look at it and list it here, or let the migration raise schema_support");
        }

        LookedAt.Keys.Except(narrowing).ShouldBeEmpty("released meanwhile");
    }

    [Theory]
    [InlineData("- column license.serial text", "- column license.serial")]
    [InlineData("- table license", "- table license")]
    [InlineData("+ column license.color text not null", "+ column license.color")]
    [InlineData("+ column license.color text not null 'red'", null)]
    [InlineData("+ column license.color text", null)]
    [InlineData("+ column paint.color text not null", null)]
    [InlineData("+ constraint license.ck_license_color CHECK color <> ''", "+ constraint license.ck_license_color")]
    [InlineData("+ index license.ux_license_color unique btree color", "+ index license.ux_license_color")]
    [InlineData("+ index license.ix_license_color btree color", null)]
    [InlineData("- index license.ix_license_number btree number", null)]
    [InlineData("+ trigger license.paints BEFORE UPDATE ON license", "+ trigger license.paints")]
    [InlineData("- function paint returns trigger", "- function paint")]
    public void Only_what_an_older_program_can_notice_narrows(string line, string? named)
    {
        string[] catalog = ["= 1_Released 00", "+ table license", "= 2_Later 00", "+ table paint", line];

        Narrowing(catalog, "1_Released").ShouldBe(named is null ? [] : [named]);
    }

    /// <summary>Kind and name of what was taken from the tables of the release, or forbids what they allowed.</summary>
    private static IEnumerable<string> Narrowing(IEnumerable<string> catalog, string last)
    {
        HashSet<string> tables = [];
        var isLater = false;
        foreach (var line in catalog.Where(l => l.Length > 2))
        {
            if (line[0] == '=')
            {
                isLater = string.CompareOrdinal(line.Split(' ')[1], last) > 0;
                continue;
            }

            var (kind, name) = (line.Split(' ')[1], line.Split(' ')[2]);
            if (!isLater)
            {
                if (kind == "table")
                {
                    _ = line[0] == '+' ? tables.Add(name) : tables.Remove(name);
                }

                continue;
            }

            var detail = line.Split(' ', 4) is [_, _, _, var rest] ? rest : "";
            var narrows = (line[0], kind) switch
            {
                ('-', "index") => false,
                ('-', _) => true,
                ('+', "column") => detail.EndsWith("not null", StringComparison.Ordinal),
                ('+', "index") => detail.StartsWith("unique", StringComparison.Ordinal),
                ('+', "constraint" or "trigger") => true,
                _ => false,
            };
            if (narrows && (kind == "function" || tables.Contains(name.Split('.')[0])))
            {
                yield return $"{line[0]} {kind} {name}";
            }
        }
    }

    /// <summary>The migration that the dump of the newest release ends with.</summary>
    private static async Task<string> LastOfReleaseAsync()
    {
        var dump = Directory.GetFiles(Repository.At("SelfHelpPortal.Tests", "Data", "Releases"), "*.dump")
            .MaxBy(file => Version.Parse(Path.GetFileNameWithoutExtension(file)))!;
        var start = ServerAccount.StartInfo(
            null, PostgresProgram.PathOf("pg_restore"), ["--data-only", "--table=__EFMigrationsHistory", "--file=-", dump]);
        var (exit, text, complaint) = await Subprocess.RunAsync(start, default);
        exit.ShouldBe(0, complaint);
        return text.Split('\n').Where(line => line.Contains('\t', StringComparison.Ordinal)).Select(line => line.Split('\t')[0])
            .Max(StringComparer.Ordinal)!;
    }
}
