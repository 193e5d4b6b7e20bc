using System.Data.Common;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SelfHelpPortal.Data;
using SelfHelpPortal.Hosting;

namespace SelfHelpPortal.Tests.Support;

/// <summary>Where a child process dies, asked with the text of each command.</summary>
internal sealed record DeathPlan
{
    public Func<string, bool> Before { get; init; } = _ => false;

    public Func<string, bool> After { get; init; } = _ => false;

    public bool Committing { get; init; }

    public bool Committed { get; init; }
}

/// <summary>The portal's services in a child process of a test, without pages, that dies at one point of what it does.</summary>
internal static class DyingPortal
{
    public static WebApplication Build(string connection, string secrets, Dictionary<string, string?> mail, DeathPlan plan) =>
        Program.Build(
        new()
        {
            ApplicationName = "SelfHelpPortal",
            ContentRootPath = Repository.At("SelfHelpPortal"),
            EnvironmentName = Environments.Development
        },
        builder =>
        {
            builder.Configuration.Sources.Clear();
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(mail)
            {
                ["ConnectionStrings:Portal"] = connection,
                ["Database:MigrateOnStart"] = "false",
                ["PublicUrl"] = "http://localhost:5080",
                ["Secrets:Directory"] = secrets,
            });
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<TimeProvider>(new TestClock());
            builder.Services.ConfigureDbContext<PortalDbContext>(o => o.AddInterceptors(new DiesAtCommand(plan), new DiesAtCommit(plan)));
        });

    public static void DieIf(bool here)
    {
        if (here)
        {
            // No finally block and no orderly goodbye to database or mail server.
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }

    private sealed class DiesAtCommand(DeathPlan plan) : DbCommandInterceptor
    {
        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default)
        {
            DieIf(plan.Before(command.CommandText));
            return ValueTask.FromResult(result);
        }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            DieIf(plan.Before(command.CommandText));
            return ValueTask.FromResult(result);
        }

        public override ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            DieIf(plan.After(command.CommandText));
            return ValueTask.FromResult(result);
        }
    }

    private sealed class DiesAtCommit(DeathPlan plan) : DbTransactionInterceptor
    {
        public override ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result,
            CancellationToken cancellationToken = default)
        {
            DieIf(plan.Committing);
            return ValueTask.FromResult(result);
        }

        public override Task TransactionCommittedAsync(
            DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            DieIf(plan.Committed);
            return Task.CompletedTask;
        }
    }
}
