using System.Diagnostics;
using System.Globalization;
using MiniExcelLibs;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Import;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Settings;
using SelfHelpPortal.Features.Staff.SeedDemo;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Bench;

/// <summary>
/// A tenth of the rows, then all of them, with faults among them: how long each step takes, and how much lives in memory at most. The time
/// is held against copying the same licenses, customers and events inside the database, as many at a time.
/// </summary>
internal static class ImportBench
{
    private const double GoalMemory = 1.5;
    private const double GoalRatio = 0.04;
    private const int CopiedAtOnce = 500;

    public static async Task<int> RunAsync(int rows, int faults)
    {
        await using var bench = await BenchPortal.CreateAsync();
        await using var services = bench.Services();
        var now = services.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        await services.Services.GetRequiredService<SettingsFile>().SaveAsync(SeedDemo.Settings(now), now, CancellationToken.None);
        services.Services.GetRequiredService<ProductCatalog>().Forget();

        // Until the code that runs has been compiled for speed.
        await MeasureAsync(services, bench, "warm", 2_000, 20, workbook: false);
        await MeasureAsync(services, bench, "warmx", 2_000, 20, workbook: true);
        Console.WriteLine("| file | rows | faults | uploaded s | checked s | imported s | rows/s | live MB at most |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        List<Measured> all = [];
        foreach (var workbook in new[] { false, true })
        {
            foreach (var (tag, part) in new[] { ("a", 10), ("b", 1) })
            {
                all.Add(await MeasureAsync(services, bench, tag + (workbook ? "x" : "c"), rows / part, faults / part, workbook));
                Console.WriteLine(all[^1]);
            }
        }

        var ceiling = await CopyAsync(bench, rows);
        var memory = Math.Max((double)all[1].Bytes / all[0].Bytes, (double)all[3].Bytes / all[2].Bytes);
        var ratio = all[1].PerSecond / ceiling;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"memory for {rows:N0} rows against {rows / 10:N0}: {memory:0.00}, goal at most {GoalMemory:0.0}; copying inside the database "
                + $"{ceiling:N0} a second, ratio {ratio:0.00}, goal {GoalRatio:0.00}; load average {LoadAverage()}"));
        return memory <= GoalMemory && ratio >= GoalRatio ? 0 : 1;
    }

    private static async Task<Measured> MeasureAsync(
        WebApplication app, BenchPortal bench, string tag, int rows, int faults, bool workbook)
    {
        var path = Path.Combine(bench.Folder, $"list-{tag}");
        if (workbook)
        {
            await MiniExcel.SaveAsAsync(path, Rows(tag, rows, faults), excelType: ExcelType.XLSX);
        }
        else
        {
            await File.WriteAllLinesAsync(path, Rows(tag, rows, faults).Select(row => string.Join(';', row.Values))
                .Prepend(string.Join(';', Rows(tag, 1, 0).First().Keys)));
        }

        var (steps, acts) = (app.Services.GetRequiredService<ImportSteps>(), app.Services.GetRequiredService<ImportActs>());
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var check = await steps.RowCheckAsync(CancellationToken.None);
        var id = Guid.CreateVersion7();
        using var live = new LiveMemory();
        var watch = Stopwatch.StartNew();
        await using (var file = File.OpenRead(path))
        {
            await steps.StageAsync(id, tag, file, createdBy: null, now, CancellationToken.None);
        }

        var uploaded = watch.Elapsed;
        await RunAsync(
            ImportState.Uploaded, (db, held) => steps.CheckPartAsync(db, held, check, Actor.Operator, now, CancellationToken.None));
        var isChecked = watch.Elapsed;
        await RunAsync(ImportState.Checked, (db, held) =>
            ImportSteps.StartAsync(db, held, alsoUpdate: false, Actor.Operator, now, CancellationToken.None));
        var done = await RunAsync(
            ImportState.Importing, (db, held) => steps.ImportPartAsync(db, held, check, Actor.Operator, now, CancellationToken.None));
        if ((done.Added, done.FaultyRows) != (rows - faults, faults))
        {
            throw new InvalidOperationException($"{done.Added} came in and {done.FaultyRows} were faulty of {rows} with {faults} faults.");
        }

        return new(workbook ? "xlsx" : "csv", rows, faults, uploaded, isChecked - uploaded, watch.Elapsed - isChecked, live.Most);

        async Task<ImportFile> RunAsync(ImportState state, Func<PortalDbContext, ImportFile, Task> step)
        {
            ImportFile? last = null;
            while (last is null || last.State == state)
            {
                await acts.RunAsync(id, async (db, held) =>
                {
                    if (held.State == state)
                    {
                        await step(db, held);
                    }

                    last = held;
                    return StaffResult.Done;
                }, now, CancellationToken.None);
            }

            return last;
        }
    }

    /// <summary>Two licenses for each customer; the faulty rows lie among the others.</summary>
    private static IEnumerable<Dictionary<string, object>> Rows(string tag, int rows, int faults) => Enumerable.Range(0, rows).Select(i =>
        new Dictionary<string, object>
        {
            ["Produkt"] = "muster-pos",
            ["Lizenznummer"] = string.Create(CultureInfo.InvariantCulture, $"{tag.ToUpperInvariant()}-{i}"),
            ["Firma"] = string.Create(CultureInfo.InvariantCulture, $"Muster Gastronomie {tag} {i / 2} GmbH"),
            ["E-Mail"] = faults > 0 && i % (rows / faults) == 0 && i / (rows / faults) < faults
                ? "keine Adresse"
                : string.Create(CultureInfo.InvariantCulture, $"inhaber{i / 2}@muster-{tag}.example"),
            ["Straße"] = "Musterstraße 1",
            ["PLZ"] = "01067",
            ["Ort"] = "Dresden",
            ["gültig bis"] = "31.12.2027",
        });

    /// <summary>Licenses a second.</summary>
    private static async Task<double> CopyAsync(BenchPortal bench, int rows)
    {
        await using var source = NpgsqlDataSource.Create(bench.OwnerConnection);
        await using var connection = await source.OpenConnectionAsync();
        foreach (var table in new[] { "customer", "license", "license_event", "event_detail" })
        {
            await ExecuteAsync(connection, $"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL EXCLUDING IDENTITY)");
        }

        await ExecuteAsync(connection, "CREATE TABLE bench_order AS SELECT id, row_number() OVER (ORDER BY id) AS place FROM license");
        await ExecuteAsync(connection, "CREATE INDEX ON bench_order (place)");
        var watch = Stopwatch.StartNew();
        var copied = 0;
        for (; copied < rows; copied += CopiedAtOnce)
        {
            var part = $"SELECT id FROM bench_order WHERE place > {copied} AND place <= {copied + CopiedAtOnce}";
            await ExecuteAsync(connection, $"""
                BEGIN;
                INSERT INTO bench_customer SELECT * FROM customer WHERE id IN (SELECT customer_id FROM license WHERE id IN ({part}))
                    ON CONFLICT DO NOTHING;
                INSERT INTO bench_license SELECT * FROM license WHERE id IN ({part});
                INSERT INTO bench_license_event SELECT * FROM license_event WHERE stream IN ({part});
                INSERT INTO bench_event_detail SELECT * FROM event_detail WHERE event_id IN (
                    SELECT id FROM license_event WHERE stream IN ({part}));
                COMMIT;
                """);
        }

        return copied / watch.Elapsed.TotalSeconds;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // The statements stand in this class.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    private sealed record Measured(
        string Kind, int Rows, int Faults, TimeSpan Uploaded, TimeSpan Checked, TimeSpan Imported, long Bytes)
    {
        public double PerSecond => Rows / (Uploaded + Checked + Imported).TotalSeconds;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"| {Kind} | {Rows:N0} | {Faults:N0} | {Uploaded.TotalSeconds:0.0} | {Checked.TotalSeconds:0.0} | {Imported.TotalSeconds:0.0} "
                + $"| {PerSecond:N0} | {Bytes / 1e6:0.0} |");
    }

    /// <summary>What is still in use, looked at several times a second, after a collection each time.</summary>
    private sealed class LiveMemory : IDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Task _looking;

        public LiveMemory() => _looking = Task.Run(async () =>
        {
            while (!_end.IsCancellationRequested)
            {
                Most = Math.Max(Most, GC.GetTotalMemory(forceFullCollection: true));
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        });

        public long Most { get; private set; }

        public void Dispose()
        {
            _end.Cancel();
            _looking.Wait();
            _end.Dispose();
        }
    }
}
