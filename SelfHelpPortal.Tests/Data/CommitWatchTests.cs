using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>
/// When the database goes away, whoever sent something is told that nothing was saved only when nothing was.
/// </summary>
public class CommitWatchTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly Dictionary<string, (Func<PortalDbContext, Task> Act, bool Commits)> Acts = new()
    {
        ["nothing"] = (_ => Task.CompletedTask, false),
        ["a look"] = (db => db.Set<DailyRun>().CountAsync(), false),
        ["one row"] = (AddAsync, true),
        ["an update"] = (db => db.Set<DailyRun>().Where(r => r.Name == "none").ExecuteDeleteAsync(), true),
        ["a transaction"] = (db => InTransactionAsync(db, commit: true), true),
        ["a transaction that is rolled back"] = (db => InTransactionAsync(db, commit: false), false),
    };

    public static TheoryData<string> Names => [.. Acts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_commit_is_noticed_and_nothing_else_is(string name)
    {
        var (act, commits) = Acts[name];
        foreach (var (method, isTold) in ((string, bool)[])[("POST", true), ("GET", false)])
        {
            var context = new DefaultHttpContext { Request = { Method = method } };
            var faults = new RequestFaults(
                async _ =>
                {
                    await using var db = postgres.Open();
                    await act(db);
                    throw new NpgsqlException("away");
                },
                NullLogger<RequestFaults>.Instance);

            await faults.InvokeAsync(context);

            context.Response.StatusCode.ShouldBe(503);
            context.Features.Get<UnfinishedRequest>()?.PartlyDone.ShouldBe(commits, method);
            (context.Features.Get<UnfinishedRequest>() is not null).ShouldBe(isTold, method);
        }
    }

    private static Task AddAsync(PortalDbContext db)
    {
        db.Add(new DailyRun { Name = $"{Guid.NewGuid():n}"[..20] });
        return db.SaveChangesAsync();
    }

    private static async Task InTransactionAsync(PortalDbContext db, bool commit)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        await AddAsync(db);
        if (commit)
        {
            await transaction.CommitAsync();
        }
    }
}
