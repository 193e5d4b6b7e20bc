using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Features.Staff.SeedDemo;
using SelfHelpPortal.Features.Staff.Search;
using SelfHelpPortal.Features.Staff.Settings;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Bench;

/// <summary>
/// What callers say, searched over everything as a clerk does it: sign-in looked at, limit counted, all groups found and read, look-up
/// noted. Between the searches the same machine reads a license by its primary key with Npgsql; the result is the ratio of both medians.
/// </summary>
internal static class SearchBench
{
    /// <summary>A search of everything asks some twenty indexes, and the page's rows after that.</summary>
    private const double Goal = 250;
    private const int GoalMilliseconds = 150;
    private const int SearchesOfAccount = 250;
    private const string Product = "muster-pos";

    /// <summary>Indexes are made after the rows, which takes a fraction of the time.</summary>
    private const string Fill =
        """
        SET session_replication_role = replica;
        SET maintenance_work_mem = '512MB';
        CREATE TEMP TABLE later AS SELECT indexname, indexdef FROM pg_indexes
            WHERE tablename IN ('customer', 'license', 'activation') AND indexname NOT IN (SELECT conname FROM pg_constraint);
        DO $$ DECLARE i record; BEGIN FOR i IN SELECT * FROM later LOOP EXECUTE format('DROP INDEX %I', i.indexname); END LOOP; END $$;
        INSERT INTO customer (id, number, company, is_consumer, email, language, street, postal_code, city, country, vat_id,
                reminders_paused, invoice_format)
            SELECT md5('c' || n)::uuid, 'C-' || (100000 + n),
                (ARRAY['Bäckerei','Konditorei','Gasthaus','Café','Metzgerei','Hotel','Kiosk','Eisdiele'])[1 + n % 8] || ' '
                    || (ARRAY['Müller','Weiß','Krüger','Sørensen','Groß','Lefèvre','König','Schröder','Jäger','Voß'])[1 + (n / 8) % 10]
                    || ' ' || substr(md5('name' || n), 1, 5) || ' GmbH', c.is_consumer,
                'kasse' || n || '@betrieb' || n % 5000 || '.example', c.language, 'Hauptstraße ' || n % 300,
                lpad((n % 90000 + 10000)::text, 5, '0'),
                (ARRAY['München','Köln','Düsseldorf','Würzburg','Saarbrücken','Osnabrück'])[1 + n % 6] || '-' || n % 700,
                c.country, 'DE' || (100000000 + n), c.reminders_paused, c.invoice_format
            FROM customer c, generate_series(1, {rows}) n WHERE c.id = '{customer}';
        INSERT INTO license SELECT r.* FROM license l, generate_series(1, {rows}) n,
            LATERAL jsonb_populate_record(l, jsonb_build_object('id', md5('l' || n)::uuid, 'number', 'L-' || (1000000 + n),
                'customer_id', md5('c' || n)::uuid,
                'serial', 'S-' || upper(substr(md5('s' || n), 1, 5)) || '-' || upper(substr(md5('s' || n), 6, 5)),
                'key_hash', '\x' || md5('k' || n), 'key_folded_hash', '\x' || md5('f' || n),
                'key_last_five', upper(substr(md5('k' || n), 1, 5)))) r
            WHERE l.id = '{license}';
        INSERT INTO activation SELECT r.* FROM activation a, generate_series(1, {rows}) n,
            LATERAL jsonb_populate_record(a, jsonb_build_object('id', md5('a' || n)::uuid, 'license_id', md5('l' || n)::uuid,
                'handle', upper(substr(md5('h' || n), 1, 13)), 'pc_name', 'KASSE-' || n)) r
            WHERE a.license_id = '{license}';
        DO $$ DECLARE i record; BEGIN FOR i IN SELECT * FROM later LOOP EXECUTE i.indexdef; END LOOP; END $$;
        SET session_replication_role = origin;
        """;

    public static async Task<int> RunAsync(int licenses, int rounds)
    {
        await using var bench = await BenchPortal.CreateAsync();
        await using var app = bench.Services();
        await FillAsync(app, bench, licenses);
        await bench.AnalyzeAsync();
        var search = app.Services.GetRequiredService<SearchEverything>();
        var middle = licenses / 2;
        await using var source = PortalDataSource.Create(bench.Connection);
        var terms = await TermsAsync(source, middle);
        var times = terms.ToDictionary(t => t, _ => new List<double>());
        List<double> bare = [];
        StaffActor? actor = null;
        var searches = 0;

        // The first round compiles, and is not counted.
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var term in terms)
            {
                actor = searches++ % SearchesOfAccount == 0 ? await ClerkAsync(app, searches) : actor;
                var read = await BareAsync(source, middle);
                var watch = Stopwatch.StartNew();
                var answer = await search.ExecuteAsync(
                    actor!, term.Text, app.Services.GetRequiredService<TimeProvider>().GetUtcNow(), CancellationToken.None);
                if (answer.Value is not { } found || (found.Groups.Count > 0) != term.IsFound)
                {
                    throw new InvalidOperationException($"The search for {term.Text} was answered wrongly.");
                }

                if (round > 0)
                {
                    times[term].Add(watch.Elapsed.TotalMilliseconds);
                    bare.Add(read);
                }
            }
        }

        return await PrintAsync(licenses, rounds, times, bare);
    }

    private static async Task<int> PrintAsync(int licenses, int rounds, Dictionary<Term, List<double>> times, List<double> bare)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{licenses:N0} licenses, customers and computers; {rounds} rounds of {times.Count} terms; "
                + $"{Environment.ProcessorCount} cores"));
        Console.WriteLine("| what was said | median ms | worst ms |");
        Console.WriteLine("|---|---|---|");
        foreach (var (term, taken) in times)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {term.What} | {Median(taken):0.0} | {taken.Max():0.0} |"));
        }

        var (all, one) = (Median(times.Values.SelectMany(t => t)), Median(bare));
        var load = (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"median {all:0.0} ms, goal {GoalMilliseconds}; a read by primary key {one:0.00} ms; ratio {all / one:0}, goal at most "
                + $"{Goal:0}; load average {load}"));
        return all / one <= Goal && all <= GoalMilliseconds ? 0 : 1;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var all ? all[all.Length / 2] : 0;

    /// <summary>So many customers, each with a license and a computer.</summary>
    internal static async Task FillAsync(WebApplication app, BenchPortal bench, int licenses)
    {
        var services = app.Services;
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        await services.GetRequiredService<SettingsFile>().SaveAsync(SeedDemo.Settings(now), now, CancellationToken.None);
        services.GetRequiredService<ProductCatalog>().Forget();
        var policy = SeedDemo.Products.Single(p => p.Id == Product).Policies.Hardware;
        var customer = new Customer { Number = "C-1", Company = "Muster GmbH", Email = "muster@example.org" };
        var key = ActivationKey.New();
        var license = services.GetRequiredService<LicenseFactory>().Make(
            "L-1", Product, customer.Id, key.Normalized, key.ToString(), seats: 1, now);
        license.Activate(
            new Computer(Hardware(), "MUSTER-1", "1.0"), services.GetRequiredService<ActivationSecretsFactory>().Make(), policy, now);
        await using (var db = await services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync())
        {
            db.AddRange(customer, license);
            await db.SaveChangesAsync();
        }

        await using var source = PortalDataSource.Create(bench.OwnerConnection);
#pragma warning disable CA2100 // Made here.
        await using var fill = source.CreateCommand(Fill
            .Replace("{rows}", licenses.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{customer}", customer.Id.ToString(), StringComparison.Ordinal)
            .Replace("{license}", license.Id.ToString(), StringComparison.Ordinal));
#pragma warning restore CA2100
        fill.CommandText = "SET statement_timeout = 0; " + fill.CommandText;
        fill.CommandTimeout = 0;
        await fill.ExecuteNonQueryAsync();
    }

    private static HardwareCode Hardware() =>
        HardwareCode.From(Product, HardwareComponents.Kinds.Select(kind => KeyValuePair.Create(kind, $"bench-{kind}")));

    private static async Task<IReadOnlyList<Term>> TermsAsync(NpgsqlDataSource source, int middle)
    {
        var number = 1000000 + middle;
        var (serial, lastFive, company) = await RowAsync(source, middle);
        return
        [
            new("license number", $"L-{number}"), new("license number, its digits", $"{number}"),
            new("license number, its beginning", $"L-{number}"[..6]), new("license number, its end", $"{number}"[^4..]),
            new("serial", serial), new("serial, its first group", serial[2..7]), new("serial, its last group", serial[8..]),
            new("serial, its middle", serial[4..10]), new("license number, its middle", $"{number}"[1..6]),
            new("end of the key", lastFive), new("customer number", $"C-{100000 + middle}"), new("company", company),
            new("company, words turned round", string.Join(' ', company.Split(' ').Reverse())),
            new("a rare word", company.Split(' ')[2]), new("a common name", "Müller"), new("two common words", "Muller Bäckerei"),
            new("common words that nobody has together", "Düsseldorf Saarbrücken", IsFound: false),
            new("street", "Hauptstrasse 77"), new("town", "duesseldorf"), new("postal code", $"{(middle % 90000) + 10000:D5}"),
            new("e-mail address", $"kasse{middle}@betrieb{middle % 5000}.example"), new("part of an e-mail address", "@betrieb77."),
            new("VAT id", $"DE{100000000 + middle}"), new("VAT id in groups", "DE 100 000 777"), new("PC name", $"KASSE-{middle}"),
            new("beginning of many PC names", "kasse-1"), new("hardware code", Hardware().ToString()),
            new("what is not there", "Nirgendwo Xyzzyq", IsFound: false), new("an amount that is on no invoice", "83,30", IsFound: false),
        ];
    }

    private static async Task<(string Serial, string LastFive, string Company)> RowAsync(NpgsqlDataSource source, int middle)
    {
        await using var command = source.CreateCommand(
            "SELECT l.serial, l.key_last_five, c.company FROM license l JOIN customer c ON c.id = l.customer_id "
                + "WHERE l.id = md5('l' || $1)::uuid");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = middle });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetString(0), reader.GetString(1), reader.GetString(2));
    }

    /// <returns>Milliseconds.</returns>
    private static async Task<double> BareAsync(NpgsqlDataSource source, int middle)
    {
        var watch = Stopwatch.StartNew();
        await using var command = source.CreateCommand(
            "SELECT number, serial, customer_id, state FROM license WHERE id = md5('l' || $1)::uuid");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = middle });
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? watch.Elapsed.TotalMilliseconds : throw new InvalidOperationException("The license is gone.");
    }

    /// <summary>An account for some of the searches, since each may search only so often in an hour.</summary>
    internal static async Task<StaffActor> ClerkAsync(WebApplication app, int number)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var roles = scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole<Guid>>>();
        var name = string.Create(CultureInfo.InvariantCulture, $"clerk{number}@team.example");
        var user = new PortalUser { Id = Guid.CreateVersion7(), UserName = name, Email = name, DisplayName = name, CreatedAt = now };
        await users.CreateAsync(user);
        if (!await roles.RoleExistsAsync(StaffRoles.Support))
        {
            await roles.CreateAsync(new IdentityRole<Guid>(StaffRoles.Support));
        }

        await users.AddToRoleAsync(user, StaffRoles.Support);
        await users.SetTwoFactorEnabledAsync(user, true);
        var stamp = await users.GetSecurityStampAsync(user);
        var session = await app.Services.GetRequiredService<UserSessions>().BeginAsync(user.Id, SignInStrength.Totp, now);
        return new StaffActor(user.Id, name, stamp, SignInStrength.Totp, now, "192.0.2.0/24", session) { Roles = [StaffRoles.Support] };
    }

    private sealed record Term(string What, string Text, bool IsFound = true);
}
