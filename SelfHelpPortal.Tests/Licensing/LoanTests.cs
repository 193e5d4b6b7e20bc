using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

/// <summary>Computers that use the license for a while beside those that have its seats (domain.md, loans and overlaps).</summary>
public class LoanTests
{
    private static readonly LoanPolicy Loans = new() { LongestDays = 30, PerYear = 2, OverlapDays = 7 };

    private readonly LicenseScene _scene = A.License(policies: A.Strict with { Loans = Loans });

    public LoanTests() => _scene.Activate("till");

    [Fact]
    public void Both_are_valid_and_neither_is_told_of_and_at_the_end_the_loan_has_ended_to_the_second()
    {
        var lent = Lend(days: 10);

        (lent.Seat, lent.Generation, lent.HasSeat, lent.EndsAs).ShouldBe((1, 2, false, EndKind.Loan));
        _scene.AfterDays(5).CheckIn("till").ShouldBe(CheckInCode.Valid);
        _scene.CheckIn(lent).ShouldBe(CheckInCode.Valid);
        _scene.Now = lent.EndsAt!.Value.AddSeconds(-1);
        _scene.CheckIn(lent).ShouldBe(CheckInCode.Valid);
        _scene.Now = lent.EndsAt.Value;
        _scene.CheckIn(lent).ShouldBe(CheckInCode.Expired, "before any job has run, and without days of grace");

        _scene.AfterHours(6).License.EndOverdue(_scene.Now).ShouldBe([lent]);
        (lent.State, lent.EndedAt, lent.ReleasedBy, lent.RanOut)
            .ShouldBe((ActivationState.Released, lent.EndsAt, ReleaseMethod.Ended, true));
        _scene.License.EndOverdue(_scene.Now).ShouldBeEmpty();
        _scene.AfterDays(3).CheckIn(lent).ShouldBe(CheckInCode.Expired, "that it is seen is no contradiction");
        _scene.License.Flags.ShouldBeEmpty();
        _scene.CheckIn("till").ShouldBe(CheckInCode.Valid);
    }

    [Fact]
    public void A_loan_that_was_given_up_and_is_seen_again_is_a_contradiction_as_ever()
    {
        var lent = Lend(days: 10);
        _scene.AfterDays(1);
        _scene.License.Release(lent, ReleaseMethod.InApp, _scene.Policies.Release, _scene.Now).ShouldSucceed();

        _scene.AfterHours(1).CheckIn(lent).ShouldBe(CheckInCode.LockedIllegal);
    }

    [Fact]
    public void The_repaired_computer_pauses_where_the_product_says_so_and_goes_on_by_itself()
    {
        _scene.Policies = _scene.Policies with { Loans = Loans with { OldPcStaysValid = false } };
        var lent = Lend(days: 10);
        _scene.AfterDays(1).CheckIn("till").ShouldBe(CheckInCode.Expired);
        _scene.License.Flags.ShouldBeEmpty();

        _scene.Now = lent.EndsAt!.Value;
        _scene.CheckIn("till").ShouldBe(CheckInCode.Valid);

        // Or sooner, when the loan is given up.
        _scene.License.EndOverdue(_scene.Now).ShouldHaveSingleItem();
        var again = Lend(days: 10, pc: "another");
        _scene.AfterDays(1).CheckIn("till").ShouldBe(CheckInCode.Expired);
        _scene.License.Release(again, ReleaseMethod.InApp, _scene.Policies.Release, _scene.Now).ShouldSucceed();
        _scene.CheckIn("till").ShouldBe(CheckInCode.Valid);
    }

    [Fact]
    public void One_at_a_time_and_so_many_a_year()
    {
        var first = Lend(days: 1);
        _scene.AfterHours(1).TryLend("second").ShouldBeRefused(Refusal.Conflict);
        _scene.Now = first.EndsAt!.Value.AddDays(1);
        _scene.License.EndOverdue(_scene.Now);

        DateTimeOffset[] begun = [_scene.Now.AddDays(-300), _scene.Now.AddDays(-2)];
        _scene.TryLend("second", begun).ShouldBeRefused(Refusal.LimitUsedUp).NextAllowedAt.ShouldBe(begun[0].AddDays(365));
        _scene.After(begun[0].AddDays(365) - _scene.Now).TryLend("second", begun).ShouldSucceed();
    }

    [Fact]
    public void Nothing_is_lent_of_a_license_that_is_locked_suspended_frozen_or_over_nor_to_a_computer_that_has_it()
    {
        _scene.TryLend("till").ShouldBeRefused(Refusal.Conflict);
        _scene.License.Suspend();
        _scene.TryLend("spare").ShouldBeRefused(Refusal.Suspended);
        _scene.License.Resume();

        var over = A.License(policies: A.Strict with { Loans = Loans }, expires: A.MorningOfDay(3));
        over.Activate("till");
        over.TryLend("spare", days: 10).ShouldSucceed().EndsAt.ShouldBe(A.MorningOfDay(3), "never longer than the license");
        over.AfterDays(4).TryLend("spare").ShouldBeRefused(Refusal.Expired);

        var frozen = A.License(policies: A.Strict with { Loans = Loans });
        frozen.Activate("till");
        frozen.AfterHours(2).Release("till");
        frozen.Object("till");
        frozen.TryLend("spare").ShouldBeRefused(Refusal.Frozen);

        var locked = A.License(policies: A.Strict with { Loans = Loans }).Replaced("old", "till");
        locked.CheckIn("old");
        locked.TryLend("spare").ShouldBeRefused(Refusal.Locked);
    }

    [Fact]
    public void A_loan_takes_no_seat_and_gives_none_until_the_repaired_one_gives_up_its_own()
    {
        var release = new ReleasePolicy { DeadPc = DeadPcRule.Immediate, AllowedUnproven = 1, MinimumHoldMinutes = 0 };
        _scene.Policies = _scene.Policies with { Release = release };
        var lent = Lend(days: 10);
        _scene.License.HasFreeSeat.ShouldBeFalse();
        _scene.TryActivate("third").ShouldBeRefused(Refusal.TooManyActivations);
        var same = _scene.AfterHours(1).TryActivate("spare").ShouldSucceed();
        (same.Activation, same.IsNew, same.EndLifted, lent.EndsAt is null).ShouldBe((lent, false, false, false));

        _scene.Release("till");
        var kept = _scene.AfterHours(1).TryActivate("spare").ShouldSucceed();

        (kept.Activation, kept.EndLifted, lent.HasSeat).ShouldBe((lent, true, true));
        _scene.Last("till").ChargedAt.ShouldBe(_scene.Now, "a release without proof counts as if any other computer had taken the seat");
        _scene.TryActivate("third").ShouldBeRefused(Refusal.TooManyActivations);
        _scene.AfterDays(20).CheckIn("spare").ShouldBe(CheckInCode.Valid);
    }

    [Fact]
    public void A_part_that_changed_keeps_the_end()
    {
        var lent = Lend(days: 10);

        var again = _scene.AfterDays(1).TryActivate("spare", A.Hardware("spare", changed: 1)).ShouldSucceed();

        (again.Replaced, again.Activation.EndsAt, again.Activation.EndsAs).ShouldBe((lent, lent.EndsAt, EndKind.Loan));
        _scene.Now = lent.EndsAt!.Value;
        _scene.CheckIn(again.Activation).ShouldBe(CheckInCode.Expired);
    }

    [Fact]
    public void It_becomes_a_transfer_of_which_the_computer_hears_at_its_next_check_in()
    {
        var lent = Lend(days: 10);
        var till = _scene.Last("till");

        var taken = _scene.AfterDays(1).License
            .Transfer(till, new Computer(A.Hardware("spare"), "spare", null), NewSecrets(), _scene.Policies.Hardware, _scene.Now)
            .ShouldSucceed();

        (taken.HasSeat, lent.State, lent.RestoredAsId, till.State)
            .ShouldBe((true, ActivationState.Superseded, taken.Id, ActivationState.Superseded));
        _scene.CheckIn(lent).ShouldBe(CheckInCode.Superseded);
        _scene.License.Flags.ShouldBeEmpty("the same computer has the license");
    }

    [Fact]
    public void Whoever_did_not_ask_for_it_ends_it_by_objecting()
    {
        var lent = Lend(days: 10);

        var (flag, restored) = _scene.AfterHours(1).Object(lent);

        (flag.Kind, restored, lent.State).ShouldBe((FlagKind.Objection, null, ActivationState.Released));
        _scene.CheckIn("till").ShouldBe(CheckInCode.Valid);
        _scene.TryLend("another").ShouldBeRefused(Refusal.Frozen);
    }

    [Fact]
    public void An_old_computer_goes_on_for_some_days_and_counts_as_a_release_without_proof_only_at_its_end()
    {
        var release = new ReleasePolicy { DeadPc = DeadPcRule.Immediate, AllowedUnproven = 1, MinimumHoldMinutes = 0 };
        _scene.Policies = _scene.Policies with { Release = release };
        var old = _scene.Last("till");
        Leave(days: 7).IsRepetition.ShouldBeFalse();
        Leave(days: 7).IsRepetition.ShouldBeTrue();
        (old.IsActive, old.HasSeat, _scene.License.HasFreeSeat).ShouldBe((true, false, true));

        var next = _scene.AfterHours(1).Activate("new");
        (next.Seat, next.Generation).ShouldBe((1, 2));
        _scene.AfterDays(3).CheckIn(old).ShouldBe(CheckInCode.Valid);
        _scene.CheckIn(next).ShouldBe(CheckInCode.Valid);
        _scene.License.Flags.ShouldBeEmpty();
        _scene.Allowance.Left.ShouldBe(1);

        _scene.Now = old.EndsAt!.Value;
        _scene.CheckIn(old).ShouldBe(CheckInCode.Expired);
        _scene.License.EndOverdue(_scene.Now).ShouldBe([old]);
        (old.ReleasedBy, old.ChargedAt).ShouldBe((ReleaseMethod.ActivationKey, _scene.Now));
        _scene.Allowance.Left.ShouldBe(0);
        _scene.AfterDays(1).CheckIn(old).ShouldBe(CheckInCode.Expired);
        _scene.License.Flags.ShouldBeEmpty();
    }

    [Fact]
    public void An_old_computer_that_is_released_in_the_software_before_its_end_costs_nothing()
    {
        var old = _scene.Last("till");
        Leave(days: 7);
        _scene.AfterHours(1).Activate("new");

        _scene.AfterDays(1).Release("till", ReleaseMethod.InApp);

        (old.State, old.ChargedAt, old.RanOut).ShouldBe((ActivationState.Released, null, false));
        _scene.AfterHours(1).CheckIn(old).ShouldBe(CheckInCode.LockedIllegal, "it said that it had given up the license");
    }

    [Fact]
    public void An_old_computer_that_changes_its_mind_has_its_seat_again_while_that_is_free()
    {
        Leave(days: 7);

        var back = _scene.AfterDays(1).TryActivate("till").ShouldSucceed();

        (back.EndLifted, back.Activation.HasSeat, back.Activation.ReleasedBy).ShouldBe((true, true, null));
        _scene.AfterDays(30).CheckIn("till").ShouldBe(CheckInCode.Valid);

        Leave(days: 7);
        _scene.Object("till").Restored.ShouldNotBeNull().HasSeat.ShouldBeTrue("so has the owner who objects");
    }

    [Theory]
    [InlineData(DeadPcRule.ConfirmByMail, Refusal.ConfirmByMail)]
    [InlineData(DeadPcRule.PaidTransfer, Refusal.PaidTransfer)]
    [InlineData(DeadPcRule.StaffOnly, Refusal.StaffOnly)]
    public void Going_on_needs_what_a_release_without_proof_needs_and_so_does_ending_a_loan(DeadPcRule rule, Refusal refusal)
    {
        _scene.Policies = _scene.Policies with { Release = new ReleasePolicy { DeadPc = rule, MinimumHoldMinutes = 0 } };
        _scene.License.Release(_scene.Last("till"), ReleaseMethod.ActivationKey, _scene.Policies.Release, _scene.Now,
            goesOnUntil: _scene.Now.AddDays(7)).ShouldBeRefused(refusal);

        Lend(days: 10);
        _scene.TryRelease("spare").ShouldBeRefused(rule == DeadPcRule.StaffOnly ? Refusal.StaffOnly : Refusal.ConfirmByMail);
        if (rule != DeadPcRule.StaffOnly)
        {
            _scene.TryRelease("spare", confirmed: true).ShouldSucceed();
        }
    }

    [Fact]
    public void Nothing_goes_on_beside_a_loan()
    {
        Lend(days: 10);
        _scene.License.Release(_scene.Last("till"), ReleaseMethod.ActivationKey, _scene.Policies.Release, _scene.Now,
            goesOnUntil: _scene.Now.AddDays(7)).ShouldBeRefused(Refusal.Conflict);
    }

    [Theory]
    [InlineData(10, 3)]
    [InlineData(2, null)]
    public void The_owner_is_reminded_once_unless_the_end_was_near_from_the_beginning(int days, int? daysBefore)
    {
        var lent = Lend(days);
        _scene.Now = lent.EndsAt!.Value.AddDays(-3).AddSeconds(-1);
        _scene.License.RemindOfEnds(_scene.Now).ShouldBeEmpty();
        _scene.After(TimeSpan.FromSeconds(1)).License.RemindOfEnds(_scene.Now).Count.ShouldBe(daysBefore is null ? 0 : 1);
        _scene.License.RemindOfEnds(_scene.Now).ShouldBeEmpty();
    }

    private Activation Lend(int days, string pc = "spare") => _scene.TryLend(pc, days: days).ShouldSucceed();

    private Released Leave(int days) => _scene.License.Release(
        _scene.Last("till"), ReleaseMethod.ActivationKey, _scene.Policies.Release, _scene.Now, goesOnUntil: _scene.Now.AddDays(days))
        .ShouldSucceed();

    private static ActivationSecrets NewSecrets() => new(Guid.CreateVersion7(), Handles.New(), [4]);
}

internal static class LendingScene
{
    /// <summary>Stands in for the computer that was activated last and has a seat.</summary>
    public static Outcome<Activation> TryLend(
        this LicenseScene scene, string pc, IEnumerable<DateTimeOffset>? begun = null, int days = 10) => scene.License.Lend(
        scene.License.ActiveComputers.Last(a => a.HasSeat), new Computer(A.Hardware(pc), pc, null),
        new ActivationSecrets(Guid.CreateVersion7(), Handles.New(), [4]), scene.Now.AddDays(days), scene.Policies, begun ?? [], scene.Now);
}
