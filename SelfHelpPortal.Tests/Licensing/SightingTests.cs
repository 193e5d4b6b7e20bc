using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

/// <summary>The false-flag rule (security.md section 13) and what follows a proven contradiction (domain.md, FlagPolicy).</summary>
public class SightingTests
{
    public static TheoryData<FlagRule> Rules => [FlagRule.Strict, FlagRule.Staged];

    private static ProductPolicies By(FlagRule rule) => rule == FlagRule.Strict ? A.Strict : A.Staged;

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_released_computer_whose_seat_is_free_is_only_told_so(FlagRule rule)
    {
        foreach (
            var method in new[] { ReleaseMethod.InApp, ReleaseMethod.QrCode, ReleaseMethod.VerificationCode, ReleaseMethod.ActivationKey })
        {
            var scene = A.License(policies: By(rule));
            scene.Activate("old");
            scene.AfterHours(1).Release("old", method);
            for (var day = 0; day < 10; day++)
            {
                scene.AfterDays(1).CheckIn("old").ShouldBe(CheckInCode.Released);
            }

            scene.License.Flags.ShouldBeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_seat_that_is_free_again_proves_nothing(FlagRule rule)
    {
        var scene = A.License(policies: By(rule)).Replaced("old", by: "new");
        scene.Release("new");

        scene.AfterHours(1).CheckIn("old").ShouldBe(CheckInCode.Released);
        scene.CheckIn("new").ShouldBe(CheckInCode.Released);
        scene.License.Flags.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Computers_in_use_are_never_sighted_however_they_changed(FlagRule rule)
    {
        var scene = A.License(seats: 2, By(rule));
        scene.Activate("a");
        scene.Activate("b");

        scene.CheckIn("a", A.Hardware("a", changed: 6)).ShouldBe(CheckInCode.HardwareMismatch);
        scene.CheckIn("a", A.Hardware("b")).ShouldBe(CheckInCode.HardwareMismatch);
        scene.License.Flags.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Another_seat_in_use_proves_nothing(FlagRule rule)
    {
        var scene = A.License(seats: 2, By(rule));
        scene.Activate("old");
        scene.Activate("other");
        scene.AfterHours(1).Release("old");

        scene.AfterDays(1).CheckIn("old").ShouldBe(CheckInCode.Released);
        scene.License.Flags.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_same_computer_back_on_its_seat_is_no_second_user(FlagRule rule)
    {
        var scene = A.License(policies: By(rule));
        var before = scene.Activate("pc");
        scene.AfterHours(1).Release("pc");
        scene.AfterHours(1).Activate("pc");

        // A restored image brings the old handle back; parts may have been exchanged before or after.
        scene.AfterHours(1).CheckIn(before).ShouldBe(CheckInCode.Released);
        scene.CheckIn(before, A.Hardware("pc", changed: 2)).ShouldBe(CheckInCode.Released);

        // A copy of the image on another computer says nothing about the one the seat belongs to.
        scene.CheckIn(before, A.Hardware("elsewhere")).ShouldBe(CheckInCode.Released);
        scene.License.Flags.ShouldBeEmpty();
    }

    [Fact]
    public void An_image_of_the_old_computer_restored_on_the_new_one_is_no_second_user()
    {
        var scene = A.License(policies: A.Strict).Replaced("old", by: "new");

        scene.CheckIn("old", A.Hardware("new")).ShouldBe(CheckInCode.Released);
        scene.License.Flags.ShouldBeEmpty();
    }

    [Fact]
    public void A_computer_that_came_back_is_no_second_user_even_on_another_seat()
    {
        var scene = A.License(seats: 2, policies: A.Strict);
        var before = scene.Activate("pc");
        scene.Activate("second");
        scene.AfterHours(1).Release("pc");
        scene.AfterHours(1).Activate("third").Seat.ShouldBe(before.Seat);
        scene.AfterHours(1).Release("second");
        scene.AfterHours(1).Activate("pc").Seat.ShouldNotBe(before.Seat);

        // A restored image brings the old handle back.
        scene.AfterHours(1).CheckIn(before).ShouldBe(CheckInCode.Released);
        scene.License.State.ShouldBe(LicenseState.Active);
    }

    [Fact]
    public void A_check_in_signed_before_the_release_reached_us_proves_nothing()
    {
        var scene = A.License(policies: A.Strict).Replaced("old", by: "new");

        scene.See("old", signedAt: scene.Last("old").EndedAt!.Value.AddSeconds(-1)).ShouldBeNull();
        scene.License.State.ShouldBe(LicenseState.Active);
        scene.See("old", signedAt: scene.Last("old").EndedAt!.Value.AddSeconds(1)).ShouldNotBeNull();
        scene.License.State.ShouldBe(LicenseState.Locked);
    }

    [Fact]
    public void The_second_of_the_release_counts_as_after_it_because_signatures_tell_whole_seconds()
    {
        var scene = A.License(policies: A.Strict);
        scene.Activate("old");
        scene.After(TimeSpan.FromMilliseconds(500)).Release("old");
        scene.After(TimeSpan.FromMilliseconds(100)).Activate("new");
        scene.After(TimeSpan.FromMilliseconds(100));

        scene.See("old", signedAt: DateTimeOffset.FromUnixTimeSeconds(scene.Now.ToUnixTimeSeconds())).ShouldNotBeNull();
    }

    [Fact]
    public void Strict_locks_at_the_first_contradiction_at_any_hour()
    {
        var scene = A.License(policies: A.Strict).Replaced("old", by: "new");
        scene.WithinBusinessHours = false;

        var sighting = scene.See("old").ShouldNotBeNull();

        (sighting.IsNewComputer, sighting.Reached, sighting.HeldByBreaker).ShouldBe((true, FlagStage.LicenseLocked, false));
        sighting.Flag.ShouldBeSameAs(scene.License.OpenFlag(FlagKind.Sighting));
        scene.License.State.ShouldBe(LicenseState.Locked);
        scene.CheckIn("old").ShouldBe(CheckInCode.LockedIllegal);
        scene.CheckIn("new").ShouldBe(CheckInCode.LockedIllegal);
        scene.TryActivate("new").ShouldBeRefused(Refusal.Locked).CaseNumber.ShouldBe(sighting.Flag.Number);
        scene.TryRelease("new", ReleaseMethod.QrCode).ShouldBeRefused(Refusal.Locked).CaseNumber.ShouldBe(sighting.Flag.Number);
        scene.License.ComputerToRelease(null).ShouldBeRefused(Refusal.Locked).CaseNumber.ShouldBe(sighting.Flag.Number);
    }

    [Fact]
    public void Seen_again_after_the_lock_changes_nothing_and_is_counted()
    {
        var scene = A.License(policies: A.Strict).Replaced("old", by: "new");
        var flag = scene.See("old")!.Flag;

        var again = scene.AfterDays(3).See("old").ShouldNotBeNull();

        (again.Flag, again.IsNewComputer, again.Reached).ShouldBe((flag, false, null));
        var computer = flag.Computers.ShouldHaveSingleItem();
        (computer.TimesSeen, computer.LastSeenAt, computer.StageAt).ShouldBe((2, scene.Now, scene.Now.AddDays(-3)));
        (computer.ActivationId, computer.UsedByActivationId).ShouldBe((scene.Last("old").Id, scene.Last("new").Id));
    }

    [Fact]
    public void Staged_first_tells_then_locks_the_old_computer_and_then_the_license_each_a_day_apart()
    {
        var scene = A.License(policies: A.Staged).Replaced("old", by: "new");

        var first = scene.See("old").ShouldNotBeNull();
        (first.IsNewComputer, first.Reached).ShouldBe((true, FlagStage.Noticed));
        scene.CheckIn("old").ShouldBe(CheckInCode.ReleasedStillUsed);
        scene.CheckIn("new").ShouldBe(CheckInCode.Valid);

        scene.AfterHours(23.99).See("old")!.Reached.ShouldBeNull();
        scene.License.State.ShouldBe(LicenseState.Active);

        var second = scene.AfterHours(0.01).See("old").ShouldNotBeNull();
        (second.IsNewComputer, second.Reached).ShouldBe((false, FlagStage.ComputerLocked));
        scene.CheckIn("old").ShouldBe(CheckInCode.LockedIllegal);
        scene.CheckIn("new").ShouldBe(CheckInCode.Valid);
        scene.TryActivate("old").ShouldBeRefused(Refusal.Locked).CaseNumber.ShouldBe(first.Flag.Number);
        scene.TryActivate("new").ShouldSucceed();

        scene.AfterHours(23.99).See("old")!.Reached.ShouldBeNull();
        scene.License.State.ShouldBe(LicenseState.Active);
        scene.AfterHours(0.01).See("old")!.Reached.ShouldBe(FlagStage.LicenseLocked);
        scene.License.State.ShouldBe(LicenseState.Locked);
        scene.CheckIn("new").ShouldBe(CheckInCode.LockedIllegal);
    }

    [Fact]
    public void Staged_never_locks_outside_business_hours()
    {
        var scene = A.License(policies: A.Staged).Replaced("old", by: "new");
        scene.WithinBusinessHours = false;
        scene.See("old")!.Reached.ShouldBe(FlagStage.Noticed, "telling is no lock");

        for (var day = 0; day < 10; day++)
        {
            scene.AfterDays(1).CheckIn("old").ShouldBe(CheckInCode.ReleasedStillUsed);
        }

        scene.WithinBusinessHours = true;
        scene.See("old")!.Reached.ShouldBe(FlagStage.ComputerLocked);
    }

    [Fact]
    public void The_computer_lock_holds_for_its_hardware_until_the_case_is_resolved()
    {
        var scene = A.License(policies: A.Staged).Replaced("old", by: "new");
        scene.See("old");
        scene.AfterHours(24).See("old");
        scene.Release("new");

        // The seat is free, the hardware stays locked, with parts exchanged, too.
        scene.TryActivate("old", A.Hardware("old", changed: 2)).ShouldBeRefused(Refusal.Locked);
        scene.CheckIn("old").ShouldBe(CheckInCode.LockedIllegal);
        scene.License.Unlock(scene.License.OpenFlag(FlagKind.Sighting)!, scene.Now).ShouldSucceed();
        scene.TryActivate("old").ShouldSucceed();
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_breaker_stops_locks_and_nothing_else(FlagRule rule)
    {
        var scene = A.License(policies: By(rule)).Replaced("old", by: "new");
        scene.LocksAllowed = false;

        var first = scene.See("old").ShouldNotBeNull();
        (first.IsNewComputer, first.Reached, first.HeldByBreaker).ShouldBe((true, FlagStage.Noticed, rule == FlagRule.Strict));
        var second = scene.AfterDays(2).See("old").ShouldNotBeNull();
        (second.IsNewComputer, second.Reached, second.HeldByBreaker).ShouldBe((false, null, true));
        scene.License.State.ShouldBe(LicenseState.Active);
        scene.CheckIn("old").ShouldBe(CheckInCode.ReleasedStillUsed);

        scene.LocksAllowed = true;
        scene.See("old")!.Reached.ShouldBe(rule == FlagRule.Strict ? FlagStage.LicenseLocked : FlagStage.ComputerLocked);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_settled_computer_reads_locked_and_locks_nothing_any_more(FlagRule rule)
    {
        var scene = A.License(policies: By(rule)).Replaced("old", by: "new");
        var flag = scene.See("old")!.Flag;
        scene.License.Unlock(flag, scene.AfterHours(1).Now).ShouldSucceed().ShouldBeSameAs(flag);
        (flag.IsOpen, flag.ResolvedAt, scene.License.State).ShouldBe((false, scene.Now, LicenseState.Active));

        for (var day = 0; day < 5; day++)
        {
            scene.AfterDays(1).See("old").ShouldBeNull();
            scene.CheckIn("old").ShouldBe(CheckInCode.LockedIllegal);
            scene.CheckIn("new").ShouldBe(CheckInCode.Valid);
        }

        scene.License.OpenFlag(FlagKind.Sighting).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_further_computer_is_a_stage_of_its_own(FlagRule rule)
    {
        var scene = A.License(seats: 2, By(rule)).Replaced("old", by: "new").Replaced("older", by: "newer");
        var flag = scene.See("old")!.Flag;
        if (rule == FlagRule.Staged)
        {
            scene.AfterDays(1).See("old")!.Reached.ShouldBe(FlagStage.ComputerLocked);
        }

        var further = scene.See("older").ShouldNotBeNull();

        (further.Flag, further.IsNewComputer).ShouldBe((flag, true), "one case, and staff hear of the second computer");
        further.Reached.ShouldBe(rule == FlagRule.Strict ? FlagStage.LicenseLocked : FlagStage.Noticed);
        flag.Stage.ShouldBe(rule == FlagRule.Strict ? FlagStage.LicenseLocked : FlagStage.ComputerLocked, "a stage is never taken back");
        if (rule == FlagRule.Staged)
        {
            scene.CheckIn("old").ShouldBe(CheckInCode.LockedIllegal);
            scene.CheckIn("older").ShouldBe(CheckInCode.ReleasedStillUsed);
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void After_an_unlock_another_computer_opens_a_new_case(FlagRule rule)
    {
        var scene = A.License(seats: 2, By(rule)).Replaced("old", by: "new").Replaced("older", by: "newer");
        var settled = scene.See("old")!.Flag;
        scene.License.Unlock(settled, scene.Now).ShouldSucceed();

        var next = scene.AfterHours(1).See("older").ShouldNotBeNull();

        next.Flag.Number.ShouldNotBe(settled.Number);
        (next.IsNewComputer, next.Reached).ShouldBe((true, rule == FlagRule.Strict ? FlagStage.LicenseLocked : FlagStage.Noticed));
    }

    [Fact]
    public void A_superseded_computer_is_sighted_like_a_released_one()
    {
        var scene = A.License(policies: A.Strict);
        var old = scene.Activate("old");
        old.End(ActivationState.Superseded, scene.AfterHours(1).Now, ReleaseMethod.Transfer);
        scene.CheckIn("old").ShouldBe(CheckInCode.Superseded);
        scene.License.Flags.ShouldBeEmpty();

        scene.AfterHours(1).Activate("new").Generation.ShouldBe(2);
        old.ChargedAt.ShouldBeNull("a transfer is paid for");
        scene.AfterHours(1).CheckIn("old").ShouldBe(CheckInCode.LockedIllegal);
    }

    [Fact]
    public void Suspended_ended_and_banned_are_said_instead_and_open_no_case()
    {
        var suspended = A.License(policies: A.Strict).Replaced("old", by: "new");
        suspended.License.Suspend().ShouldSucceed();
        suspended.CheckIn("old").ShouldBe(CheckInCode.Suspended);

        var revoked = A.License(policies: A.Strict).Replaced("old", by: "new");
        revoked.License.Revoke(revoked.Now).ShouldSucceed();
        revoked.CheckIn("old").ShouldBe(CheckInCode.Revoked);

        var banned = A.License(policies: A.Strict).Replaced("old", by: "new");
        banned.License.Exclude(banned.Last("old"), banned.Policies.Hardware, banned.Now).ShouldSucceed();
        banned.CheckIn("old").ShouldBe(CheckInCode.DeviceExcluded);

        foreach (var scene in new[] { suspended, revoked, banned })
        {
            scene.License.Flags.ShouldBeEmpty();
        }
    }

    [Fact]
    public void Of_a_locked_computer_that_is_banned_too_the_ban_is_said()
    {
        var scene = A.License(policies: A.Strict).Replaced("old", by: "new");
        var flag = scene.See("old")!.Flag;
        scene.License.Exclude(scene.Last("old"), scene.Policies.Hardware, scene.Now).ShouldSucceed();
        scene.CheckIn("old").ShouldBe(CheckInCode.DeviceExcluded);
        scene.License.Unlock(flag, scene.Now).ShouldSucceed();
        scene.CheckIn("old").ShouldBe(CheckInCode.DeviceExcluded);
        scene.CheckIn("new").ShouldBe(CheckInCode.Valid);
    }

    [Theory]
    [InlineData("2026-03-02T08:00", true)] // Monday
    [InlineData("2026-03-02T07:59:59", false)]
    [InlineData("2026-03-06T16:59:59", true)]
    [InlineData("2026-03-06T17:00", false)]
    [InlineData("2026-03-07T12:00", false)] // Saturday
    [InlineData("2026-03-08T12:00", false)]
    public void Business_hours_are_on_weekdays_as_the_clock_on_the_wall_shows(string local, bool within) =>
        new BusinessHours().Contains(DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(within);
}
