using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Support;
using SelfHelpPortal.Tests.Walks;

namespace SelfHelpPortal.Tests.Features;

/// <summary>Our own fault must never punish a customer, and a true second user is found (security.md section 13, T33).</summary>
public sealed class FalseFlagTests : IAsyncLifetime
{
    private static readonly Terms StrictTerms = RandomWalks.AllTerms[0];
    private static readonly Terms StagedTerms = RandomWalks.AllTerms[0] with { Strict = false };

    /// <summary>A Tuesday, within business hours.</summary>
    private static readonly DateTimeOffset Noon = new(2026, 3, 3, 11, 0, 0, TimeSpan.Zero);

    private readonly PortalFactory _portal = new();
    private WalkStaff? _staff;

    public async Task InitializeAsync()
    {
        await _portal.BuildAsync();
        _staff = await PortalWalk.PrepareAsync(_portal);
        await using var db = _portal.Open();
        foreach (var rule in Enum.GetValues<FlagRule>())
        {
            db.Products.Add(Product.Create(
                ProductOf(rule), "Demo", new ProductPolicies { Release = A.FreeRelease, Flag = new FlagPolicy { Rule = rule } }));
        }

        await db.SaveChangesAsync();
    }

    public async Task DisposeAsync() => await _portal.DisposeAsync();

    public static TheoryData<FlagRule> Rules => [FlagRule.Strict, FlagRule.Staged];

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Nothing_but_a_contradiction_opens_a_case(FlagRule rule)
    {
        var license = await ReplacedAsync(rule);
        var now = Noon.AddHours(3);

        // A clock that is years off, either way, is told so before anything is looked at.
        foreach (var years in new[] { -2, 2 })
        {
            (await license.TryCheckInAsync(0, A.Hardware("old"), now.AddYears(years), now)).ShouldBeRefused(Refusal.ClockSkew);
        }

        // A proof that does not fit.
        (await license.TryCheckInAsync(0, A.Hardware("old"), now, now, forged: true)).ShouldBeRefused(Refusal.Unknown);

        // Signed before the release reached us, which came late.
        (await license.TryCheckInAsync(0, A.Hardware("old"), Noon.AddHours(1).AddSeconds(-1), Noon.AddHours(1).AddMinutes(5)))
            .ShouldSucceed();

        // The image of the old computer restored on the new one.
        (await license.CheckInAsync(0, "new", 0, now, now)).ShouldBe("RELEASED");

        // The new computer itself: renamed, other adapters, other parts, another computer's copy of its files.
        (await license.ActivateAsync("new", 1, now)).ShouldBe("again 3");
        (await license.CheckInAsync(1, "new", 0, now, now)).ShouldBe("SUPERSEDED");
        (await license.CheckInAsync(1, "new", 1, now, now)).ShouldBe("SUPERSEDED");
        (await license.CheckInAsync(2, "new", 2, now, now)).ShouldBe("VALID_DRIFT");
        (await license.CheckInAsync(2, "copy", 0, now, now)).ShouldBe("HARDWARE_MISMATCH");

        // And once the seat is free, the old one is only a computer that was released.
        (await license.ReleaseInAppAsync(2, now.AddMinutes(1))).ShouldBe("released");
        (await license.CheckInAsync(0, "old", 0, now.AddDays(3), now.AddDays(3))).ShouldBe("RELEASED");
        await ShouldBeUntouchedAsync(license);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_computer_that_was_away_for_repair_and_came_back_is_no_second_user(FlagRule rule)
    {
        var license = await BeginAsync(rule);
        await license.ActivateAsync("pc", 0, Noon);
        (await license.ReleaseByKeyAsync(0, confirms: false, Noon.AddHours(1))).ShouldBe("released");

        (await license.CheckInAsync(0, "pc", 0, Noon.AddDays(5), Noon.AddDays(5))).ShouldBe("RELEASED");
        (await license.ActivateAsync("pc", 2, Noon.AddDays(5))).ShouldBe("new 2");
        (await license.CheckInAsync(0, "pc", 2, Noon.AddDays(6), Noon.AddDays(6))).ShouldBe("RELEASED");
        (await license.CheckInAsync(1, "pc", 2, Noon.AddDays(6), Noon.AddDays(6))).ShouldBe("VALID");
        await ShouldBeUntouchedAsync(license);
    }

    [Fact]
    public async Task Staged_nothing_is_locked_without_two_proofs_a_day_apart()
    {
        var license = await ReplacedAsync(FlagRule.Staged);
        for (var minutes = 0; minutes < 24 * 60; minutes += 90)
        {
            var now = Noon.AddHours(3).AddMinutes(minutes);
            (await license.CheckInAsync(0, "old", 0, now, now)).ShouldBe("RELEASED_STILL_USED");
            (await license.CheckInAsync(1, "new", 0, now, now)).ShouldBe("VALID");
        }

        var next = Noon.AddHours(3).AddDays(1);
        (await license.CheckInAsync(0, "old", 0, next, next)).ShouldBe("LOCKED_ILLEGAL");
        (await license.CheckInAsync(1, "new", 0, next, next)).ShouldBe("VALID", "the honest new computer is locked last");
        (await MailsAsync(license)).ShouldBe(["released", "seen-again", "computer-locked"], ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_true_second_user_is_flagged_every_time(FlagRule rule)
    {
        for (var n = 0; n < 5; n++)
        {
            // Apart in time, so that the breaker has nothing to say.
            var begin = Noon.AddDays(7 * n);
            var license = await ReplacedAsync(rule, begin);
            var now = begin.AddHours(3);
            (await license.CheckInAsync(0, "old", 0, now, now))
                .ShouldBe(rule == FlagRule.Strict ? "LOCKED_ILLEGAL" : "RELEASED_STILL_USED");
            (await license.LoadAsync()).OpenFlag(FlagKind.Sighting).ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task The_breaker_stops_locks_of_a_product_at_so_many_an_hour_also_when_they_come_at_once()
    {
        var allowed = new FlagPolicy().LocksPerHour;
        var licenses = new List<PortalWalk>();
        for (var n = 0; n < allowed + 5; n++)
        {
            licenses.Add(await ReplacedAsync(FlagRule.Strict));
        }

        var now = Noon.AddHours(3);
        var answers = await Task.WhenAll(licenses.Select(l => Task.Run(() => l.CheckInAsync(0, "old", 0, now, now))));

        answers.Count(a => a == "LOCKED_ILLEGAL").ShouldBe(allowed);
        answers.Count(a => a == "RELEASED_STILL_USED").ShouldBe(5);
        foreach (var license in licenses)
        {
            (await license.LoadAsync()).OpenFlag(FlagKind.Sighting).ShouldNotBeNull("recorded all the same");
        }

        await using var db = _portal.Open();
        (await db.Set<OutboxMessage>().CountAsync(m => m.Kind == "staff-breaker")).ShouldBe(1);

        // An hour later the next is a lock again.
        var held = licenses[Array.IndexOf(answers, "RELEASED_STILL_USED")];
        (await held.CheckInAsync(0, "old", 0, now.AddMinutes(61), now.AddMinutes(61))).ShouldBe("LOCKED_ILLEGAL");
    }

    private static string ProductOf(FlagRule rule) => $"flags-{rule}".ToLowerInvariant();

    private Task<PortalWalk> BeginAsync(FlagRule rule) =>
        PortalWalk.BeginAsync(_portal.Services, _staff!, ProductOf(rule), rule == FlagRule.Strict ? StrictTerms : StagedTerms);

    /// <summary>"old" was released as dead an hour after it was activated; an hour later "new" has its seat.</summary>
    private async Task<PortalWalk> ReplacedAsync(FlagRule rule, DateTimeOffset? from = null)
    {
        var begin = from ?? Noon;
        var license = await BeginAsync(rule);
        (await license.ActivateAsync("old", 0, begin)).ShouldBe("new 1");
        (await license.ReleaseByKeyAsync(0, confirms: false, begin.AddHours(1))).ShouldBe("released");
        (await license.ActivateAsync("new", 0, begin.AddHours(1).AddMinutes(2))).ShouldBe("new 2");
        return license;
    }

    private static async Task ShouldBeUntouchedAsync(PortalWalk license)
    {
        var stored = await license.LoadAsync();
        stored.State.ShouldBe(LicenseState.Active);
        stored.Flags.ShouldBeEmpty();
        await license.CheckInvariantsAsync();
    }

    private async Task<List<string>> MailsAsync(PortalWalk license)
    {
        var stored = await license.LoadAsync();
        var references = stored.Flags.Select(f => f.Number).Append(stored.Number).ToList();
        await using var db = _portal.Open();
        return await db.Set<OutboxMessage>().Where(m => references.Contains(m.Reference!) && m.ToAddress == "walker@example.org")
            .Select(m => m.Kind).ToListAsync();
    }
}
