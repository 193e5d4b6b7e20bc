using System.Collections.Concurrent;
using System.Security.Cryptography;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;

namespace SelfHelpPortal.Tests.Support;

/// <summary>Small builders for tests of the rules.</summary>
internal static class A
{
    public const string ProductId = "test-product";

    /// <summary>Any moment will do; this one is a Wednesday.</summary>
    public static readonly DateTimeOffset Morning = new(2026, 3, 4, 9, 0, 0, TimeSpan.Zero);

    private static readonly ConcurrentDictionary<(string, int, int), HardwareCode> Codes = [];

    public static DateTimeOffset MorningOfDay(int day) => Morning.AddDays(day);

    /// <summary>Every release by key goes through at once.</summary>
    public static readonly ReleasePolicy FreeRelease =
        new() { DeadPc = DeadPcRule.Immediate, AllowedUnproven = null, MinimumHoldMinutes = 0 };

    /// <summary>The rules of the second document, as the demo product BeamAlign has them.</summary>
    public static readonly ProductPolicies Strict = new() { Release = FreeRelease, Flag = new FlagPolicy { Rule = FlagRule.Strict } };

    public static readonly ProductPolicies Staged = new() { Release = FreeRelease, Flag = new FlagPolicy { Rule = FlagRule.Staged } };

    public static LicenseScene License(int seats = 1, ProductPolicies? policies = null, DateTimeOffset? expires = null) =>
        new(seats, policies ?? Staged, expires);

    /// <summary>The code of a computer that has all six components.</summary>
    /// <param name="changed">How many of them, from the front, were exchanged for others.</param>
    /// <param name="absent">How many of them, from the back, the software could not read.</param>
    public static HardwareCode Hardware(string pc, int changed = 0, int absent = 0) =>
        Codes.GetOrAdd((pc, changed, absent), _ => HardwareCode.From(
        ProductId,
        HardwareComponents.Kinds.Take(6 - absent).Select((kind, place) => KeyValuePair.Create(
            kind, kind == HardwareComponents.Mac ? MacAddress(pc, place < changed)
            : $"{kind} of {pc}{(place < changed ? ", exchanged" : "")}"))));

    /// <summary>A fixed address of a network card, made from the name.</summary>
    private static string MacAddress(string pc, bool exchanged) =>
        "001122" + Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(pc + exchanged)).AsSpan(0, 3));
}

/// <summary>One license and a clock: acts are told by the names of computers.</summary>
internal sealed class LicenseScene
{
    private int _cases;

    public LicenseScene(int seats, ProductPolicies policies, DateTimeOffset? expires)
    {
        Policies = policies;
        License = new License
        {
            Number = "L-1043",
            ProductId = A.ProductId,
            CustomerId = Guid.CreateVersion7(),
            Seats = seats,
            CreatedAt = Now,
            ExpiresAt = expires,
            Key = new StoredKey { Hash = [1], FoldedHash = [2], PepperId = "p1", Sealed = [3], LastFive = "PP7FH" },
        };
    }

    public License License { get; }

    public ProductPolicies Policies { get; set; }

    public DateTimeOffset Now { get; set; } = A.Morning;

    public bool WithinBusinessHours { get; set; } = true;

    public bool LocksAllowed { get; set; } = true;

    public LicenseScene After(TimeSpan time)
    {
        Now += time;
        return this;
    }

    public LicenseScene AfterHours(double hours) => After(TimeSpan.FromHours(hours));

    public LicenseScene AfterDays(double days) => After(TimeSpan.FromDays(days));

    /// <summary>What this computer had last.</summary>
    public Activation Last(string pc) => License.Activations.Last(a => a.PcName == pc);

    public Outcome<Activated> TryActivate(string pc, HardwareCode? hardware = null) =>
        License.Activate(new Computer(hardware ?? A.Hardware(pc), pc, AppVersion: null), Secrets(), Policies.Hardware, Now);

    public Activation Activate(string pc) => TryActivate(pc).ShouldSucceed().Activation;

    public Outcome<Released> TryRelease(string pc, ReleaseMethod method = ReleaseMethod.ActivationKey, bool confirmed = false) =>
        License.Release(Last(pc), method, Policies.Release, Now, confirmed);

    public Activation Release(string pc, ReleaseMethod method = ReleaseMethod.ActivationKey) =>
        TryRelease(pc, method).ShouldSucceed().Activation;

    public ReleaseAllowance Allowance => License.AllowanceAt(Now, Policies.Release);

    /// <summary>What the computer is answered when it checks in with its last activation, after the policy has acted.</summary>
    public CheckInCode CheckIn(string pc, HardwareCode? hardware = null) => CheckIn(Last(pc), hardware);

    public CheckInCode CheckIn(Activation activation, HardwareCode? hardware = null)
    {
        See(activation, hardware);
        return License.FactsOf(activation, hardware ?? activation.HardwareCode, Policies.Hardware).Decide(Now, Policies.CheckIn.GraceDays);
    }

    public UsageConflict? See(string pc, DateTimeOffset? signedAt = null) => See(Last(pc), signedAt: signedAt);

    public UsageConflict? See(Activation activation, HardwareCode? hardware = null, DateTimeOffset? signedAt = null) =>
        License.DetectConcurrentUse(
        activation,
        hardware ?? activation.HardwareCode,
        Policies,
        new SightingCircumstances(signedAt ?? Now, WithinBusinessHours, LocksAllowed),
        $"F-{1001 + _cases++}",
        Now);

    public (Flag Flag, Activation? Restored) Object(Activation released) =>
        License.Object(released, "not me", $"F-{1001 + _cases++}", Secrets(), Policies.Hardware, Now);

    public (Flag Flag, Activation? Restored) Object(string pc) => Object(Last(pc));

    /// <summary>Released by key and replaced by another computer: the next check-in of the old one is a contradiction.</summary>
    public LicenseScene Replaced(string old, string by)
    {
        if (License.Activations.All(a => a.PcName != old || !a.IsActive))
        {
            Activate(old);
            AfterHours(2);
        }

        Release(old);
        AfterHours(1).Activate(by);
        return AfterHours(1);
    }

    private static ActivationSecrets Secrets() => new(Guid.CreateVersion7(), Handles.New(), [4]);
}

internal static class OutcomeAssertions
{
    public static T ShouldSucceed<T>(this Outcome<T> outcome)
    {
        outcome.Succeeded.ShouldBeTrue(outcome.Succeeded ? "" : $"refused: {outcome.Refused}");
        return outcome.Value!;
    }

    public static RefusalDetail ShouldBeRefused<T>(this Outcome<T> outcome, Refusal refusal)
    {
        outcome.Succeeded.ShouldBeFalse($"should be refused as {refusal}");
        outcome.Refused.Refusal.ShouldBe(refusal);
        return outcome.Refused;
    }
}
