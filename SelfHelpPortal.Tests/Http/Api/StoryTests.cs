using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http.Api;

/// <summary>
/// An old computer comes back beside the new one, for both demo products, and what must never look like that (security.md, section 13).
/// </summary>
public sealed class StoryTests(ApiPortal portal) : IClassFixture<ApiPortal>
{
    [Fact]
    public async Task Strict_locks_at_the_first_contradiction_and_unlocking_lets_the_new_computer_go_on()
    {
        var (old, taker) = await portal.ContradictionAsync(ApiPortal.Beam);

        var first = (await old.CheckAsync()).ShouldBe("LOCKED_ILLEGAL", valid: false);
        var number = first["caseNumber"]!.GetValue<string>();
        (await taker.CheckAsync()).ShouldBe("LOCKED_ILLEGAL", valid: false)["caseNumber"]!.GetValue<string>().ShouldBe(number);
        await using (var db = portal.Portal.Open())
        {
            (await db.Set<OutboxMessage>().Select(m => m.Kind).Where(k => k == "locked" || k == "staff-flag").Distinct().CountAsync())
                .ShouldBe(2);
        }

        await portal.StaffAsync(taker, (license, _) => license.Unlock(license.OpenFlag(FlagKind.Sighting)!, portal.Clock.Now));

        (await taker.CheckAsync()).ShouldBe("VALID", valid: true);
        (await old.CheckAsync()).ShouldBe("LOCKED_ILLEGAL", valid: false)["caseNumber"]!.GetValue<string>().ShouldBe(number);
        (await taker.CheckAsync()).ShouldBe("VALID", valid: true);
    }

    [Fact]
    public async Task Staged_warns_then_locks_the_old_computer_then_the_license()
    {
        portal.Clock.Now = NextWeekday(portal.Clock.Now, hour: 9);
        var (old, taker) = await portal.ContradictionAsync(ApiPortal.Pos);

        (await old.CheckAsync()).ShouldBe("RELEASED_STILL_USED", valid: false);
        portal.Clock.Advance(TimeSpan.FromHours(1));
        (await old.CheckAsync()).ShouldBe("RELEASED_STILL_USED", valid: false);
        portal.Clock.Now = NextWeekday(portal.Clock.Now.AddHours(24), hour: 10);
        var locked = (await old.CheckAsync()).ShouldBe("LOCKED_ILLEGAL", valid: false);
        (await taker.CheckAsync()).ShouldBe("VALID", valid: true);
        var answer = await old.ActivateAsync();
        answer.ShouldBeProblem(423, "LOCKED_ILLEGAL")["caseNumber"]!.GetValue<string>().ShouldBe(locked["caseNumber"]!.GetValue<string>());
        portal.Clock.Now = NextWeekday(portal.Clock.Now.AddHours(24), hour: 10);
        (await old.CheckAsync()).ShouldBe("LOCKED_ILLEGAL", valid: false);

        (await taker.CheckAsync()).ShouldBe("LOCKED_ILLEGAL", valid: false);
    }

    [Fact]
    public async Task Staged_locks_nothing_while_nobody_is_there_to_help()
    {
        portal.Clock.Now = NextWeekday(portal.Clock.Now, hour: 9);
        var (old, _) = await portal.ContradictionAsync(ApiPortal.Pos);
        await old.CheckAsync();
        portal.Clock.Now = NextWeekday(portal.Clock.Now.AddHours(24), hour: 21);

        (await old.CheckAsync()).ShouldBe("RELEASED_STILL_USED", valid: false);
    }

    [Theory]
    [InlineData(ApiPortal.Pos)]
    [InlineData(ApiPortal.Beam)]
    public async Task A_free_seat_is_no_contradiction(string product)
    {
        var till = await portal.ActiveTillAsync("FREI-" + product, product);
        await till.ReleaseAsync();
        for (var i = 0; i < 5; i++)
        {
            portal.Clock.Advance(TimeSpan.FromDays(2));
            (await till.CheckAsync()).ShouldBe("RELEASED", valid: false);
        }

        await ShouldHaveNoFlagAsync(till);
    }

    [Theory]
    [InlineData(ApiPortal.Pos)]
    [InlineData(ApiPortal.Beam)]
    public async Task A_check_in_signed_before_the_release_reached_us_proves_nothing(string product)
    {
        var old = await portal.ActiveTillAsync("FRUEHER-" + product, product);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        var early = old.CheckBody();
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await old.ReleaseAsync();
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await portal.ActiveTillAsync("DANACH-" + product, product, old.Key);

        (await old.SendAsync($"activations/{old.Handle}/check", early)).ShouldBe("RELEASED_STILL_USED", valid: false);

        await ShouldHaveNoFlagAsync(old);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(2)]
    public async Task A_clock_that_is_years_off_flags_nobody(int years)
    {
        var (old, _) = await portal.ContradictionAsync(ApiPortal.Beam);
        old.ClockIsOff = TimeSpan.FromDays(365 * years);

        (await old.CheckAsync()).ShouldBeProblem(400, "CLOCK_SKEW");

        await ShouldHaveNoFlagAsync(old);
    }

    [Fact]
    public async Task A_proof_that_is_wrong_flags_nobody()
    {
        var (old, _) = await portal.ContradictionAsync(ApiPortal.Beam);
        old.Secret = new byte[20];

        (await old.CheckAsync()).ShouldBeProblem(404, "UNKNOWN_ACTIVATION");

        await ShouldHaveNoFlagAsync(old);
    }

    [Fact]
    public async Task The_same_computer_that_came_back_is_no_second_user()
    {
        var till = await portal.ActiveTillAsync("ZURUECK", ApiPortal.Beam);
        var (handle, generation, secret) = (till.Handle, till.Generation, till.Secret);
        await till.ReleaseAsync();
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        till.HardwareCode = A.Hardware("ZURUECK", changed: 2).ToString();
        await till.ActivateAsync();
        portal.Clock.Advance(TimeSpan.FromMinutes(1));

        // The backup that was restored still has the old license.
        var restored = await portal.TillAsync("ZURUECK", ApiPortal.Beam, till.Key);
        (restored.Handle, restored.Generation, restored.Secret) = (handle, generation, secret);
        (await restored.CheckAsync()).ShouldBe("RELEASED", valid: false);

        await ShouldHaveNoFlagAsync(till);
        (await till.CheckAsync()).ShouldBe("VALID", valid: true);
    }

    [Fact]
    public async Task Renamed_and_with_other_adapters_a_computer_stays_itself()
    {
        var till = await portal.ActiveTillAsync("UMBENANNT", ApiPortal.Beam);
        till.Name = "ANDERER-NAME";
        till.HardwareCode = A.Hardware("UMBENANNT", absent: 2).ToString();

        (await till.CheckAsync()).ShouldBe("VALID", valid: true);
        (await till.ActivateAsync()).ShouldBeActivated(200);

        await ShouldHaveNoFlagAsync(till);
    }

    [Fact]
    public async Task Every_true_cheater_is_flagged_until_the_breaker_stops_the_locks()
    {
        await using var own = new ApiPortal();
        await own.InitializeAsync();
        List<Till> cheaters = [];
        for (var i = 0; i < 7; i++)
        {
            cheaters.Add((await own.ContradictionAsync(ApiPortal.Beam)).Old);
        }

        List<string> codes = [];
        foreach (var cheater in cheaters)
        {
            codes.Add((await cheater.CheckAsync()).Code!);
        }

        codes.ShouldBe([.. Enumerable.Repeat("LOCKED_ILLEGAL", 5), "RELEASED_STILL_USED", "RELEASED_STILL_USED"]);
        await using var db = own.Portal.Open();
        (await db.Flags.CountAsync()).ShouldBe(7);
        (await db.Events.CountAsync(e => e.Kind == EventKind.LockHeld)).ShouldBe(2);
        (await db.Set<OutboxMessage>().CountAsync(m => m.Kind == "staff-breaker")).ShouldBeGreaterThan(0);
        foreach (var stream in (await db.Events.AsNoTracking().ToListAsync()).GroupBy(e => e.Stream))
        {
            EventLog.IsIntact([.. stream.OrderBy(e => e.Seq)]).ShouldBeTrue();
        }
    }

    private async Task ShouldHaveNoFlagAsync(Till till)
    {
        await using var db = portal.Portal.Open();
        var license = await portal.LicenseOfAsync(till);
        (await db.Flags.CountAsync(f => f.LicenseId == license.Id)).ShouldBe(0);
    }

    /// <summary>The first weekday from here on at this hour of the vendor's wall clock.</summary>
    private DateTimeOffset NextWeekday(DateTimeOffset from, int hour)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var day = TimeZoneInfo.ConvertTime(from, zone).Date;
        while (true)
        {
            var local = day.AddHours(hour);
            var at = new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
            if (at >= from && local.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            {
                return at;
            }

            day = day.AddDays(1);
        }
    }
}
