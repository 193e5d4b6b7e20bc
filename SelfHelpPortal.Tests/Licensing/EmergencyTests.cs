using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

/// <summary>
/// One emergency code a license and year lets one computer go on for 72 hours although the license is locked (domain.md, FlagPolicy).
/// </summary>
public class EmergencyTests
{
    private static readonly FlagPolicy Policy = A.Staged.Flag;

    [Fact]
    public void The_new_computer_goes_on_for_72_hours_and_the_old_one_never()
    {
        var scene = Locked();
        scene.CheckIn("new").ShouldBe(CheckInCode.LockedIllegal);

        var grant = Fetch(scene).ShouldSucceed().Grant;

        grant.ValidUntil.ShouldBe(scene.Now.AddHours(72));
        scene.CheckIn("new").ShouldBe(CheckInCode.ValidGrace);
        scene.CheckIn("old").ShouldBe(CheckInCode.LockedIllegal);
        scene.CheckIn("new", A.Hardware("copy")).ShouldBe(CheckInCode.HardwareMismatch);
        scene.License.State.ShouldBe(LicenseState.Locked);
        scene.TryActivate("other").ShouldBeRefused(Refusal.Locked);
        scene.TryRelease("new").ShouldBeRefused(Refusal.Locked);
        scene.AfterHours(72).After(TimeSpan.FromTicks(-1)).CheckIn("new").ShouldBe(CheckInCode.ValidGrace);
        scene.After(TimeSpan.FromTicks(1)).CheckIn("new").ShouldBe(CheckInCode.LockedIllegal);
    }

    [Fact]
    public void Asking_again_gives_the_same_and_afterwards_none_before_next_year()
    {
        var scene = Locked();
        var first = Fetch(scene).ShouldSucceed();
        var again = Fetch(scene.AfterHours(71)).ShouldSucceed();

        (first.IsRepetition, again.IsRepetition).ShouldBe((false, true));
        again.Grant.ShouldBeSameAs(first.Grant);
        var next = new DateTimeOffset(scene.Now.Year + 1, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Fetch(scene.AfterHours(1)).ShouldBeRefused(Refusal.LimitUsedUp).NextAllowedAt.ShouldBe(next);
        scene.Now = next.AddTicks(-1);
        Fetch(scene).ShouldBeRefused(Refusal.LimitUsedUp);
        scene.Now = next;
        Fetch(scene).ShouldSucceed().Grant.Year.ShouldBe(next.Year);
        scene.License.EmergencyGrants.Count.ShouldBe(2);
    }

    [Fact]
    public void A_code_of_the_old_year_runs_on_into_the_new_one_which_has_its_own()
    {
        var scene = Locked(new DateTimeOffset(2026, 12, 28, 12, 0, 0, TimeSpan.Zero));
        scene.Now = new DateTimeOffset(2026, 12, 31, 12, 0, 0, TimeSpan.Zero);
        Fetch(scene).ShouldSucceed();

        scene.AfterHours(24).CheckIn("new").ShouldBe(CheckInCode.ValidGrace);
        Fetch(scene).ShouldSucceed().ShouldSatisfyAllConditions(g => g.IsRepetition.ShouldBeFalse(), g => g.Grant.Year.ShouldBe(2027));
        scene.AfterHours(71).CheckIn("new").ShouldBe(CheckInCode.ValidGrace);
        scene.AfterHours(1).CheckIn("new").ShouldBe(CheckInCode.LockedIllegal);
    }

    [Fact]
    public void Of_several_computers_one_is_chosen()
    {
        var scene = Locked(seats: 2);
        scene.CheckIn("beside").ShouldBe(CheckInCode.LockedIllegal);
        Fetch(scene).ShouldBeRefused(Refusal.ChooseComputer);
        Fetch(scene, scene.Last("old").Id).ShouldBeRefused(Refusal.ChooseComputer);
        Fetch(scene, Guid.NewGuid()).ShouldBeRefused(Refusal.ChooseComputer);

        Fetch(scene, scene.Last("beside").Id).ShouldSucceed();

        scene.CheckIn("beside").ShouldBe(CheckInCode.ValidGrace);
        scene.CheckIn("new").ShouldBe(CheckInCode.LockedIllegal);
        Fetch(scene, scene.Last("new").Id).ShouldSucceed().Grant.ActivationId.ShouldBe(scene.Last("beside").Id);
    }

    [Fact]
    public void Without_a_lock_a_computer_or_a_policy_there_is_no_code()
    {
        var open = A.License().Replaced("old", by: "new");
        Fetch(open).ShouldBeRefused(Refusal.Conflict);
        var scene = Locked();
        scene.License.GrantEmergency(null, Policy with { EmergencyCode = false }, scene.Now).ShouldBeRefused(Refusal.StaffOnly);
        scene.License.GrantEmergency(null, Policy with { Rule = FlagRule.Strict }, scene.Now).ShouldBeRefused(Refusal.StaffOnly);
        scene.License.Suspend().ShouldSucceed();
        Fetch(scene).ShouldBeRefused(Refusal.Suspended);
        scene.License.Resume().ShouldSucceed();
        scene.License.ReleaseByStaff(scene.Last("new"), scene.Now).ShouldSucceed();
        Fetch(scene).ShouldBeRefused(Refusal.NotActive);
        scene.License.EmergencyGrants.ShouldBeEmpty();
    }

    [Fact]
    public void A_computer_that_gave_up_its_seat_takes_no_code_with_it()
    {
        var scene = Locked();
        Fetch(scene).ShouldSucceed();
        scene.License.ReleaseByStaff(scene.Last("new"), scene.Now).ShouldSucceed();

        scene.CheckIn("new").ShouldBe(CheckInCode.LockedIllegal);
    }

    [Fact]
    public void The_end_of_a_limited_license_stays_its_end()
    {
        var scene = Locked(expires: A.Morning.AddDays(4));
        Fetch(scene).ShouldSucceed();
        var facts = scene.License.FactsOf(scene.Last("new"), A.Hardware("new"), scene.Policies.Hardware);

        facts.GraceEnds(scene.Now, graceDays: 14).ShouldBe(scene.Now.AddHours(72));
        facts.GraceEnds(A.Morning.AddDays(4), graceDays: 0).ShouldBe(A.Morning.AddDays(4));
        scene.Now = A.Morning.AddDays(4);
        facts.Decide(scene.Now, graceDays: 0).ShouldBe(CheckInCode.Expired);
        facts.GraceEnds(A.Morning.AddDays(30), graceDays: 30).ShouldBe(A.Morning.AddDays(34));
    }

    /// <summary>The license is locked after three sightings of "old"; "new" has its seat, with more seats "beside" another.</summary>
    private static LicenseScene Locked(DateTimeOffset? from = null, int seats = 1, DateTimeOffset? expires = null)
    {
        var scene = A.License(seats, expires: expires);
        scene.Now = from ?? scene.Now;
        scene.Activate("old");
        if (seats > 1)
        {
            scene.Activate("beside");
        }

        scene.Replaced("old", by: "new");
        scene.See("old");
        scene.AfterDays(1).See("old");
        scene.AfterDays(1).See("old");
        scene.License.State.ShouldBe(LicenseState.Locked);
        return scene;
    }

    private static Outcome<EmergencyGranted> Fetch(LicenseScene scene, Guid? computer = null) =>
        scene.License.GrantEmergency(computer, Policy, scene.Now);
}
