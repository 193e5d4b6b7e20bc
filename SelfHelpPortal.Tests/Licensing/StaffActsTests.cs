using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

public class StaffActsTests
{
    [Fact]
    public void Unlocking_resolves_the_case_once_and_the_new_computer_goes_on()
    {
        var scene = A.License(policies: A.Strict).Replaced("old", by: "new");
        var flag = scene.See("old")!.Flag;

        scene.License.Unlock(flag, scene.Now).ShouldSucceed();

        (scene.License.State, flag.State).ShouldBe((LicenseState.Active, FlagState.Resolved));
        scene.CheckIn("new").ShouldBe(CheckInCode.Valid);
        scene.TryRelease("new").ShouldSucceed();
        scene.License.Unlock(flag, scene.Now).ShouldBeRefused(Refusal.Conflict);
    }

    [Theory]
    [InlineData(FlagRule.Strict)]
    [InlineData(FlagRule.Staged)]
    public void A_case_that_is_opened_again_begins_below_the_lock_of_the_license(FlagRule rule)
    {
        var scene = A.License(policies: rule == FlagRule.Strict ? A.Strict : A.Staged).Replaced("old", by: "new");
        var flag = scene.See("old")!.Flag;
        while (flag.Stage < FlagStage.LicenseLocked)
        {
            scene.AfterDays(1).See("old");
        }

        scene.License.Unlock(flag, scene.Now, FlagCause.RepairedPc, FlagCause.SecondPc).ShouldSucceed();
        (flag.Cause, flag.Verdict, flag.MailKey).ShouldBe((FlagCause.RepairedPc, FlagCause.SecondPc, flag.Number));

        scene.License.Reopen(flag, scene.Now).ShouldSucceed();

        (flag.State, flag.Stage, flag.Cause, flag.Verdict, flag.ResolvedAt)
            .ShouldBe((FlagState.Open, FlagStage.ComputerLocked, null, null, null));
        flag.MailKey.ShouldBe($"{flag.Number}/1");
        scene.CheckIn("new").ShouldBe(CheckInCode.Valid);
        scene.License.Reopen(flag, scene.Now).ShouldBeRefused(Refusal.Conflict);
        scene.AfterDays(1).See("old")!.Reached.ShouldBe(FlagStage.LicenseLocked);
        scene.License.State.ShouldBe(LicenseState.Locked);
    }

    [Fact]
    public void A_case_of_another_license_is_not_resolved_here()
    {
        var scene = A.License(policies: A.Strict).Replaced("old", by: "new");
        var other = A.License(policies: A.Strict).Replaced("old", by: "new");
        scene.License.Unlock(other.See("old")!.Flag, scene.Now).ShouldBeRefused(Refusal.Conflict);
        other.License.State.ShouldBe(LicenseState.Locked);
    }

    [Fact]
    public void Resolving_an_objection_leaves_the_lock_and_the_other_way_round()
    {
        var scene = A.License(seats: 2, A.Strict).Replaced("old", by: "new");
        scene.Activate("pc");
        scene.AfterHours(1).Release("pc");
        var objection = scene.Object("pc").Flag;
        var sighting = scene.AfterHours(1).See("old")!.Flag;

        scene.License.Unlock(objection, scene.Now).ShouldSucceed();
        scene.License.State.ShouldBe(LicenseState.Locked);
        scene.TryRelease("pc").ShouldBeRefused(Refusal.Locked).CaseNumber.ShouldBe(sighting.Number);

        var second = scene.Object("old").Flag;
        scene.License.Unlock(sighting, scene.Now).ShouldSucceed();
        scene.License.State.ShouldBe(LicenseState.Active);
        scene.TryRelease("pc").ShouldBeRefused(Refusal.Frozen).CaseNumber.ShouldBe(second.Number);
    }

    [Fact]
    public void A_suspension_ends_where_the_license_stood_before()
    {
        var scene = A.License(policies: A.Strict).Replaced("old", by: "new");
        scene.License.Resume().ShouldBeRefused(Refusal.Conflict);
        scene.License.Suspend().ShouldSucceed();
        scene.CheckIn("new").ShouldBe(CheckInCode.Suspended);
        scene.License.Suspend().ShouldBeRefused(Refusal.Conflict);
        scene.License.Resume().ShouldSucceed();
        scene.CheckIn("new").ShouldBe(CheckInCode.Valid);

        var flag = scene.See("old")!.Flag;
        scene.License.Suspend().ShouldSucceed();
        scene.License.Resume().ShouldSucceed();
        scene.License.State.ShouldBe(LicenseState.Locked);

        // Unlocked while suspended: it is the suspension that remains, and nothing after that.
        scene.License.Suspend().ShouldSucceed();
        scene.License.Unlock(flag, scene.Now).ShouldSucceed();
        scene.License.State.ShouldBe(LicenseState.Suspended);
        scene.License.Resume().ShouldSucceed();
        scene.License.State.ShouldBe(LicenseState.Active);
    }

    [Fact]
    public void Staged_an_old_computer_that_is_locked_does_not_lock_the_license_by_a_suspension()
    {
        var scene = A.License(policies: A.Staged).Replaced("old", by: "new");
        scene.See("old");
        scene.AfterHours(24).See("old")!.Reached.ShouldBe(FlagStage.ComputerLocked);
        scene.License.Suspend().ShouldSucceed();
        scene.License.Resume().ShouldSucceed();
        scene.License.State.ShouldBe(LicenseState.Active);
        scene.CheckIn("old").ShouldBe(CheckInCode.LockedIllegal);
    }

    [Fact]
    public void Revoking_is_final_and_ends_every_computer()
    {
        var scene = A.License(seats: 2);
        scene.Activate("a");
        scene.Activate("b");

        scene.License.Revoke(scene.AfterHours(1).Now).ShouldSucceed();

        scene.License.Activations.ShouldAllBe(
            a => a.State == ActivationState.Released && a.ReleasedBy == ReleaseMethod.Ended && a.EndedAt == scene.Now);
        scene.License.Revoke(scene.Now).ShouldBeRefused(Refusal.Conflict);
        scene.License.Suspend().ShouldBeRefused(Refusal.Conflict);
        scene.License.Resume().ShouldBeRefused(Refusal.Conflict);
        scene.License.Grant("reason", scene.Now.AddDays(1), scene.Now).ShouldBeRefused(Refusal.Conflict);
        scene.License.ReleaseByStaff(scene.Last("a"), scene.Now).ShouldBeRefused(Refusal.Conflict);
        scene.License.ComputerToRelease(null).ShouldBeRefused(Refusal.Revoked);
        scene.TryActivate("a").ShouldBeRefused(Refusal.Revoked);
        scene.CheckIn("a").ShouldBe(CheckInCode.Revoked);
    }

    [Fact]
    public void Staff_release_for_the_customer_whatever_the_product_asks_and_also_when_locked_or_frozen()
    {
        var scene = A.License(seats: 2, A.Strict with { Release = new ReleasePolicy { DeadPc = DeadPcRule.StaffOnly } });
        var old = scene.Activate("old");
        scene.License.ReleaseByStaff(old, scene.Now).ShouldSucceed().ShouldBeSameAs(old);
        (old.State, old.ReleasedBy, old.EndedAt).ShouldBe((ActivationState.Released, ReleaseMethod.Staff, scene.Now));
        scene.License.ReleaseByStaff(old, scene.Now).ShouldBeRefused(Refusal.Conflict);

        scene.AfterHours(1).Activate("new");
        scene.Activate("third").Seat.ShouldBe(1);
        scene.AfterHours(1).See(old).ShouldNotBeNull();
        scene.Object(old);
        scene.License.ReleaseByStaff(scene.Last("third"), scene.Now).ShouldSucceed();
        scene.License.State.ShouldBe(LicenseState.Locked);
    }

    [Fact]
    public void A_grant_needs_an_end_in_the_future()
    {
        var scene = A.License();
        scene.License.Grant("reason", scene.Now, scene.Now).ShouldBeRefused(Refusal.Conflict);
        var grant = scene.License.Grant("reason", scene.Now.AddTicks(1), scene.Now).ShouldSucceed();
        (grant.Reason, grant.UsedAt, scene.License.Grants.Single()).ShouldBe(("reason", null, grant));
    }

    [Fact]
    public void Excluding_frees_the_seat_and_bans_the_computer_for_good()
    {
        var scene = A.License();
        var pc = scene.Activate("pc");

        scene.License.Exclude(pc, scene.Policies.Hardware, scene.AfterHours(1).Now).ShouldSucceed().ShouldBe([pc]);

        (pc.State, pc.EndedAt, pc.ReleasedBy).ShouldBe((ActivationState.Excluded, scene.Now, null));
        scene.TryActivate("pc", A.Hardware("pc", changed: 2)).ShouldBeRefused(Refusal.DeviceExcluded);
        scene.License.Exclude(pc, scene.Policies.Hardware, scene.Now).ShouldBeRefused(Refusal.Conflict);
        scene.License.ReleaseByStaff(pc, scene.Now).ShouldBeRefused(Refusal.Conflict);
        scene.Activate("other").Generation.ShouldBe(2);
        scene.CheckIn(pc).ShouldBe(CheckInCode.DeviceExcluded);
    }

    [Fact]
    public void Excluding_a_former_activation_bans_the_computer_wherever_it_is_now_and_keeps_how_it_ended()
    {
        var scene = A.License(seats: 2);
        var former = scene.Activate("pc");
        scene.AfterHours(1).Release("pc");
        var ended = scene.Now;
        var current = scene.AfterHours(1).Activate("pc");
        scene.Activate("other");

        scene.AfterHours(1);
        scene.License.Exclude(former, scene.Policies.Hardware, scene.Now).ShouldSucceed().ShouldBe([former, current]);

        scene.CheckIn(former).ShouldBe(CheckInCode.DeviceExcluded);
        scene.CheckIn(current).ShouldBe(CheckInCode.DeviceExcluded);
        scene.CheckIn("other").ShouldBe(CheckInCode.Valid);
        (former.EndedAt, former.ReleasedBy).ShouldBe((ended, ReleaseMethod.ActivationKey));
        current.EndedAt.ShouldBe(scene.Now);
        scene.TryActivate("pc").ShouldBeRefused(Refusal.DeviceExcluded);
    }

    [Fact]
    public void A_products_policies_have_a_version_that_counts_changes()
    {
        var product = Product.Create("beamalign", "BeamAlign", A.Strict);
        product.ChangePolicies(A.Strict with { });
        product.PolicyVersion.ShouldBe(1);
        product.ChangePolicies(A.Staged);
        (product.PolicyVersion, product.Policies).ShouldBe((2, A.Staged));
    }
}
