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
    public void Exactly_the_same_code_gets_the_activation_it_has_and_it_counts_as_nothing()
    {
        var scene = A.License();
        var first = scene.TryActivate("pc").ShouldSucceed();

        var again = scene.AfterDays(1).TryActivate("pc").ShouldSucceed();

        (first.IsNew, again.IsNew, again.Replaced).ShouldBe((true, false, null));
        again.Activation.ShouldBeSameAs(first.Activation);
        (again.Activation.Generation, again.Activation.ActivatedAt).ShouldBe((1, A.Morning));
        scene.TryActivate("another").ShouldBeRefused(Refusal.TooManyActivations);
    }

    [Fact]
    public void A_similar_code_gets_a_new_generation_on_the_same_seat_with_a_new_secret_and_it_counts_as_nothing()
    {
        var release = new ReleasePolicy { DeadPc = DeadPcRule.Immediate, AllowedUnproven = 1, MinimumHoldMinutes = 0 };
        var scene = A.License(seats: 2, policies: A.Staged with { Release = release });
        scene.Activate("another");
        var first = scene.Activate("pc");

        var again = scene.AfterDays(1).TryActivate("pc", A.Hardware("pc", changed: 1)).ShouldSucceed();

        (again.IsNew, again.Replaced).ShouldBe((false, first));
        (again.Activation.Seat, again.Activation.Generation, again.Activation.IsActive).ShouldBe((first.Seat, 2, true));
        (again.Activation.Handle == first.Handle, again.Activation.HardwareCode).ShouldBe((false, A.Hardware("pc", changed: 1)));
        (first.State, first.ReleasedBy, first.EndedAt, first.ChargedAt).ShouldBe((ActivationState.Superseded, null, scene.Now, null));
        scene.Allowance.Left.ShouldBe(1);
        scene.License.ActiveComputers.Count().ShouldBe(2);

        // The software that still has the old one is told so, and nobody takes it for a second computer.
        scene.CheckIn(first, A.Hardware("pc")).ShouldBe(CheckInCode.Superseded);
        scene.CheckIn(first, A.Hardware("pc", changed: 1)).ShouldBe(CheckInCode.Superseded);
        scene.CheckIn(again.Activation, A.Hardware("pc", changed: 1)).ShouldBe(CheckInCode.Valid);
        scene.License.Flags.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_not_said_again_goes_over_to_the_new_generation()
    {
        var scene = A.License();
        var secrets = new ActivationSecrets(Guid.CreateVersion7(), Handles.New(), [4]);
        var first = scene.License.Activate(new Computer(A.Hardware("pc"), "Kasse 1", "1.0"), secrets, scene.Policies.Hardware, scene.Now)
            .ShouldSucceed().Activation;
        scene.License.NameComputer(first, "Theke");

        var changed = new Computer(A.Hardware("pc", changed: 1), null, null);
        var next = scene.License.Activate(changed, secrets with { Id = Guid.CreateVersion7() }, scene.Policies.Hardware, scene.Now)
            .ShouldSucceed().Activation;

        (next.PcName, next.AppVersion, next.OwnName).ShouldBe(("Kasse 1", "1.0", "Theke"));
    }

    [Fact]
    public void What_is_said_again_with_a_similar_code_is_the_new_generations()
    {
        var scene = A.License();
        Activation Say(int changed, string version) => scene.AfterHours(1).License.Activate(
            new Computer(A.Hardware("pc", changed), "Kasse " + version, version),
            new ActivationSecrets(Guid.CreateVersion7(), Handles.New(), [4]), scene.Policies.Hardware, scene.Now)
            .ShouldSucceed().Activation;
        Say(0, "1.0");

        var next = Say(1, "1.1");

        (next.PcName, next.AppVersion).ShouldBe(("Kasse 1.1", "1.1"));
    }

    [Fact]
    public void A_computer_has_the_name_that_its_owner_gave_it_last_and_blanks_are_none()
    {
        var scene = A.License();
        scene.License.NameComputer(scene.Activate("pc"), " Theke ");
        scene.Last("pc").OwnName.ShouldBe("Theke");
        scene.Release("pc");
        var back = scene.AfterHours(1).Activate("pc");
        back.OwnName.ShouldBe("Theke");
        scene.License.NameComputer(back, "Garten");
        scene.Release("pc");
        scene.AfterHours(1).Activate("pc").OwnName.ShouldBe("Garten");

        foreach (var none in (string?[])[" \t", "", null])
        {
            scene.License.NameComputer(scene.Last("pc"), none);
            scene.Last("pc").OwnName.ShouldBeNull();
        }
    }

    [Fact]
    public void The_licenses_own_reason_is_said_before_what_could_be_read_of_the_computer()
    {
        var scene = A.License(expires: A.MorningOfDay(1));
        var processor = HardwareCode.From(A.ProductId, [new("cpu-id", "AMD64 F23")]);
        scene.TryActivate("pc", processor).ShouldBeRefused(Refusal.FewParts);

        scene.AfterDays(1).TryActivate("pc", processor).ShouldBeRefused(Refusal.Expired);
        scene.License.Suspend().ShouldSucceed();
        scene.TryActivate("pc", processor).ShouldBeRefused(Refusal.Suspended);
    }

    [Fact]
    public void A_computer_of_which_too_little_can_be_read_is_refused_until_staff_allow_it()
    {
        var scene = A.License();
        var processor = HardwareCode.From(A.ProductId, [new("cpu-id", "AMD64 F23")]);

        for (var pc = 1; pc <= 7; pc++)
        {
            scene.TryActivate($"pc {pc}", processor).ShouldBeRefused(Refusal.FewParts).ReadableParts.ShouldBe(["cpu-id"]);
        }

        scene.License.AllowFewParts(scene.Now).ShouldSucceed();
        scene.License.AllowFewParts(scene.Now).ShouldBeRefused(Refusal.Conflict);
        var first = scene.TryActivate("pc 1", processor).ShouldSucceed().Activation;
        scene.CheckIn(first, processor).ShouldBe(CheckInCode.Valid);

        // Seven of them never share a secret or a seat: the next one takes the license from the one before.
        var next = scene.TryActivate("pc 2", processor).ShouldSucceed();
        (next.Replaced, next.Activation.Handle == first.Handle).ShouldBe((first, false));
        scene.License.ActiveComputers.ShouldHaveSingleItem().PcName.ShouldBe("pc 2");
        scene.CheckIn(first, processor).ShouldBe(CheckInCode.Superseded);
        scene.TryActivate("whole", A.Hardware("whole")).ShouldBeRefused(Refusal.TooManyActivations);
    }

    [Fact]
    public void The_processor_alone_gets_nothing_from_a_license_in_use()
    {
        var scene = A.License();
        var till = scene.TryActivate("till").ShouldSucceed().Activation;
        var processor = HardwareCode.From(A.ProductId, [new("cpu-id", "cpu-id of till")]);
        processor.Normalized.Substring(20, 4).ShouldBe(till.HardwareCode.Normalized.Substring(20, 4), "it is the same processor");

        scene.TryActivate("stranger", processor).ShouldBeRefused(Refusal.FewParts);
        scene.License.AllowFewParts(scene.Now).ShouldSucceed();
        scene.TryActivate("stranger", processor).ShouldBeRefused(Refusal.TooManyActivations);
        scene.License.ActiveComputers.ShouldHaveSingleItem().ShouldBeSameAs(till);
    }

    [Fact]
    public void The_tolerance_is_the_products()
    {
        var scene = A.License(policies: A.Staged with { Hardware = new HardwarePolicy { Points = 3.5m } });
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
        for (var count = 1; count <= 260; count++)
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
    public void A_repeated_request_is_harmless_also_when_fewer_parts_could_be_read()
    {
        var scene = A.License();
        scene.Activate("pc");

        var poorer = scene.TryActivate("pc", A.Hardware("pc", absent: 3)).ShouldSucceed();
        var repeated = scene.TryActivate("pc", A.Hardware("pc", absent: 3)).ShouldSucceed();

        poorer.Replaced.ShouldNotBeNull();
        (repeated.Activation, repeated.Replaced).ShouldBe((poorer.Activation, null));
        scene.CheckIn(repeated.Activation, A.Hardware("pc")).ShouldBe(CheckInCode.Valid);
    }

    [Fact]
    public void Activating_again_keeps_name_and_version_that_are_not_said_again()
    {
        var scene = A.License();
        var secrets = new ActivationSecrets(Guid.CreateVersion7(), Handles.New(), [4]);
        Activation Say(string? name, string? version) => scene.License
            .Activate(new Computer(A.Hardware("pc"), name, version), secrets, scene.Policies.Hardware, scene.Now)
            .ShouldSucceed().Activation;

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
                (outcome.Succeeded ? (Refusal?)null : outcome.Refused.Refusal)
                    .ShouldBe(expected, $"{state} {banned} {computerLocked} {expired} {full}");
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
