using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Import;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>Where a process that imports is killed.</summary>
internal enum ImportingPoint
{
    /// <summary>In the middle of the second part.</summary>
    SecondPart,

    /// <summary>Before the first part is stored.</summary>
    Committing,

    /// <summary>Between the first part and the second.</summary>
    Committed,
}

/// <summary>The process is killed while it imports. Whoever opens the list goes on where it was; nothing comes twice.</summary>
public sealed class ImportCrashTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private const int Rows = 1_300;

    [Fact]
    public async Task A_killed_import_goes_on_where_it_was()
    {
        foreach (var point in Effort.SomeOf(1, Enum.GetValues<ImportingPoint>()))
        {
            await GoesOnAsync(point, survived: point == ImportingPoint.Committing ? 0 : 500);
        }
    }

    [Fact]
    public async Task A_command_that_was_broken_off_goes_on_when_it_is_given_the_same_file()
    {
        var desk = await new ImportDesk(ground).OpenAsync();
        var path = Path.Combine(Path.GetTempPath(), $"import-{desk.Tag}.csv");
        await File.WriteAllTextAsync(path, "product;company;email\n" + string.Concat(
            Enumerable.Repeat($"{desk.Product};Muster GmbH;inhaber@muster.example\n", Rows)));
        try
        {
            var id = Guid.CreateVersion7();
            var (steps, acts, now) = (ground.Use<ImportSteps>(), ground.Use<ImportActs>(), ground.Portal.Clock.Now);
            await using (var stream = File.OpenRead(path))
            {
                await steps.StageAsync(id, "list.csv", stream, createdBy: null, now, default);
            }

            await desk.CheckAsync(id);
            var check = await steps.RowCheckAsync(default);
            foreach (var step in new Func<PortalDbContext, ImportFile, Task>[]
            {
                (db, held) => ImportSteps.StartAsync(db, held, alsoUpdate: false, Actor.Operator, now, default),
                (db, held) => steps.ImportPartAsync(db, held, check, Actor.Operator, now, default),
            })
            {
                (await acts.RunAsync(id, async (db, held) =>
                {
                    await step(db, held);
                    return StaffResult.Done;
                }, now, default)).ShouldBe(StaffResult.Done);
            }

            var (exit, said) = await ground.Portal.RunAsync("import", "licenses", path);

            exit.ShouldBe(0, said);
            said.ShouldContain($"{Rows} of {Rows} rows imported");
            (await desk.CountAsync()).ShouldBe(Rows, "rows without a number are told apart by their place in the list only");
            await using var after = ground.Portal.Open();
            (await after.Set<ImportFile>().CountAsync(f => f.Id == id)).ShouldBe(0);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private async Task GoesOnAsync(ImportingPoint point, int survived)
    {
        var desk = await new ImportDesk(ground).OpenAsync();
        var file = await desk.UploadAsync("product;license_number;company;email\n" + string.Concat(Enumerable.Range(1, Rows)
            .Select(i => $"{desk.Product};{(i % 2 == 0 ? "" : $"{desk.Tag}-{i}")};Muster GmbH;inhaber@muster.example\n")));
        await desk.CheckAsync(file);
        (await desk.StartAsync(file)).ShouldBe(StaffResult.Done);

        using (var process = ChildMain.Start(
            "import", ground.Portal.Database.PortalConnection, ground.Portal.SecretsFolder, file.ToString(), point.ToString()))
        {
            var said = await process.StandardOutput.ReadToEndAsync().WaitAsync(WaitLimits.LongWait);
            await process.WaitForExitAsync();
            process.ExitCode.ShouldNotBe(0);
            said.ShouldContain("ready");
            said.ShouldNotContain("came to its end");
        }

        (await desk.CountAsync()).ShouldBe(survived);
        (await desk.ShowAsync(file)).File.ImportedTo.ShouldBe(survived);
        var done = await desk.FinishAsync(file);
        (done.File.Added, done.File.FaultyRows, await desk.CountAsync()).ShouldBe((Rows, 0, Rows));
    }
}

/// <summary>Imports a list that was started, in a process that dies.</summary>
internal static class ImportChild
{
    public static async Task<int> RunAsync(string connection, string secrets, Guid file, ImportingPoint point)
    {
        var parts = 0;
        await using var app = DyingPortal.Build(connection, secrets, SettlingChild.MailTo(port: 25), new DeathPlan
        {
            Before = sql => sql.Contains("UPDATE import_row", StringComparison.Ordinal) && ++parts == 2
                && point == ImportingPoint.SecondPart,
            Committing = point == ImportingPoint.Committing,
            Committed = point == ImportingPoint.Committed,
        });
        var (steps, acts) = (app.Services.GetRequiredService<ImportSteps>(), app.Services.GetRequiredService<ImportActs>());
        var check = await steps.RowCheckAsync(CancellationToken.None);
        await Console.Out.WriteLineAsync("ready");
        for (var state = ImportState.Importing; state == ImportState.Importing;)
        {
            await acts.RunAsync(file, async (db, held) =>
            {
                await steps.ImportPartAsync(db, held, check, Actor.Operator, TestClock.Start, CancellationToken.None);
                state = held.State;
                return StaffResult.Done;
            }, TestClock.Start, CancellationToken.None);
        }

        await Console.Out.WriteLineAsync("came to its end");
        return 1;
    }
}
