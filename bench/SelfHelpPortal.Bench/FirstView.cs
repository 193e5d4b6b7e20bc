using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace SelfHelpPortal.Bench;

/// <summary>
/// How long a slow phone (processor four times slower, 150 ms to the server, 1.6 Mbit/s) waits on its first visit until the largest thing
/// of a page is drawn, as a ratio to the start page of the same run. Machines differ too much for seconds to say anything.
/// </summary>
internal static class FirstView
{
    private const double Allowed = 1.2;

    public static async Task<int> RunAsync(int rounds)
    {
        await using var bench = await BenchPortal.CreateAsync();
        string link;
        await using (var app = bench.Services())
        {
            link = await PageWeight.SeedAsync(app.Services);
        }

        var portal = (await bench.ServePortalAsync(forBrowser: true)).Url;
        (string Name, string Path)[] pages =
        [
            ("/", "/"), ("/D/{token}", link), ("/transfer", "/transfer"), ("/release", "/release"),
            ("/account/sign-in", "/account/sign-in"),
        ];
        var measured = await MeasureAsync(portal, [.. pages.Select(p => p.Path)], rounds);
        var ceiling = Median(measured[pages[0].Path]);
        Console.WriteLine("| page | ratio to the start page | least to most | allowed |");
        Console.WriteLine("|---|---|---|---|");
        var fits = true;
        foreach (var (name, path) in pages)
        {
            var ratio = Median(measured[path]) / ceiling;
            // The pages that people open in need, from a QR code and with a dead till.
            var isHeld = name is "/D/{token}" or "/transfer";
            fits &= !isHeld || ratio <= Allowed;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {ratio:0.00} | {measured[path].Min() / ceiling:0.00}–{measured[path].Max() / ceiling:0.00} | "
                    + $"{(isHeld ? Allowed.ToString("0.0", CultureInfo.InvariantCulture) : "–")} |"));
        }

        return fits ? 0 : 1;
    }

    /// <summary>By the Playwright that the browser tests bring, in the order of the pages, round for round.</summary>
    /// <returns>Milliseconds of each page.</returns>
    private static async Task<IReadOnlyDictionary<string, double[]>> MeasureAsync(Uri portal, string[] paths, int rounds)
    {
        var tests = Environment.GetEnvironmentVariable("BENCH_PLAYWRIGHT")
            ?? throw new InvalidOperationException("BENCH_PLAYWRIGHT is missing; bench/first-view.sh sets it.");
        var node = Directory.EnumerateFiles(Path.Combine(tests, "node"), "node", SearchOption.AllDirectories).Single();
        var start = new ProcessStartInfo(node, [Path.Combine(AppContext.BaseDirectory, "first-view.js"), Path.Combine(tests, "package"),
            Environment.GetEnvironmentVariable("SELFHELP_CHROMIUM") ?? "/usr/bin/chromium", portal.GetLeftPart(UriPartial.Authority),
            rounds.ToString(CultureInfo.InvariantCulture), .. paths])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<Dictionary<string, double[]>>(output)!
            : throw new InvalidOperationException($"The browser ended with {process.ExitCode}.");
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
