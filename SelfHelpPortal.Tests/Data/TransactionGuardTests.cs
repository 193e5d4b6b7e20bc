using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Transfers;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>A broken connection ends what was begun, and never commits the second half of it.</summary>
public sealed class TransactionGuardTests : IAsyncLifetime
{
    private readonly PortalFactory _portal = new();
    private PostgresProxy _proxy = default!;
    private SecondNode _cut = default!;

    public async Task InitializeAsync()
    {
        await _portal.BuildAsync();
        _proxy = PostgresProxy.Start(_portal.Database);
        _cut = SecondNode.Beside(_portal, _proxy);
    }

    public async Task DisposeAsync()
    {
        await _cut.DisposeAsync();
        await _portal.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    /// <summary>Through the proxy.</summary>
    private PortalDbContext Open() => _cut.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContext();

    /// <summary>What happened under load: the order stayed unconfirmed, and its invoice was issued all the same.</summary>
    [Fact]
    public async Task An_order_whose_connection_breaks_while_it_is_confirmed_is_confirmed_as_a_whole_or_not_at_all()
    {
        // The first connection of all asks the server more.
        (await (await ConfirmableAsync()).ConfirmAsync()).ShouldBe(ConfirmOutcome.Submitted);
        var counted = await ConfirmableAsync();
        _proxy.Count();
        (await counted.ConfirmAsync()).ShouldBe(ConfirmOutcome.Submitted);
        // Each place where something was saved; all others are tried for everything that writes (BrokenConnectionTests).
        var saves = _proxy.Trips.Index().Where(trip => trip.Item.Contains("INSERT INTO", StringComparison.Ordinal))
            .Select(trip => trip.Index + 1).ToList();
        saves.Count.ShouldBeGreaterThan(2);
        foreach (var trip in saves)
        {
            var order = await ConfirmableAsync();
            _proxy.Plan(trip, CutMoment.After);
            await Record.ExceptionAsync(order.ConfirmAsync);

            var confirmed = (await order.Sample.ReadAsync()).State != TransferState.AwaitingConfirmation;
            await using var db = _portal.Open();
            (await db.Invoices.CountAsync(i => i.TransferRequestId == order.Sample.Id)).ShouldBe(confirmed ? 1 : 0, _proxy.Trips[^1]);
            (await db.Set<OutboxMessage>().CountAsync(m => m.Reference == order.Sample.Reference))
                .ShouldBe(confirmed ? 1 : 0, _proxy.Trips[^1]);

            _proxy.Count();
            _cut.Services.GetRequiredService<NpgsqlDataSource>().Clear();
            (await order.ConfirmAsync()).ShouldBe(ConfirmOutcome.Submitted);
        }
    }

    [Fact]
    public async Task A_command_after_the_transaction_was_lost_is_refused_and_the_context_serves_again_once_it_is_leased_anew()
    {
        await using (var db = Open())
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.Add(new DailyRun { Name = "first" });
            await db.SaveChangesAsync();
            await EndSessionAsync(db);
            db.Add(new DailyRun { Name = "second" });

            // Whoever swallows the failure gets no further than this.
            var broken = await Should.ThrowAsync<Exception>(() => db.SaveChangesAsync());
            DatabaseFaults.IsUnavailable(broken).ShouldBeTrue(broken.ToString());
            db.ChangeTracker.Clear();
            DatabaseFaults.IsUnavailable(await Should.ThrowAsync<TransactionLostException>(() => db.Set<DailyRun>().CountAsync()))
                .ShouldBeTrue();
            await Should.ThrowAsync<TransactionLostException>(
                () => db.Database.ExecuteSqlAsync($"INSERT INTO daily_run (name) VALUES ('third')"));
        }

        await using var again = Open();
        (await again.Set<DailyRun>().Select(r => r.Name).ToListAsync()).ShouldBeEmpty();
    }

    /// <summary>A refused use case disposes its transaction and may still read.</summary>
    [Fact]
    public async Task A_transaction_that_was_disposed_in_good_order_leaves_the_context_as_it_was()
    {
        await using var db = Open();
        for (var i = 0; i < 2; i++)
        {
            await using (await db.Database.BeginTransactionAsync())
            {
                await db.Database.ExecuteSqlAsync($"INSERT INTO daily_run (name) VALUES ('never')");
            }

            (await db.Set<DailyRun>().CountAsync()).ShouldBe(0);
        }

        await db.Database.OpenConnectionAsync();
        await using (await db.Database.BeginTransactionAsync())
        {
            await db.Database.ExecuteSqlAsync($"INSERT INTO daily_run (name) VALUES ('never')");
        }

        (await db.Set<DailyRun>().CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task An_answer_to_COMMIT_that_never_arrives_is_told_apart_from_a_commit_that_was_not_asked_for()
    {
        DatabaseFaults.IsOutcomeUnknown(await CommitAsync(CutMoment.At)).ShouldBeTrue();
        (await CountAsync()).ShouldBe(1, "it was carried out");
        DatabaseFaults.IsOutcomeUnknown(await CommitAsync(CutMoment.Before)).ShouldBeTrue("nobody can tell");
        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_single_statement_that_commits_by_itself_has_an_unknown_outcome_too()
    {
        await using var db = Open();
        await db.Database.OpenConnectionAsync();
        _proxy.Plan(1, CutMoment.At);
        var lost = await Should.ThrowAsync<Exception>(() => db.Database.ExecuteSqlAsync($"INSERT INTO daily_run (name) VALUES ('alone')"));
        DatabaseFaults.IsOutcomeUnknown(lost).ShouldBeTrue(lost.ToString());
        (await CountAsync()).ShouldBe(1);

        await using var reader = Open();
        await reader.Database.OpenConnectionAsync();
        _proxy.Plan(1, CutMoment.At);
        var read = await Should.ThrowAsync<Exception>(() => reader.Set<DailyRun>().CountAsync());
        (DatabaseFaults.IsOutcomeUnknown(read), DatabaseFaults.IsUnavailable(read)).ShouldBe((false, true), read.ToString());
    }

    [Fact]
    public async Task A_lock_that_is_not_free_and_a_statement_that_does_not_end_are_given_up()
    {
        // One limit at a time: on a busy machine the longer one may be over before the shorter one is noticed.
        await using var locking = PortalDataSource.Create(Limited("lock_timeout"));
        await using var running = PortalDataSource.Create(Limited("statement_timeout"));
        await using var holder = _portal.Open();
        await using var transaction = await holder.Database.BeginTransactionAsync();
        await holder.Database.ExecuteSqlAsync($"INSERT INTO daily_run (name) VALUES ('held')");

        await using var waiting = new PortalDbContext(new DbContextOptionsBuilder<PortalDbContext>().UsePortal(locking).Options);
        var locked = await Should.ThrowAsync<Exception>(
            () => waiting.Database.ExecuteSqlAsync($"INSERT INTO daily_run (name) VALUES ('held')"));
        (locked.GetBaseException() as PostgresException)?.SqlState.ShouldBe(PostgresErrorCodes.LockNotAvailable);
        DatabaseFaults.IsUnavailable(locked).ShouldBeTrue();
        await using var working = new PortalDbContext(new DbContextOptionsBuilder<PortalDbContext>().UsePortal(running).Options);
        var slow = await Should.ThrowAsync<Exception>(() => working.Database.ExecuteSqlAsync($"SELECT pg_sleep(200)"));
        (slow.GetBaseException() as PostgresException)?.SqlState.ShouldBe(PostgresErrorCodes.QueryCanceled);
        DatabaseFaults.IsUnavailable(slow).ShouldBeTrue();

        string Limited(string limit) => new NpgsqlConnectionStringBuilder(_portal.Database.PortalConnection)
        {
            Options = $"-c lock_timeout=0 -c statement_timeout=0 -c {limit}=100ms",
        }.ConnectionString;
    }

    [Fact]
    public async Task Every_connection_of_the_portal_has_its_limits_and_an_administrator_may_set_others()
    {
        var usual = _portal.Database.PortalConnectionWithUsualLimits;
        (await LimitsAsync(usual)).ShouldBe("10s 20s 1min");
        (await LimitsAsync(usual + ";Options=-c lock_timeout=3s -c statement_timeout=4s")).ShouldBe("3s 4s 0");
    }

    [Fact]
    public void A_context_without_its_guard_is_not_made()
    {
        var options = new DbContextOptionsBuilder<PortalDbContext>().UseNpgsql("Host=none").Options;
        Should.Throw<InvalidOperationException>(() => new PortalDbContext(options)).Message.ShouldContain(nameof(TransactionGuard));
        using var guarded = new PortalDbContext(new DbContextOptionsBuilder<PortalDbContext>().UsePortal("Host=none").Options);
        guarded.Database.AutoSavepointsEnabled.ShouldBeFalse();
    }

    [Fact]
    public void Faults_of_the_program_are_no_faults_of_the_database()
    {
        foreach (var state in new[] { PostgresErrorCodes.UniqueViolation, PostgresErrorCodes.UndefinedTable,
            PostgresErrorCodes.InsufficientPrivilege })
        {
            DatabaseFaults.IsUnavailable(new DbUpdateException("no", new PostgresException("no", "ERROR", "ERROR", state)))
                .ShouldBeFalse(state);
        }

        DatabaseFaults.IsUnavailable(new InvalidOperationException("no")).ShouldBeFalse();
        DatabaseFaults.IsUnavailable(
            new OperationCanceledException("gone", new PostgresException("canceled", "ERROR", "ERROR", PostgresErrorCodes.QueryCanceled)))
            .ShouldBeFalse();
        DatabaseFaults.IsUnavailable(null).ShouldBeFalse();
    }

    private async Task<Exception> CommitAsync(CutMoment moment)
    {
        await using var db = Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlAsync($"INSERT INTO daily_run (name) VALUES ({Guid.NewGuid().ToString()})");
        _proxy.Plan(1, moment);
        var lost = await Should.ThrowAsync<Exception>(() => transaction.CommitAsync());
        _proxy.Trips[0].ShouldBe("COMMIT");
        return lost;
    }

    private async Task<int> CountAsync()
    {
        await using var db = _portal.Open();
        return await db.Set<DailyRun>().CountAsync();
    }

    private async Task EndSessionAsync(PortalDbContext db)
    {
        var session = ((NpgsqlConnection)db.Database.GetDbConnection()).ProcessID;
        await using var owner = new NpgsqlConnection(_portal.Database.OwnerConnection + ";Pooling=false");
        await owner.OpenAsync();
        await using var end =
            new NpgsqlCommand("SELECT pg_terminate_backend($1, 30000)", owner) { Parameters = { new() { Value = session } } };
        await end.ExecuteNonQueryAsync();
    }

    private static async Task<string> LimitsAsync(string connectionString)
    {
        await using var source = PortalDataSource.Create(connectionString);
        await using var command = source.CreateCommand(
            "SELECT concat_ws(' ', current_setting('lock_timeout'), current_setting('statement_timeout'), "
                + "current_setting('idle_in_transaction_session_timeout'))");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private async Task<Confirmable> ConfirmableAsync()
    {
        var sample = await _portal.AddTransferAsync(new TransferSetting(Review: TransferReview.Automatic, AwaitsOwner: true));
        // Its product is new, and the portal behind the proxy keeps those it knows for a while. Each confirmation begins with a new
        // connection.
        _cut.Services.GetRequiredService<ProductCatalog>().Forget();
        _cut.Services.GetRequiredService<NpgsqlDataSource>().Clear();
        return new Confirmable(_portal, _cut.Services, sample, await sample.Licenses[0].LinkAsync(LinkPurpose.TransferConfirm, sample.Id));
    }

    private sealed record Confirmable(PortalFactory Portal, IServiceProvider Cut, SampleTransfer Sample, string Token)
    {
        public async Task<ConfirmOutcome?> ConfirmAsync() => (await Cut.GetRequiredService<ConfirmTransfer>()
            .ExecuteAsync(Token, new OwnerAgreement(), new Caller(System.Net.IPAddress.Loopback), person: null, Portal.Clock.Now,
                CancellationToken.None))?.Outcome;
    }
}
