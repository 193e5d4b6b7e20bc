using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

/// <summary>What a check-in is answered (api.md).</summary>
public class CheckInFactsTests
{
    private const int Grace = 14;

    /// <summary>api.md, word for word: "If several apply, the first of …".</summary>
    private const string Order =
        "DEVICE_EXCLUDED, REVOKED, SUSPENDED, LOCKED_ILLEGAL, SUPERSEDED, RELEASED_STILL_USED, RELEASED, EXPIRED, HARDWARE_MISMATCH";

    [Fact]
    public void If_several_codes_apply_the_first_of_the_published_order_is_said()
    {
        var seen = new HashSet<string>();
        foreach (var facts in Everything())
        {
            var applying = Applying(facts).ToHashSet();
            var expected = Order.Split(", ").FirstOrDefault(applying.Contains)
                ?? (facts.ExpiresAt <= A.Morning || facts.License == LicenseState.Locked ? "VALID_GRACE" : facts.Hardware.Drift
                    ? "VALID_DRIFT"
                    : "VALID");

            var code = facts.Decide(A.Morning, Grace);

            code.Wire().ShouldBe(expected, facts.ToString());
            code.IsValid().ShouldBe(expected.StartsWith("VALID", StringComparison.Ordinal));
            seen.Add(expected);
        }

        seen.Count.ShouldBe(Enum.GetValues<CheckInCode>().Length, "every code is the answer to something");
    }

    /// <summary>Everything that could be said, each by its own meaning.</summary>
    private static IEnumerable<string> Applying(CheckInFacts facts)
    {
        if (facts.Activation == ActivationState.Excluded)
        {
            yield return "DEVICE_EXCLUDED";
        }

        if (facts.License == LicenseState.Revoked)
        {
            yield return "REVOKED";
        }

        if (facts.License == LicenseState.Suspended)
        {
            yield return "SUSPENDED";
        }

        var bridged = facts is { Activation: ActivationState.Active, EmergencyUntil: { } until } && A.Morning < until;
        if ((facts.License == LicenseState.Locked && !bridged) || facts.ComputerLocked)
        {
            yield return "LOCKED_ILLEGAL";
        }

        if (facts.Activation == ActivationState.Superseded)
        {
            yield return "SUPERSEDED";
        }

        if (facts.Activation == ActivationState.Released)
        {
            yield return "RELEASED";
            if (facts.SeatTakenByAnother)
            {
                yield return "RELEASED_STILL_USED";
            }
        }

        if (facts.ExpiresAt is { } end && A.Morning >= end + TimeSpan.FromDays(Grace))
        {
            yield return "EXPIRED";
        }

        if (!facts.Hardware.Matches)
        {
            yield return "HARDWARE_MISMATCH";
        }
    }

    private static IEnumerable<CheckInFacts> Everything() =>
        from license in Enum.GetValues<LicenseState>()
        from activation in Enum.GetValues<ActivationState>()
        from computerLocked in new[] { false, true }
        from taken in new[] { false, true }
        from expires in new DateTimeOffset?[] { null, A.Morning.AddTicks(1), A.Morning, A.Morning.AddDays(-Grace).AddTicks(1),
            A.Morning.AddDays(-Grace) }
        from emergency in new DateTimeOffset?[] { null, A.Morning, A.Morning.AddTicks(1) }
        from hardware in new[] { new HardwareMatch(true, 9, Drift: false), new HardwareMatch(true, 5, Drift: true),
            new HardwareMatch(false, 3, Drift: false), default }
        select new CheckInFacts
        {
            License = license,
            Activation = activation,
            ComputerLocked = computerLocked,
            SeatTakenByAnother = taken,
            ExpiresAt = expires,
            Hardware = hardware,
            EmergencyUntil = emergency,
        };

    [Fact]
    public void A_computer_in_use_is_answered_by_its_hardware_and_the_end_of_the_license()
    {
        var scene = A.License(expires: A.Morning.AddDays(30));
        scene.Activate("pc");

        scene.CheckIn("pc").ShouldBe(CheckInCode.Valid);
        scene.CheckIn("pc", A.Hardware("pc", absent: 2)).ShouldBe(CheckInCode.Valid);
        scene.CheckIn("pc", A.Hardware("pc", changed: 2)).ShouldBe(CheckInCode.ValidDrift);
        scene.CheckIn("pc", A.Hardware("pc", changed: 3)).ShouldBe(CheckInCode.HardwareMismatch);
        scene.CheckIn("pc", A.Hardware("copy")).ShouldBe(CheckInCode.HardwareMismatch);
        scene.AfterDays(30).CheckIn("pc").ShouldBe(CheckInCode.ValidGrace);
        scene.AfterDays(14).CheckIn("pc").ShouldBe(CheckInCode.Expired);
        scene.License.Flags.ShouldBeEmpty();
    }

    [Fact]
    public void The_days_of_grace_begin_with_the_end_of_the_license()
    {
        var scene = A.License(expires: A.MorningOfDay(30));
        var facts = scene.License.FactsOf(scene.Activate("pc"), A.Hardware("pc"), scene.Policies.Hardware);

        facts.GraceEnds(A.MorningOfDay(30).AddTicks(-1), Grace).ShouldBeNull();
        facts.GraceEnds(A.MorningOfDay(30), Grace).ShouldBe(A.MorningOfDay(44));
    }
}
