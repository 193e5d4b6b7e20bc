using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Products;
using SelfHelpPortal.Features.Staff.Settings;
using SelfHelpPortal.Features.Staff.SeedDemo;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Bench;

/// <summary>Valid check-ins with signed answers against the bare endpoint, in rounds that take turns.</summary>
internal static class CheckInBench
{
    private const int Connections = 32;
    private const int SampledAnswers = 200;
    private const double Goal = 0.45;

    /// <summary>Until the code that runs has been compiled for speed.</summary>
    private const int WarmUpSeconds = 10;
    private const string Product = "muster-pos";

    public static async Task<int> RunAsync(int licenses, int rounds, int seconds)
    {
        await using var bench = await BenchPortal.CreateAsync();
        await using var services = bench.Services();
        var tills = await FillAsync(services, licenses);
        await bench.AnalyzeAsync();
        var portal = await bench.ServePortalAsync();
        var bare = await bench.ServeBareAsync();
        var keys = services.Services.GetRequiredService<SigningKeys>().Verifier;

        var requests = Path.Combine(bench.Folder, "requests.tsv");
        Sign(tills, requests);
        await LoadAsync(bare, requests, WarmUpSeconds);
        await LoadAsync(portal, requests, WarmUpSeconds);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{licenses:N0} licenses, {rounds} rounds of {seconds} s each, {Connections} connections, {Environment.ProcessorCount} cores"));
        Console.WriteLine("| round | check-in/s | p99 ms | CPU µs | bare/s | p99 ms | CPU µs | ratio | load average |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        List<(Load Portal, Load Bare)> measured = [];
        for (var round = 1; round <= rounds; round++)
        {
            var (b, p) = (await LoadAsync(bare, requests, seconds), await LoadAsync(portal, requests, seconds));
            await VerifyAsync(portal, tills, keys, round);
            measured.Add((p, b));
            var load = (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0];
            Print(round.ToString(CultureInfo.InvariantCulture), p, b, p.PerSecond / b.PerSecond, load);
        }

        var ratios = measured.Select(m => m.Portal.PerSecond / m.Bare.PerSecond).Order().ToArray();
        Print("median", Median(measured.Select(m => m.Portal)), Median(measured.Select(m => m.Bare)), ratios[ratios.Length / 2], "");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"ratio {ratios[ratios.Length / 2]:0.00} ({ratios[0]:0.00}–{ratios[^1]:0.00}); goal {Goal:0.00}"));
        return ratios[ratios.Length / 2] >= Goal ? 0 : 1;
    }

    private static async Task<List<Till>> FillAsync(WebApplication app, int licenses)
    {
        var services = app.Services;
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        await services.GetRequiredService<SettingsFile>().SaveAsync(SeedDemo.Settings(now), now, CancellationToken.None);
        var policy = SeedDemo.Products.Single(p => p.Id == Product).Policies.Hardware;
        var (maker, secrets) = (services.GetRequiredService<LicenseFactory>(), services.GetRequiredService<ActivationSecretsFactory>());
        var contexts = services.GetRequiredService<IDbContextFactory<PortalDbContext>>();
        var customer = new Customer { Number = "C-1", Company = "Muster GmbH", Email = "muster@example.org" };
        await using (var db = await contexts.CreateDbContextAsync())
        {
            db.Customers.Add(customer);
            await db.SaveChangesAsync();
        }

        List<Till> tills = [];
        foreach (var batch in Enumerable.Range(1, licenses).Chunk(2000))
        {
            await using var db = await contexts.CreateDbContextAsync();
            db.ChangeTracker.AutoDetectChangesEnabled = false;
            foreach (var number in batch)
            {
                var key = ActivationKey.New();
                var license = maker.Make($"L-{number}", Product, customer.Id, key.Normalized, key.ToString(), seats: 1, now);
                var hardware = HardwareCode.From(
                    Product, HardwareComponents.Kinds.Select(kind => KeyValuePair.Create(kind, $"bench-{number}-{kind}")));
                var activation =
                    license.Activate(new Computer(hardware, $"KASSE-{number}", "1.0"), secrets.Make(), policy, now).Value.Activation;
                db.Licenses.Add(license);

                // Seen just now, so that the check-ins measured have nothing to record.
                db.ActivationsSeen.Add(new ActivationSeen { ActivationId = activation.Id, SeenAt = now });
                tills.Add(new Till(number, activation.Handle, hardware.ToString(), secrets.Open(activation)));
            }

            await db.SaveChangesAsync();
        }

        return tills;
    }

    /// <summary>The requests with their proofs, made at the start of the run because a proof holds for ten minutes.</summary>
    private static void Sign(List<Till> tills, string file)
    {
        var ts = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        File.WriteAllLines(file, tills.Select(till => string.Create(
            CultureInfo.InvariantCulture,
            $"/api/v1/activations/{till.Handle}/check\t"
            + $"10.{till.Number >> 16 & 255}.{till.Number >> 8 & 255}.{till.Number & 255}\t{till.Body(ts)}")));
    }

    private static async Task<Load> LoadAsync(Server server, string requests, int seconds)
    {
        var start = new ProcessStartInfo(
            "wrk",
            [
                "-t1", "--timeout", "30s", $"-c{Connections}", $"-d{seconds}s", "-s",
                    Path.Combine(AppContext.BaseDirectory, "check-in.lua"),
                server.Url.ToString(), "--", requests,
            ])
        {
            RedirectStandardOutput = true,
        };
        var before = server.Cpu;
        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var result = output.Split('\n').Single(line => line.StartsWith("RESULT", StringComparison.Ordinal)).Split(' ')
            .Skip(1).Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return result[2] == 0
            ? new Load(result[0] / (result[1] / 1e6), result[3] / 1000, (server.Cpu - before).TotalMicroseconds / result[0])
            : throw new InvalidOperationException($"{result[2]} of {result[0]} requests failed at {server.Url}.");
    }

    /// <summary>Answers are believed only when they say what they should and are signed for the question.</summary>
    private static async Task VerifyAsync(Server portal, List<Till> tills, VerificationKeys keys, int round)
    {
        using var client = new HttpClient { BaseAddress = portal.Url };
        client.DefaultRequestHeaders.Host = new Uri(BenchPortal.PublicUrl).Host;
        var ts = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        for (var i = 0; i < SampledAnswers; i++)
        {
            var till = tills[(int)((long)i * tills.Count / SampledAnswers)];
            using var content = new StringContent(till.Body(ts, $"sample-{round}-{i}"), System.Text.Encoding.UTF8, "application/json");
            content.Headers.Add("X-Forwarded-For", $"10.255.{round}.{i}");
            using var answer = await client.PostAsync(new Uri($"/api/v1/activations/{till.Handle}/check", UriKind.Relative), content);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            var read = CheckInAnswer.Read(json.RootElement.GetProperty("answer").GetString(), $"sample-{round}-{i}", keys);
            if (!read.IsGenuine || !read.Claims.Valid || read.Claims.Code != "VALID" || read.Claims.Handle != till.Handle)
            {
                throw new InvalidOperationException("A check-in was answered wrongly.");
            }
        }
    }

    private static Load Median(IEnumerable<Load> loads)
    {
        var all = loads.ToList();
        double Middle(Func<Load, double> value) => all.Select(value).Order().ElementAt(all.Count / 2);
        return new Load(Middle(l => l.PerSecond), Middle(l => l.Milliseconds99), Middle(l => l.CpuMicroseconds));
    }

    private static void Print(string round, Load portal, Load bare, double ratio, string load) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {round} | {Cells(portal)} | {Cells(bare)} | {ratio:0.00} | {load} |"));

    private static string Cells(Load load) =>
        string.Create(CultureInfo.InvariantCulture, $"{load.PerSecond:N0} | {load.Milliseconds99:0.0} | {load.CpuMicroseconds:0}");

    private sealed record Load(double PerSecond, double Milliseconds99, double CpuMicroseconds);

    private sealed record Till(int Number, string Handle, string Hardware, byte[] Secret)
    {
        public string Body(long ts, string nonce = "q7Jm2cXv9TfLz0aR")
        {
            var mac = DeviceProof.Compute(DeviceProof.Check, Handle, 1, nonce, ts, Secret);
            return string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"generation":1,"hardwareCode":"{{Hardware}}","nonce":"{{nonce}}","ts":{{ts}},"mac":"{{mac}}","appVersion":"1.0"}""");
        }
    }
}
