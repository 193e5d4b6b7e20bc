using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SelfHelpPortal.Features.Customer.ReleaseByQr;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Tests.Support;
using SelfHelpPortal.Tests.Walks;

namespace SelfHelpPortal.Tests.Features;

/// <summary>Many at once on one license (security.md, T29 and T27).</summary>
public sealed class RaceTests : IAsyncLifetime
{
    private const int AtOnce = 50;
    private readonly PortalFactory _portal = new();
    private WalkStaff? _staff;

    public async Task InitializeAsync()
    {
        await _portal.BuildAsync();
        _staff = await PortalWalk.PrepareAsync(_portal);
    }

    public async Task DisposeAsync() => await _portal.DisposeAsync();

    [Fact]
    public async Task Fifty_computers_at_once_never_get_more_than_the_seats()
    {
        foreach (var seats in Enumerable.Repeat(1, 20).Concat(Enumerable.Repeat(5, 4)))
        {
            await RaceForSeatsAsync(seats);
        }
    }

    [Fact]
    public async Task The_row_lock_alone_keeps_the_seats()
    {
        await DropSeatIndexAsync();
        await RaceForSeatsAsync(seats: 1);
        await RaceForSeatsAsync(seats: 5);
    }

    [Fact]
    public async Task The_index_alone_keeps_the_seats()
    {
        var (license, refused) = await CountThenInsertAsync();
        refused.ShouldBe(AtOnce - 1);
        (await ActiveAsync(license)).ShouldBe(1);
    }

    /// <summary>Without both guards the same race oversells: so the tests above are able to fail.</summary>
    [Fact]
    public async Task Without_lock_and_index_a_seat_is_sold_many_times()
    {
        await DropSeatIndexAsync();
        var (license, refused) = await CountThenInsertAsync();
        refused.ShouldBe(0);
        (await ActiveAsync(license)).ShouldBe(AtOnce);
    }

    [Fact]
    public async Task One_computer_that_asks_fifty_times_at_once_has_one_activation()
    {
        var license = await BeginAsync(seats: 5);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, AtOnce).Select(_ => Task.Run(() => license.ActivateAgainAsync("pc", RandomWalks.Start))));
        answers.Count(a => a == "new 1").ShouldBe(1);
        answers.Count(a => a == "again 1").ShouldBe(AtOnce - 1);
        (await license.LoadAsync()).Activations.ShouldHaveSingleItem();
    }

    /// <summary>If the one they wait for needed a second connection, there would be none left in the pool.</summary>
    [Fact]
    public async Task Acts_that_wait_for_one_license_need_one_connection_each()
    {
        var license = await BeginAsync(seats: 1);
        await license.ActivateAsync("pc", 0, RandomWalks.Start);
        var now = RandomWalks.Start.AddHours(1);
        await using var outside = new NpgsqlConnection(_portal.Database.OwnerConnection);
        await outside.OpenAsync();
        var transaction = await outside.BeginTransactionAsync();
        var id = (await license.LoadAsync()).Id;
        await using var hold =
            new NpgsqlCommand("SELECT 1 FROM license WHERE id = $1 FOR UPDATE", outside) { Parameters = { new() { Value = id } } };
        await hold.ExecuteNonQueryAsync();

        var pool = new NpgsqlConnectionStringBuilder(_portal.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString).MaxPoolSize;
        var race = Task.WhenAll(Enumerable.Range(0, pool + 5).Select(_ => Task.Run(() => license.ReleaseInAppAsync(0, now))));
        const string waiting =
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE datname = current_database() AND NOT granted";
        await using var observer = new NpgsqlConnection(_portal.Database.OwnerConnection);
        await observer.OpenAsync();
        await using var count = new NpgsqlCommand(waiting, observer);
        while ((long)(await count.ExecuteScalarAsync())! < pool)
        {
            race.IsCompleted.ShouldBeFalse();
            await Task.Delay(50);
        }

        _portal.Services.GetRequiredService<ProductCatalog>().Forget();
        await transaction.CommitAsync();

        (await race).ShouldAllBe(a => a == "released");
        await license.CheckInvariantsAsync();
    }

    [Fact]
    public async Task A_hundred_posts_of_one_qr_code_are_one_release_and_a_hundred_equal_answers()
    {
        var license = await BeginAsync(seats: 1);
        await license.ActivateAsync("pc", 0, RandomWalks.Start);
        var token = license.QrToken(0);
        var release = _portal.Services.GetRequiredService<ReleaseByQr>();

        // Each at a moment of its own, so that an answer with another time than the first one's would show.
        var views = await Task.WhenAll(Enumerable.Range(1, 100).Select(n => Task.Run(() =>
            release.ExecuteAsync(token, PortalWalk.Caller, RandomWalks.Start.AddSeconds(n), default))));

        var view = views.Distinct().ShouldHaveSingleItem();
        (view.Outcome, view.At).ShouldBe((QrOutcome.Released, (await license.LoadAsync()).Activations.Single().EndedAt));
        await license.CheckInvariantsAsync();
    }

    private async Task RaceForSeatsAsync(int seats)
    {
        var license = await BeginAsync(seats);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, AtOnce).Select(n => Task.Run(() => license.ActivateAgainAsync($"pc {n}", RandomWalks.Start))));

        answers.Count(a => a == "new 1").ShouldBe(seats);
        answers.Count(a => a == "full").ShouldBe(AtOnce - seats);
        var stored = await license.LoadAsync();
        stored.ActiveComputers.Select(a => a.Seat).ShouldBe(Enumerable.Range(1, seats), ignoreOrder: true);
        await license.CheckInvariantsAsync();
    }

    private Task<PortalWalk> BeginAsync(int seats) =>
        PortalWalk.BeginAsync(_portal.Services, _staff!, PortalWalk.ProductOf(0), RandomWalks.AllTerms[0] with { Seats = seats });

    /// <summary>What nobody should write: look whether there is room, then take it. All look before the first takes.</summary>
    private async Task<(Guid License, int Refused)> CountThenInsertAsync()
    {
        var license = (await (await BeginAsync(seats: 1)).LoadAsync()).Id;
        var everybodyLooked = new TaskCompletionSource();
        var looked = 0;
        var taken = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(n => Task.Run(async () =>
        {
            var isFree = await ActiveAsync(license) == 0;
            if (Interlocked.Increment(ref looked) == AtOnce)
            {
                everybodyLooked.SetResult();
            }

            await everybodyLooked.Task;
            isFree.ShouldBeTrue();
            await using var db = _portal.Open();
            db.Activations.Add(new Activation
            {
                LicenseId = license,
                Seat = 1,
                Generation = 1,
                Handle = Handles.New(),
                HardwareCode = A.Hardware($"pc {n}"),
                ActivatedAt = RandomWalks.Start,
                SealedReleaseSecret = [1],
            });
            try
            {
                await db.SaveChangesAsync();
                return true;
            }
            catch (DbUpdateException e) when (e.InnerException is PostgresException { ConstraintName: "ux_activation_active_seat" })
            {
                return false;
            }
        })));
        return (license, taken.Count(t => !t));
    }

    private async Task<int> ActiveAsync(Guid license)
    {
        await using var db = _portal.Open();
        return await db.Activations.CountAsync(a => a.LicenseId == license && a.State == ActivationState.Active);
    }

    private async Task DropSeatIndexAsync()
    {
        await using var owner = new NpgsqlConnection(_portal.Database.OwnerConnection);
        await owner.OpenAsync();
        await using var drop = new NpgsqlCommand("DROP INDEX ux_activation_active_seat", owner);
        await drop.ExecuteNonQueryAsync();
    }
}
