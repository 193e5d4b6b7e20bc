using FsCheck;
using FsCheck.Fluent;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

/// <summary>A license moves from a dead PC to the one that takes its place.</summary>
public class LicenseTransferTests
{
    [Fact]
    public void The_old_computer_is_superseded_and_the_new_one_has_the_next_generation_of_its_seat()
    {
        var scene = A.License(seats: 2);
        scene.Activate("other");
        scene.Activate("old");

        var moved = Move(scene.AfterHours(1), "old", "new").ShouldSucceed();

        (moved.Seat, moved.Generation, moved.State, moved.PcName).ShouldBe((2, 2, ActivationState.Active, "new"));
        var old = scene.Last("old");
        (old.State, old.ReleasedBy, old.EndedAt, old.ChargedAt)
            .ShouldBe((ActivationState.Superseded, ReleaseMethod.Transfer, scene.Now, null));
        scene.Last("other").IsActive.ShouldBeTrue();
    }

    [Fact]
    public void It_counts_as_no_release()
    {
        var scene = A.License(policies: new ProductPolicies { Release = new ReleasePolicy { AllowedUnproven = 1 } });
        scene.Activate("old");
        Move(scene.AfterDays(1), "old", "new").ShouldSucceed();
        scene.Allowance.Left.ShouldBe(1);
    }

    [Fact]
    public void The_old_computer_is_told_and_used_again_it_is_a_contradiction()
    {
        var scene = A.License();
        scene.Activate("old");
        Move(scene.AfterHours(1), "old", "new").ShouldSucceed();
        scene.AfterHours(1).CheckIn("old").ShouldBe(CheckInCode.Superseded);
        scene.License.OpenFlag(FlagKind.Sighting).ShouldNotBeNull();
        scene.CheckIn("new").ShouldBe(CheckInCode.Valid);
    }

    [Fact]
    public void A_license_that_stands_still_does_not_move()
    {
        var locked = A.License(policies: A.Strict).Replaced("first", by: "old");
        var flag = locked.See("first")!.Flag;
        Move(locked, "old", "new").ShouldBeRefused(Refusal.Locked).CaseNumber.ShouldBe(flag.Number);

        var suspended = Running();
        suspended.License.Suspend().ShouldSucceed();
        Move(suspended, "old", "new").ShouldBeRefused(Refusal.Suspended);

        var revoked = Running();
        revoked.License.Revoke(revoked.Now).ShouldSucceed();
        Move(revoked, "old", "new").ShouldBeRefused(Refusal.Revoked);

        var over = A.License(expires: A.MorningOfDay(2));
        over.Activate("old");
        Move(over.AfterDays(2), "old", "new").ShouldBeRefused(Refusal.Expired);

        var frozen = A.License(seats: 2).Replaced("first", by: "old");
        frozen.Activate("pc");
        frozen.Release("pc");
        frozen.Object("pc");
        Move(frozen, "old", "new").ShouldBeRefused(Refusal.Frozen);
    }

    [Fact]
    public void The_new_computer_must_be_another_and_may_not_be_banned()
    {
        var scene = Running(seats: 3);
        scene.Activate("second");
        Move(scene, "old", "old").ShouldBeRefused(Refusal.Conflict);
        Move(scene, "old", "old", A.Hardware("old", changed: 2)).ShouldBeRefused(Refusal.Conflict);
        Move(scene, "old", "second").ShouldBeRefused(Refusal.Conflict);

        var banned = scene.Activate("banned");
        scene.License.Exclude(banned, scene.Policies.Hardware, scene.Now).ShouldSucceed();
        Move(scene, "old", "banned").ShouldBeRefused(Refusal.DeviceExcluded);
        scene.Last("old").IsActive.ShouldBeTrue();
    }

    [Fact]
    public void It_moves_once()
    {
        var scene = Running();
        Move(scene.AfterHours(1), "old", "new").ShouldSucceed();
        Move(scene.AfterHours(1), "old", "third").ShouldBeRefused(Refusal.NotActive);
        scene.License.Activations.Count.ShouldBe(2);
    }

    /// <summary>However often licenses move, no seat is gained or lost, and the generations of a seat go up by one.</summary>
    [Fact]
    public void Seats_stay_and_generations_count_up() => Prop.ForAll<int>(seed =>
    {
        var random = new Seeded((ulong)seed);
        var scene = A.License(seats: 3);
        for (var seat = 1; seat <= 3; seat++)
        {
            scene.Activate($"pc 0-{seat}");
        }

        for (var round = 1; round <= 20; round++)
        {
            var old = random.Of([.. scene.License.ActiveComputers]);
            var refused = scene.AfterHours(random.Below(3)).License.CheckTransfer(
                old, new Computer(A.Hardware($"pc {round}"), $"pc {round}", null), scene.Policies.Hardware, scene.Now);
            refused.ShouldBeNull();
            var moved = Move(scene, old.PcName!, $"pc {round}").ShouldSucceed();
            (moved.Seat, moved.Generation).ShouldBe((old.Seat, old.Generation + 1));
            scene.License.ActiveComputers.Select(a => a.Seat).Order().ShouldBe([1, 2, 3]);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_computer_of_which_too_little_can_be_read_takes_no_place_and_the_licenses_own_reason_is_said_first()
    {
        var scene = Running();
        var processor = HardwareCode.From(A.ProductId, [new("cpu-id", "AMD64 F23")]);
        Move(scene, "old", "new", processor).ShouldBeRefused(Refusal.FewParts).ReadableParts.ShouldBe(["cpu-id"]);
        scene.Last("old").IsActive.ShouldBeTrue();

        scene.License.Suspend().ShouldSucceed();
        Move(scene, "old", "new", processor).ShouldBeRefused(Refusal.Suspended);
        scene.License.Resume().ShouldSucceed();
        scene.License.AllowFewParts(scene.Now).ShouldSucceed();
        Move(scene, "old", "new", processor).ShouldSucceed();
    }

    [Fact]
    public void The_name_that_the_owner_gave_stays_with_the_old_computer()
    {
        var scene = Running();
        scene.License.NameComputer(scene.Last("old"), "Theke");

        Move(scene, "old", "new").ShouldSucceed().OwnName.ShouldBeNull();
        scene.Last("old").OwnName.ShouldBe("Theke");
    }

    private static LicenseScene Running(int seats = 1)
    {
        var scene = A.License(seats);
        scene.Activate("old");
        return scene.AfterHours(1);
    }

    private static Outcome<Activation> Move(LicenseScene scene, string old, string by, HardwareCode? hardware = null) =>
        scene.License.Transfer(
        scene.Last(old), new Computer(hardware ?? A.Hardware(by), by, null),
        new ActivationSecrets(Guid.CreateVersion7(), Handles.New(), [4]), scene.Policies.Hardware, scene.Now);
}
