using FsCheck;
using FsCheck.Fluent;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

/// <summary>Who gets which seat (domain.md, rules 1 and 3).</summary>
public class SeatTests
{
    [Fact]
    public void Never_more_computers_than_seats_whatever_the_order_of_acts()
    {
        var acts = Gen.Choose(0, 7).Zip(Gen.Elements(true, false)).ListOf().ToArbitrary();
        Prop.ForAll(Gen.Choose(1, 4).ToArbitrary(), acts, (seats, list) =>
        {
            var scene = A.License(seats);
            var active = new HashSet<string>();
            foreach (var (number, activates) in list)
            {
                var pc = $"pc {number}";
                scene.AfterHours(1);
                if (activates && (active.Count < seats || active.Contains(pc)))
                {
                    scene.TryActivate(pc).ShouldSucceed().IsNew.ShouldBe(active.Add(pc));
                }
                else if (activates)
                {
                    scene.TryActivate(pc).ShouldBeRefused(Refusal.TooManyActivations);
                }
                else if (active.Remove(pc))
                {
                    scene.Release(pc);
                }

                scene.License.ActiveComputers.Select(a => a.PcName!).ShouldBe(active, ignoreOrder: true);
                scene.License.ActiveComputers.Select(a => a.Seat).ShouldBeUnique();
                scene.License.ActiveComputers.ShouldAllBe(a => a.Seat >= 1 && a.Seat <= seats);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_same_computer_gets_the_activation_it_has_and_it_counts_as_nothing()
    {
        var scene = A.License();
        var first = scene.TryActivate("pc").ShouldSucceed();

        var again = scene.AfterDays(1).TryActivate("pc", A.Hardware("pc", changed: 3)).ShouldSucceed();

        (first.IsNew, again.IsNew).ShouldBe((true, false));
        again.Activation.ShouldBeSameAs(first.Activation);
        (again.Activation.Generation, again.Activation.ActivatedAt).ShouldBe((1, A.Morning));
        scene.TryActivate("another").ShouldBeRefused(Refusal.TooManyActivations);
    }

    [Fact]
    public void The_tolerance_is_the_products()
    {
        var scene = A.License(policies: A.Staged with { Hardware = new HardwarePolicy { ComponentsNeeded = 5 } });
        scene.Activate("pc");

        scene.TryActivate("pc", A.Hardware("pc", changed: 2)).ShouldBeRefused(Refusal.TooManyActivations);
        scene.TryActivate("pc", A.Hardware("pc", changed: 1)).ShouldSucceed().IsNew.ShouldBeFalse();
    }

    [Fact]
    public void A_computer_that_comes_back_has_its_own_seat_again_if_that_is_free()
    {
        var scene = A.License(seats: 3);
        scene.Activate("a");
        var before = scene.Activate("b");
        scene.AfterHours(2).Release("a");
        scene.AfterHours(2).Release("b");

        // Seat 3 was never used and seat 1 has been free longer.
        var back = scene.AfterHours(2).Activate("b");

        (back.Seat, back.Generation).ShouldBe((before.Seat, 2));
        back.Handle.ShouldNotBe(before.Handle);
        before.State.ShouldBe(ActivationState.Released);
    }

    [Fact]
    public void Another_computer_takes_a_seat_that_was_never_used_and_then_the_one_free_longest()
    {
        var scene = A.License(seats: 3);
        scene.Activate("a");
        scene.Activate("b");
        scene.AfterHours(2).Release("b");
        scene.AfterHours(2).Release("a");

        scene.AfterHours(1).Activate("c").Seat.ShouldBe(3);
        scene.AfterHours(1).Activate("d").Seat.ShouldBe(scene.Last("b").Seat);
        scene.AfterHours(1).Activate("e").Seat.ShouldBe(scene.Last("a").Seat);
        scene.TryActivate("f").ShouldBeRefused(Refusal.TooManyActivations);
    }

    [Fact]
    public void Only_the_last_on_a_seat_has_a_claim_to_it()
    {
        var scene = A.License(seats: 2);
        scene.Activate("a");
        scene.Activate("b");
        scene.AfterHours(1).Release("b");
        scene.AfterHours(1).Release("a");
        scene.AfterHours(1).Activate("c").Seat.ShouldBe(2);
        scene.AfterHours(1).Release("c");

        // Seat 2 was c's since, so b is a newcomer and takes the one free longest, which is seat 1.
        scene.AfterHours(1).Activate("b").Seat.ShouldBe(1);
    }

    [Fact]
    public void Generations_count_per_seat_to_255_and_then_from_1()
    {
        var scene = A.License(seats: 2);
        scene.Activate("other");
        for (var count = 1; count <= 600; count++)
        {
            scene.AfterHours(1).Activate("pc").Generation.ShouldBe(((count - 1) % 255) + 1);
            scene.Release("pc", ReleaseMethod.InApp);
        }

        scene.License.Activations.Select(a => a.Handle).ShouldBeUnique();
        scene.Last("other").Generation.ShouldBe(1);
    }

    [Fact]
    public void The_generations_of_a_seat_keep_their_order_when_the_clock_is_set_back_or_stands()
    {
        var scene = A.License();
        foreach (var (pc, minutes) in new[] { ("a", 0), ("b", 0), ("c", -30), ("d", -30), ("e", 90) })
        {
            scene.After(TimeSpan.FromMinutes(minutes)).Activate(pc);
            scene.Release(pc);
        }

        scene.License.Activations.OrderBy(a => a.ActivatedAt).Select(a => (a.PcName, a.Generation))
            .ShouldBe([("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 5)]);
    }

    [Fact]
    public void Activating_again_learns_an_exchanged_part_and_forgets_none_that_could_not_be_read()
    {
        var scene = A.License();
        var activation = scene.Activate("pc");

        scene.TryActivate("pc", A.Hardware("pc", absent: 3)).ShouldSucceed().IsNew.ShouldBeFalse();
        activation.HardwareCode.ShouldBe(A.Hardware("pc"));
        scene.TryActivate("pc", A.Hardware("pc", changed: 1)).ShouldSucceed().IsNew.ShouldBeFalse();
        activation.HardwareCode.ShouldBe(A.Hardware("pc", changed: 1));
    }

    [Fact]
    public void Activating_again_keeps_name_and_version_that_are_not_said_again()
    {
        var scene = A.License();
        var secrets = new ActivationSecrets(Guid.CreateVersion7(), Handles.New(), [4]);
        Activation Say(string? name, string? version) => scene.License
            .Activate(new Computer(A.Hardware("pc"), name, version), secrets, scene.Policies.Hardware, scene.Now).ShouldSucceed().Activation;

        Say("Kasse 1", "1.0");
        (Say(null, null).PcName, Say(null, null).AppVersion).ShouldBe(("Kasse 1", "1.0"));
        (Say("Kasse 2", "1.1").PcName, Say(null, null).AppVersion).ShouldBe(("Kasse 2", "1.1"));
    }

    /// <summary>If several reasons apply, the first of the closed list is said.</summary>
    [Fact]
    public void Reasons_against_an_activation_are_said_in_their_order()
    {
        foreach (var state in Enum.GetValues<LicenseState>())
        {
            foreach (var (banned, computerLocked, expired, full) in All4())
            {
                var expires = A.Morning.AddDays(30);
                var scene = A.License(seats: 3, expires: expires);
                scene.Activate("pc");
                scene.Release("pc");
                scene.AfterHours(1).Activate("new").Seat.ShouldBe(2);
                scene.Activate("third");
                scene.Activate("fourth");
                if (computerLocked)
                {
                    scene.See("pc").ShouldNotBeNull();
                    scene.AfterHours(25).See("pc")!.Reached.ShouldBe(FlagStage.ComputerLocked);
                }

                if (banned)
                {
                    scene.License.Exclude(scene.Last("pc"), scene.Policies.Hardware, scene.Now).ShouldSucceed();
                }

                if (!full)
                {
                    scene.Release("new");
                }

                Bring(scene, to: state);
                scene.Now = expired ? expires : scene.Now.AddHours(1);

                Refusal? expected = banned ? Refusal.DeviceExcluded
                    : state == LicenseState.Revoked ? Refusal.Revoked
                    : state == LicenseState.Suspended ? Refusal.Suspended
                    : state == LicenseState.Locked || computerLocked ? Refusal.Locked
                    : expired ? Refusal.Expired
                    : full ? Refusal.TooManyActivations
                    : null;
                var outcome = scene.TryActivate("pc");
                (outcome.Succeeded ? (Refusal?)null : outcome.Refused.Refusal).ShouldBe(expected, $"{state} {banned} {computerLocked} {expired} {full}");
                (!outcome.Succeeded && outcome.Refused.CaseNumber is not null).ShouldBe(expected == Refusal.Locked);
            }
        }
    }

    /// <summary>Brings a license with three seats, the third of them taken by "fourth", into a state.</summary>
    private static void Bring(LicenseScene scene, LicenseState to)
    {
        switch (to)
        {
            case LicenseState.Active:
                break;
            case LicenseState.Locked:
                scene.Policies = A.Strict;
                scene.Release("fourth");
                scene.AfterHours(1).Activate("fifth");
                scene.AfterHours(1).See("fourth").ShouldNotBeNull();
                break;
            case LicenseState.Suspended:
                scene.License.Suspend().ShouldSucceed();
                break;
            case LicenseState.Revoked:
                scene.License.Revoke(scene.Now).ShouldSucceed();
                break;
        }

        scene.License.State.ShouldBe(to);
    }

    private static IEnumerable<(bool, bool, bool, bool)> All4() =>
        Enumerable.Range(0, 16).Select(bits => ((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0));
}
