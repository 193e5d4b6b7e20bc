using System.Diagnostics;
using System.Globalization;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Desk;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Bench;

/// <summary>
/// The work list of staff with many open cases: its first lines and those in the middle, as ratios to an empty page of the portal and to a
/// list of twenty.
/// </summary>
internal static class DeskBench
{
    private const int Few = 20;
    private const int Shown = 30;
    private const int Rounds = 60;
    private const int WarmUp = 2;

    /// <summary>Four fifths are flags, the rest mails that nobody got; of licenses and customers that there are.</summary>
    private const string Fill =
        """
        SET session_replication_role = replica;
        INSERT INTO flag (id, number, license_id, kind, state, stage, opened_at, last_event_at, times_reopened)
            SELECT md5('flag' || n)::uuid, 'F-' || (100000 + n), md5('l' || n)::uuid, 'Sighting', 'Open', 'Noticed',
                now() - n * interval '1 minute', now(), 0
            FROM generate_series({from}, {to}) n WHERE n % 5 > 0;
        INSERT INTO outbox (id, kind, business_key, priority, due_at, message_id, reference, customer_id, to_address, culture, subject,
                copy_text, attachments, attempts, unknown_count, state, created_at)
            SELECT md5('mail' || n)::uuid, 'released', 'X' || n, 0, now(), '<' || n || '@muster.example>', 'L-' || (1000000 + n),
                md5('c' || n)::uuid, 'kasse' || n || '@muster.example', 'de', 'Test', 'Test', '[]', 1, 0, 3,
                now() - n * interval '1 minute'
            FROM generate_series({from}, {to}) n WHERE n % 5 = 0;
        SET session_replication_role = origin;
        """;

    public static async Task<int> RunAsync(int cases)
    {
        var address = new Uri($"http://localhost:{BenchPortal.FreePort()}");
        await using var bench = await BenchPortal.CreateAsync();
        await using var app = bench.Services(address);
        Hosting.Program.Map(app);
        await app.StartAsync();
        await SearchBench.FillAsync(app, bench, cases);
        await FillAsync(bench, 1, Few);
        await bench.AnalyzeAsync();
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var cookie = await PageWeight.SignInAsync(app.Services, now);
        var clerk = await SearchBench.ClerkAsync(app, number: 1);
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        var few = await TimeAsync(app, clerk, client, skip: 0, Few);
        await FillAsync(bench, Few + 1, cases);
        await bench.AnalyzeAsync();
        var first = await TimeAsync(app, clerk, client, skip: 0, cases);
        var middle = await TimeAsync(app, clerk, client, skip: cases / 2, cases);
        Print(cases, few, first, middle);
        return 0;
    }

    private static void Print(int cases, Times few, Times first, Times middle)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{cases:N0} open cases, {Rounds} rounds, {Environment.ProcessorCount} cores"));
        Console.WriteLine("| what is read | median ms | worst ms | an empty page ms | ratio to it | ratio to a list of 20 |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (what, times) in ((string, Times)[])
            [($"{Shown} lines of {Few}", few), ($"the first {Shown} lines", first), ($"{Shown} lines from the middle", middle)])
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {what} | {times.List:0.0} | {times.Worst:0.0} | {times.Empty:0.0} | {times.List / times.Empty:0.0} | "
                    + $"{times.List / few.List:0.0} |"));
        }
    }

    /// <summary>The list and an empty page, by turns.</summary>
    private static async Task<Times> TimeAsync(WebApplication app, StaffActor clerk, HttpClient client, int skip, int cases)
    {
        var work = app.Services.GetRequiredService<ListWork>();
        var question = new WorkQuestion(WorkView.Todo, null, WorkOrder.Age, Descending: false, skip, Shown);
        List<double> list = [], empty = [];
        for (var round = -WarmUp; round < Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            var answer = await work.ExecuteAsync(
                clerk, question, app.Services.GetRequiredService<TimeProvider>().GetUtcNow(), CancellationToken.None);
            var taken = watch.Elapsed.TotalMilliseconds;
            if (answer.Value?.Lines.Count != Math.Min(Shown, cases))
            {
                throw new InvalidOperationException($"The list has {answer.Value?.Lines.Count} lines, {answer.Refused}.");
            }

            watch.Restart();
            var page = await client.GetStringAsync(new Uri("/staff", UriKind.Relative));
            if (!page.Contains("<!--Blazor:", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"That is not the desk: {page}");
            }

            if (round >= 0)
            {
                list.Add(taken);
                empty.Add(watch.Elapsed.TotalMilliseconds);
            }
        }

        return new Times(Median(list), list.Max(), Median(empty));
    }

    private static async Task FillAsync(BenchPortal bench, int from, int to)
    {
        await using var source = PortalDataSource.Create(bench.OwnerConnection);
#pragma warning disable CA2100 // Made here.
        await using var fill = source.CreateCommand("SET statement_timeout = 0; " + Fill
            .Replace("{from}", from.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{to}", to.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
#pragma warning restore CA2100
        await fill.ExecuteNonQueryAsync();
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var all ? all[all.Length / 2] : 0;

    private sealed record Times(double List, double Worst, double Empty);
}
