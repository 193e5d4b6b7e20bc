using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

/// <summary>"This was not me" (flows.md, /object).</summary>
public class ObjectionTests
{
    [Theory]
    [InlineData(ReleaseMethod.ActivationKey)]
    [InlineData(ReleaseMethod.InApp)]
    public void The_old_computer_has_its_seat_again_as_a_new_generation(ReleaseMethod method)
    {
        var scene = A.License(policies: A.Staged with { Release = A.FreeRelease with { AllowedUnproven = 2 } });
        var released = scene.Activate("pc");
        scene.AfterHours(1).Release("pc", method);

        var (flag, restored) = scene.AfterHours(1).Object("pc");

        restored.ShouldNotBeNull();
        (restored.Seat, restored.Generation, restored.IsActive, restored.HardwareCode).ShouldBe((1, 2, true, released.HardwareCode));
        restored.Handle.ShouldNotBe(released.Handle);
        (released.State, released.RestoredAsId, released.ChargedAt).ShouldBe((ActivationState.Released, restored.Id, null));
        (flag.Kind, flag.IsOpen, flag.Message, flag.Computers.Count).ShouldBe((FlagKind.Objection, true, "not me", 0));
        scene.TryActivate("thief").ShouldBeRefused(Refusal.TooManyActivations);
        scene.License.State.ShouldBe(LicenseState.Active);
        scene.CheckIn(restored).ShouldBe(CheckInCode.Valid);
        scene.Allowance.Left.ShouldBe(2);
    }

    [Fact]
    public void Releases_are_frozen_until_staff_have_resolved_the_case()
    {
        var scene = A.License();
        scene.Activate("pc");
        scene.AfterHours(1).Release("pc");
        var (flag, _) = scene.Object("pc");

        foreach (
            var method in new[] { ReleaseMethod.ActivationKey, ReleaseMethod.InApp, ReleaseMethod.QrCode, ReleaseMethod.VerificationCode })
        {
            scene.TryRelease("pc", method).ShouldBeRefused(Refusal.Frozen).CaseNumber.ShouldBe(flag.Number);
        }

        scene.License.ComputerToRelease(null).ShouldBeRefused(Refusal.Frozen).CaseNumber.ShouldBe(flag.Number);
        scene.TryActivate("pc").ShouldSucceed().IsNew.ShouldBeFalse("using it goes on");

        scene.License.Unlock(flag, scene.Now).ShouldSucceed();
        scene.TryRelease("pc").ShouldSucceed();
    }

    [Fact]
    public void When_the_seat_is_taken_the_case_is_opened_and_nothing_else_happens()
    {
        var scene = A.License().Replaced("pc", by: "thief");

        var (flag, restored) = scene.Object("pc");

        (flag.IsOpen, restored).ShouldBe((true, null));
        scene.License.ActiveComputers.ShouldHaveSingleItem().PcName.ShouldBe("thief");
    }

    [Fact]
    public void Objections_gather_in_one_case()
    {
        var scene = A.License(seats: 2);
        scene.Activate("a");
        scene.Activate("b");
        scene.AfterHours(1).Release("a");
        scene.Release("b");

        var first = scene.Object("a");
        var second = scene.Object("b");
        var again = scene.Object(scene.License.Activations[0]);

        (second.Flag, again.Flag).ShouldBe((first.Flag, first.Flag));
        (first.Restored?.PcName, second.Restored?.PcName, again.Restored).ShouldBe(("a", "b", null));
    }

    [Theory]
    [InlineData(LicenseState.Suspended)]
    [InlineData(LicenseState.Revoked)]
    [InlineData(LicenseState.Locked)]
    public void A_license_that_stands_still_gives_no_seat_back(LicenseState state)
    {
        var scene = A.License(seats: 2, A.Strict);
        scene.Activate("pc");
        scene.Replaced("old", by: "new").Release("pc");
        _ = state switch
        {
            LicenseState.Suspended => scene.License.Suspend().Succeeded,
            LicenseState.Revoked => scene.License.Revoke(scene.Now).Succeeded,
            _ => scene.See("old") is not null,
        };
        scene.License.State.ShouldBe(state);

        var (flag, restored) = scene.Object("pc");

        (flag.IsOpen, restored).ShouldBe((true, null));
    }

    [Fact]
    public void Who_came_back_and_left_by_itself_since_gets_nothing_from_an_older_release()
    {
        var scene = A.License(policies: A.Staged with { Release = A.FreeRelease with { AllowedUnproven = 2 } });
        var first = scene.Activate("pc");
        scene.AfterHours(1).Release("pc");
        scene.AfterHours(1).Activate("pc");
        scene.AfterHours(1).Release("pc");

        scene.Object(first).Restored.ShouldBeNull();
        scene.License.ActiveComputers.ShouldBeEmpty();
        scene.Allowance.Left.ShouldBe(2);
    }

    [Fact]
    public void A_seat_that_another_computer_has_had_since_is_for_staff_to_decide()
    {
        var scene = A.License().Replaced("pc", by: "thief");
        scene.Release("thief", ReleaseMethod.InApp);

        scene.Object("pc").Restored.ShouldBeNull();
        scene.License.ActiveComputers.ShouldBeEmpty();
    }

    [Fact]
    public void A_computer_that_is_locked_or_banned_is_not_brought_back()
    {
        // Locked by the stage of a case, although the seat is free again.
        var locked = A.License().Replaced("old", by: "new");
        locked.CheckIn("old");
        locked.AfterHours(25).CheckIn("old").ShouldBe(CheckInCode.LockedIllegal);
        locked.Release("new");
        locked.Object("old").Restored.ShouldBeNull();

        // The same after staff have resolved that case.
        locked.License.Unlock(locked.License.OpenFlag(FlagKind.Sighting)!, locked.Now).ShouldSucceed();
        locked.Object("old").Restored.ShouldBeNull();

        // Banned by another of its activations.
        var banned = A.License(seats: 2);
        var first = banned.Activate("pc");
        banned.Release("pc");
        var second = banned.AfterHours(1).Activate("pc");
        banned.Release("pc");
        banned.License.Exclude(first, banned.Policies.Hardware, banned.Now).ShouldSucceed();
        banned.Object(second).Restored.ShouldBeNull();
    }
}
