using FsCheck;
using FsCheck.Fluent;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

/// <summary>Taking the license off a computer: proven and by key alone (domain.md, rules 2, 4 and 7, ReleasePolicy).</summary>
public class ReleaseTests
{
    private static readonly ReleaseMethod[] Proven = [ReleaseMethod.InApp, ReleaseMethod.QrCode, ReleaseMethod.VerificationCode];

    private static ProductPolicies With(ReleasePolicy release) => A.Staged with { Release = release };

    [Fact]
    public void The_ways_that_come_from_the_computer_itself_are_proven_and_no_others() =>
        Enum.GetValues<ReleaseMethod>().Where(m => m.IsProven()).ShouldBe(Proven);

    [Theory]
    [InlineData(ReleaseMethod.InApp)]
    [InlineData(ReleaseMethod.QrCode)]
    [InlineData(ReleaseMethod.VerificationCode)]
    [InlineData(ReleaseMethod.ActivationKey)]
    public void A_release_happens_once_and_repeating_it_by_any_way_shows_the_first(ReleaseMethod method)
    {
        var scene = A.License();
        scene.Activate("pc");
        var at = scene.AfterHours(2).Now;
        var first = scene.TryRelease("pc", method).ShouldSucceed();
        (first.IsRepetition, first.Activation.State, first.Activation.EndedAt, first.Activation.ReleasedBy)
            .ShouldBe((false, ActivationState.Released, at, method));

        foreach (var again in Proven.Append(ReleaseMethod.ActivationKey))
        {
            var repeated = scene.AfterDays(1).TryRelease("pc", again).ShouldSucceed();
            (repeated.IsRepetition, repeated.Activation.EndedAt, repeated.Activation.ReleasedBy).ShouldBe((true, at, method));
        }
    }

    [Fact]
    public void A_repetition_stays_one_when_the_license_was_locked_suspended_or_ended_meanwhile()
    {
        foreach (var change in new Action<LicenseScene>[]
        {
            s => s.See("pc").ShouldNotBeNull(),
            s => s.License.Suspend().ShouldSucceed(),
            s => s.License.Revoke(s.Now).ShouldSucceed(),
            s => s.Object("pc"),
        })
        {
            var scene = A.License(policies: A.Strict).Replaced("pc", by: "new");
            change(scene);
            scene.TryRelease("pc", ReleaseMethod.QrCode).ShouldSucceed().IsRepetition.ShouldBeTrue();
        }
    }

    [Fact]
    public void A_release_frees_the_seat_for_any_computer()
    {
        var scene = A.License();
        scene.Activate("old");
        scene.TryActivate("new").ShouldBeRefused(Refusal.TooManyActivations);
        scene.Release("old");
        scene.TryActivate("new").ShouldSucceed().IsNew.ShouldBeTrue();
    }

    [Theory]
    [InlineData(DeadPcRule.Immediate, null)]
    [InlineData(DeadPcRule.ConfirmByMail, Refusal.ConfirmByMail)]
    [InlineData(DeadPcRule.PaidTransfer, Refusal.PaidTransfer)]
    [InlineData(DeadPcRule.StaffOnly, Refusal.StaffOnly)]
    public void A_dead_pc_is_released_by_the_products_rule_and_a_proof_needs_none(DeadPcRule rule, Refusal? refusal)
    {
        foreach (var method in Proven)
        {
            var proven = A.License(policies: With(new ReleasePolicy { DeadPc = rule, AllowedUnproven = 0 }));
            proven.Activate("pc");
            proven.TryRelease("pc", method).ShouldSucceed();
        }

        var scene = A.License(policies: With(new ReleasePolicy { DeadPc = rule }));
        scene.Activate("pc");
        var outcome = scene.AfterHours(2).TryRelease("pc");
        if (refusal is null)
        {
            outcome.ShouldSucceed();
        }
        else
        {
            outcome.ShouldBeRefused(refusal.Value);
            scene.Last("pc").State.ShouldBe(ActivationState.Active);
        }
    }

    [Fact]
    public void The_owners_confirmation_releases_where_it_is_asked_for_and_nowhere_else()
    {
        foreach (var rule in Enum.GetValues<DeadPcRule>())
        {
            var scene = A.License(policies: With(new ReleasePolicy { DeadPc = rule }));
            scene.Activate("pc");
            scene.AfterHours(2)
                .TryRelease("pc", confirmed: true).Succeeded.ShouldBe(rule is DeadPcRule.Immediate or DeadPcRule.ConfirmByMail);
        }
    }

    [Fact]
    public void A_dead_pc_keeps_its_license_for_the_hold_time_and_is_told_how_long()
    {
        var scene = A.License(policies: With(new ReleasePolicy { DeadPc = DeadPcRule.Immediate, MinimumHoldMinutes = 60 }));
        scene.Activate("pc");
        var until = scene.Now.AddHours(1);

        scene.TryRelease("pc").ShouldBeRefused(Refusal.TooSoon).NextAllowedAt.ShouldBe(until);
        scene.Now = until.AddTicks(-1);
        scene.TryRelease("pc").ShouldBeRefused(Refusal.TooSoon).NextAllowedAt.ShouldBe(until);
        scene.Now = until;
        scene.TryRelease("pc").ShouldSucceed();

        scene.Activate("pc");
        scene.TryRelease("pc", ReleaseMethod.InApp).ShouldSucceed();
    }

    public static TheoryData<ReleaseMethod> Proofs => [ReleaseMethod.InApp, ReleaseMethod.QrCode, ReleaseMethod.VerificationCode];

    /// <summary>Whoever has key and hardware code can activate again and holds the secret then.</summary>
    [Theory]
    [MemberData(nameof(Proofs))]
    public void For_a_day_after_activating_again_a_proof_counts_like_a_release_without_one(ReleaseMethod method)
    {
        var scene = A.License(policies: With(new ReleasePolicy { DeadPc = DeadPcRule.ConfirmByMail, AllowedUnproven = 1 }));
        scene.Activate("old");
        scene.AfterHours(2).Activate("old");
        scene.AfterHours(23).Release("old", method).ChargedAt.ShouldBeNull();
        scene.AfterHours(2).Activate("new");
        scene.Last("old").ChargedAt.ShouldBe(scene.Now);
        scene.Allowance.Left.ShouldBe(0);

        // Now none is left, so the proof waits until it counts in full.
        scene.Activate("new");
        var counts = scene.Now.AddHours(24);
        scene.TryRelease("new", method).ShouldBeRefused(Refusal.ProofNotYet).NextAllowedAt.ShouldBe(counts);
        scene.Now = counts.AddTicks(-1);
        scene.License.WithProof(scene.Last("new"), scene.Policies.Release, scene.Now)!.Value.Refusal.ShouldBe(Refusal.ProofNotYet);
        scene.TryRelease("new", method).ShouldBeRefused(Refusal.ProofNotYet);
        scene.Now = counts;
        scene.License.WithProof(scene.Last("new"), scene.Policies.Release, scene.Now).ShouldBeNull();
        scene.Release("new", method);
        scene.AfterHours(1).Activate("third");
        scene.Last("new").ChargedAt.ShouldBeNull();
    }

    [Theory]
    [InlineData(DeadPcRule.PaidTransfer)]
    [InlineData(DeadPcRule.StaffOnly)]
    public void Where_a_dead_pc_costs_money_a_proof_waits_for_a_day_after_activating_again_or_under_a_similar_code(DeadPcRule rule)
    {
        var scene = A.License(policies: With(new ReleasePolicy { DeadPc = rule }));
        scene.Activate("pc");
        scene.TryActivate("pc", A.Hardware("pc", changed: 1)).ShouldSucceed().Replaced.ShouldNotBeNull();
        scene.TryRelease("pc", ReleaseMethod.InApp).ShouldBeRefused(Refusal.ProofNotYet).NextAllowedAt.ShouldBe(scene.Now.AddHours(24));

        // A release that staff granted goes through and costs nothing.
        scene.License.Grant("reason", scene.Now.AddDays(10), scene.Now).ShouldSucceed();
        scene.Release("pc", ReleaseMethod.InApp).ReleasedByGrant.ShouldBeTrue();

        scene.AfterHours(1).Activate("other");
        scene.Last("pc").ChargedAt.ShouldBeNull();
        scene.AfterHours(25).Release("other", ReleaseMethod.InApp);
    }

    [Fact]
    public void A_first_activation_is_believed_at_once()
    {
        var scene = A.License(policies: With(new ReleasePolicy { DeadPc = DeadPcRule.PaidTransfer }));
        scene.Activate("pc");
        scene.Release("pc", ReleaseMethod.InApp);
        scene.Activate("pc");
        scene.Release("pc", ReleaseMethod.QrCode);
    }

    [Fact]
    public void An_unproven_release_counts_when_another_computer_takes_the_seat()
    {
        var scene = A.License(policies: With(new ReleasePolicy { DeadPc = DeadPcRule.Immediate }));
        scene.Activate("old");
        scene.AfterHours(2).Release("old");
        scene.Allowance.Left.ShouldBe(2);

        scene.AfterDays(5).Activate("new");
        scene.Allowance.Left.ShouldBe(1);
        scene.Last("old").ChargedAt.ShouldBe(scene.Now);

        // Once is enough: later computers on the seat do not count the same release again.
        scene.AfterHours(2).Release("new", ReleaseMethod.QrCode);
        scene.AfterHours(2).Activate("third");
        scene.Allowance.Left.ShouldBe(1);
    }

    [Fact]
    public void On_a_license_with_several_seats_it_counts_only_when_that_very_seat_is_taken()
    {
        var scene = A.License(seats: 3, With(new ReleasePolicy { DeadPc = DeadPcRule.Immediate }));
        scene.Activate("a");
        scene.Activate("b");
        scene.AfterHours(2).Release("a");
        scene.Activate("c").Seat.ShouldBe(3);
        scene.Allowance.Left.ShouldBe(2);
        scene.AfterHours(2).Activate("d").Seat.ShouldBe(1);
        scene.Allowance.Left.ShouldBe(1);
    }

    [Fact]
    public void Proven_releases_and_coming_back_never_count() => Prop.ForAll(
        Gen.Elements(0, 1, 2, 3).Zip(Gen.Elements(true, false)).ListOf().ToArbitrary(),
        acts =>
        {
            var scene = A.License(policies: With(new ReleasePolicy { DeadPc = DeadPcRule.Immediate }));
            scene.Activate("pc 0");
            var number = 0;
            foreach (var (way, otherComputer) in acts)
            {
                scene.AfterHours(2);
                var pc = $"pc {number}";
                switch (way)
                {
                    case 3:
                        scene.Release(pc);
                        scene.AfterHours(2).Activate(pc);
                        continue;
                    default:
                        scene.Release(pc, Proven[way]);
                        break;
                }

                number += otherComputer ? 1 : 0;
                scene.AfterHours(2).Activate($"pc {number}");
            }

            scene.Allowance.ShouldBe(new ReleaseAllowance(2, null));
            scene.License.Activations.ShouldAllBe(a => a.ChargedAt == null);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_release_by_staff_proves_nothing_and_counts_once_another_computer_takes_the_seat()
    {
        var scene = A.License(policies: With(new ReleasePolicy { DeadPc = DeadPcRule.Immediate }));
        scene.Activate("old");
        scene.AfterHours(2).License.ReleaseByStaff(scene.Last("old"), scene.Now).ShouldSucceed();
        scene.Allowance.Left.ShouldBe(2);
        scene.AfterHours(2).Activate("new");
        (scene.Allowance.Left, scene.License.Activations.Single(a => a.PcName == "old").ChargedAt).ShouldBe((1, scene.Now));
    }

    [Fact]
    public void Used_up_the_refusal_says_when_the_next_is_free_and_keeps_its_word()
    {
        var scene = A.License(policies: With(new ReleasePolicy { DeadPc = DeadPcRule.Immediate }));
        scene.Activate("a");
        scene.AfterHours(2).Release("a");
        scene.AfterHours(2).Activate("b");
        var firstTaken = scene.Now;
        scene.AfterDays(10).Release("b");
        scene.AfterHours(2).Activate("c");

        var next = scene.AfterDays(1).TryRelease("c").ShouldBeRefused(Refusal.LimitUsedUp).NextAllowedAt.ShouldNotBeNull();

        next.ShouldBe(firstTaken.AddDays(180));
        scene.Now = next.AddTicks(-1);
        scene.TryRelease("c").ShouldBeRefused(Refusal.LimitUsedUp);
        scene.Now = next;
        scene.TryRelease("c").ShouldSucceed();
    }

    [Fact]
    public void The_rule_may_be_asked_without_doing_it()
    {
        var scene = A.License(policies: With(new ReleasePolicy()));
        var pc = scene.Activate("pc");
        scene.License.CheckUnprovenRelease(
            pc, scene.Policies.Release, scene.Now, confirmed: false)!.Value.Refusal.ShouldBe(Refusal.TooSoon);
        scene.AfterHours(1);
        scene.License.CheckUnprovenRelease(
            pc, scene.Policies.Release, scene.Now, confirmed: false)!.Value.Refusal.ShouldBe(Refusal.ConfirmByMail);
        scene.License.CheckUnprovenRelease(pc, scene.Policies.Release, scene.Now, confirmed: true).ShouldBeNull();
        pc.State.ShouldBe(ActivationState.Active);
    }

    [Fact]
    public void Staff_may_grant_one_more_that_stands_above_the_policy_and_never_counts()
    {
        foreach (var rule in Enum.GetValues<DeadPcRule>())
        {
            var scene = A.License(policies: With(new ReleasePolicy { DeadPc = rule, AllowedUnproven = 0 }));
            scene.Activate("pc");
            var grant = scene.License.Grant("board burnt", scene.Now.AddDays(7), scene.Now).ShouldSucceed();

            scene.TryRelease("pc").ShouldSucceed();
            (grant.UsedAt, scene.Last("pc").ReleasedByGrant).ShouldBe((scene.Now, true));

            scene.AfterHours(2).Activate("new");
            scene.Last("pc").ChargedAt.ShouldBeNull();
            scene.AfterHours(2).TryRelease("new").Succeeded.ShouldBeFalse("one more is one");
        }
    }

    [Fact]
    public void A_grant_ends_when_it_says_and_the_one_that_ends_first_is_used_first()
    {
        var scene = A.License(policies: With(new ReleasePolicy { DeadPc = DeadPcRule.StaffOnly }));
        scene.Activate("pc");
        var late = scene.License.Grant("one", scene.Now.AddDays(20), scene.Now).ShouldSucceed();
        var early = scene.License.Grant("two", scene.Now.AddDays(10), scene.Now).ShouldSucceed();

        scene.TryRelease("pc", ReleaseMethod.InApp).ShouldSucceed();
        (late.UsedAt, early.UsedAt).ShouldBe((null, null), "a proven release needs no grant");
        scene.Activate("pc");
        scene.Release("pc");
        (late.UsedAt, early.UsedAt).ShouldBe((null, scene.Now));
        scene.Activate("pc");
        scene.Now = late.ExpiresAt;
        scene.TryRelease("pc").ShouldBeRefused(Refusal.StaffOnly);
        scene.Now = late.ExpiresAt.AddTicks(-1);
        scene.TryRelease("pc").ShouldSucceed();
    }

    [Fact]
    public void By_key_alone_the_only_computer_is_meant_else_one_has_to_be_chosen()
    {
        var scene = A.License(seats: 2);
        scene.License.ComputerToRelease(null).ShouldBeRefused(Refusal.NotActive);

        var a = scene.Activate("a");
        scene.License.ComputerToRelease(null).ShouldSucceed().ShouldBeSameAs(a);

        var b = scene.Activate("b");
        scene.License.ComputerToRelease(null).ShouldBeRefused(Refusal.ChooseComputer);
        scene.License.ComputerToRelease(b.Id).ShouldSucceed().ShouldBeSameAs(b);
        scene.License.ComputerToRelease(Guid.CreateVersion7()).ShouldBeRefused(Refusal.Unknown);

        // The choice still means the same computer when the form is sent again.
        scene.AfterHours(1).Release("b");
        scene.License.ComputerToRelease(b.Id).ShouldSucceed().ShouldBeSameAs(b);
        scene.AfterHours(1).Release("a");
        scene.License.ComputerToRelease(null).ShouldSucceed().ShouldBeSameAs(a, "the one released last");
    }

    [Fact]
    public void A_banned_computer_is_not_released_and_is_none_that_was_released()
    {
        var scene = A.License();
        var pc = scene.Activate("pc");
        scene.License.Exclude(pc, scene.Policies.Hardware, scene.Now).ShouldSucceed();

        scene.TryRelease("pc", ReleaseMethod.InApp).ShouldBeRefused(Refusal.DeviceExcluded);
        scene.License.ComputerToRelease(null).ShouldBeRefused(Refusal.NotActive);
    }

    /// <summary>If several reasons apply, the first of the closed list is said.</summary>
    [Fact]
    public void Reasons_against_a_release_are_said_in_their_order()
    {
        var bools = new[] { false, true };
        var all = from state in new[] { LicenseState.Active, LicenseState.Locked, LicenseState.Suspended }
                  from frozen in bools
                  from rule in Enum.GetValues<DeadPcRule>()
                  from usedUp in bools
                  from tooSoon in bools
                  from granted in bools
                  from proven in bools
                  select (state, frozen, rule, usedUp, tooSoon, granted, proven);
        foreach (var c in all)
        {
            var scene = A.License(seats: 2, A.Strict).Replaced("old", by: "new");
            scene.Activate("pc");
            if (c.frozen)
            {
                scene.Object("old").Restored.ShouldBeNull();
            }

            if (c.state == LicenseState.Locked)
            {
                scene.See("old").ShouldNotBeNull();
            }
            else if (c.state == LicenseState.Suspended)
            {
                scene.License.Suspend().ShouldSucceed();
            }

            if (c.granted)
            {
                scene.License.Grant("reason", scene.Now.AddDays(1), scene.Now).ShouldSucceed();
            }

            scene.AfterHours(1);
            scene.Policies = scene.Policies with
            {
                Release =
                    new ReleasePolicy { DeadPc = c.rule, AllowedUnproven = c.usedUp ? 0 : 2, MinimumHoldMinutes = c.tooSoon ? 120 : 30 },
            };

            var reasons = new List<Refusal>();
            void Add(bool applies, Refusal refusal) => reasons.AddRange(applies ? [refusal] : []);
            var byPolicy = !c.proven && !c.granted;
            Add(c.state == LicenseState.Suspended, Refusal.Suspended);
            Add(c.state == LicenseState.Locked, Refusal.Locked);
            Add(c.frozen, Refusal.Frozen);
            Add(byPolicy && c.rule == DeadPcRule.StaffOnly, Refusal.StaffOnly);
            Add(byPolicy && c.rule == DeadPcRule.PaidTransfer, Refusal.PaidTransfer);
            Add(byPolicy && c.usedUp, Refusal.LimitUsedUp);
            Add(byPolicy && c.tooSoon, Refusal.TooSoon);
            Add(byPolicy && c.rule == DeadPcRule.ConfirmByMail, Refusal.ConfirmByMail);

            var outcome = scene.TryRelease("pc", c.proven ? ReleaseMethod.QrCode : ReleaseMethod.ActivationKey);
            (outcome.Succeeded ? (Refusal?)null : outcome.Refused.Refusal).ShouldBe(reasons is [] ? null : reasons[0], c.ToString());

            // The list that everything switches over has the same order.
            reasons.ShouldBeInOrder();
        }
    }
}
