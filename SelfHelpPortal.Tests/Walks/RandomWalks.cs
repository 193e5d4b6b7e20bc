using System.Collections.Concurrent;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;

namespace SelfHelpPortal.Tests.Walks;

internal enum Act
{
    Activate,
    ReleaseInApp,
    ReleaseByQr,
    ReleaseByCode,
    ReleaseByKey,
    CheckIn,
    CheckInFromCopy,

    /// <summary>A computer that left is used on three working days: by chance that is too rare.</summary>
    GoOnUsing,
    Object,
    FetchEmergencyCode,
    ResolveSighting,
    ResolveObjection,
    Suspend,
    Resume,
    Ban,
    ReleaseByStaff,
    Grant,
    Wait,
}

/// <summary>One step; its numbers are read as fits the act, so any list of steps is a walk and a shorter one is, too.</summary>
internal sealed record Step(Act Act, int Which, int Parts, int Seconds)
{
    public override string ToString() => $"{Act}({Which}, {Parts}) +{Seconds}s";
}

/// <param name="Terms">Which of <see cref="RandomWalks.AllTerms"/>.</param>
internal sealed record Walk(int Terms, Step[] Steps)
{
    public override string ToString() => $"{RandomWalks.AllTerms[Terms]}: {string.Join("; ", Steps.AsEnumerable())}";
}

/// <summary>Random walks of 50 steps over one license; a failing one is cut short by FsCheck, which also prints its seed.</summary>
internal static class RandomWalks
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 6, 30, 0, TimeSpan.Zero);

    public static readonly IReadOnlyList<Terms> AllTerms =
    [
        new(1, Strict: true, "now", Free: null, RefillDays: 180, HoldMinutes: 0, EndsAfterDays: null),
        new(3, Strict: true, "now", Free: null, RefillDays: 180, HoldMinutes: 0, EndsAfterDays: null),
        new(1, Strict: false, "now", Free: 2, RefillDays: 30, HoldMinutes: 60, EndsAfterDays: null),
        new(2, Strict: false, "now", Free: 1, RefillDays: 30, HoldMinutes: 0, EndsAfterDays: 40),
        new(2, Strict: false, "mail", Free: 2, RefillDays: 180, HoldMinutes: 60, EndsAfterDays: null),
        new(1, Strict: true, "mail", Free: 3, RefillDays: 10, HoldMinutes: 0, EndsAfterDays: 20),
        new(2, Strict: false, "paid", Free: 2, RefillDays: 180, HoldMinutes: 60, EndsAfterDays: null),
        new(2, Strict: true, "staff", Free: 0, RefillDays: 180, HoldMinutes: 60, EndsAfterDays: null),
    ];

    /// <summary>Everything that can be said on such walks.</summary>
    public static readonly IReadOnlyList<string> AllAnswers =
    [
        "new", "again", "full", "expired", "banned", "locked", "suspended", "frozen", "released", "already-released", "not-active",
            "choose", "ask-staff",
        "fetched", "used-up", "offer-transfer", "too-soon", "proof-not-yet", "mail-sent", "objected", "restored", "done", "conflict",
        "VALID", "VALID_DRIFT", "VALID_GRACE", "EXPIRED",
        "HARDWARE_MISMATCH", "RELEASED", "RELEASED_STILL_USED", "SUPERSEDED", "LOCKED_ILLEGAL", "SUSPENDED", "DEVICE_EXCLUDED",
    ];

    private static readonly (int Weight, Act Act)[] Acts =
    [
        (12, Act.Activate), (3, Act.ReleaseInApp), (3, Act.ReleaseByQr), (3, Act.ReleaseByCode), (9, Act.ReleaseByKey), (12, Act.CheckIn),
        (2, Act.CheckInFromCopy), (6, Act.GoOnUsing), (1, Act.Object), (8, Act.FetchEmergencyCode), (2, Act.ResolveSighting),
        (2, Act.ResolveObjection), (1, Act.Suspend), (4, Act.Resume), (1, Act.Ban),
        (2, Act.ReleaseByStaff), (1, Act.Grant), (6, Act.Wait),
    ];

    /// <param name="shorten">Whether a failing walk is cut short, which takes time.</param>
    public static Arbitrary<Walk> Create(int steps, bool shorten = true) => Arb.From(
        from terms in Gen.Choose(0, AllTerms.Count - 1)
        from list in (from act in Gen.Frequency(Acts.Select(a => (a.Weight, Gen.Constant(a.Act))))
                      from which in Gen.Choose(0, 99)
                      from parts in Gen.Choose(0, 2)
                      from wait in act == Act.Wait ? Gen.Elements(600, 7_200, 90_000, 259_200, 3_000_000) : Gen.Choose(1, 900)
                      select new Step(act, which, parts, wait)).ArrayOf(steps)
        select new Walk(terms, list),
        walk => shorten ? Shorter(walk) : []);

    /// <summary>The first half, or without one step.</summary>
    private static IEnumerable<Walk> Shorter(Walk walk)
    {
        for (var half = walk.Steps.Length / 2; half > 0; half /= 2)
        {
            yield return walk with { Steps = walk.Steps[..^half] };
        }

        for (var place = walk.Steps.Length - 1; place >= 0; place--)
        {
            yield return walk with { Steps = [.. walk.Steps[..place], .. walk.Steps[(place + 1)..]] };
        }
    }

    /// <summary>Takes the walk in the model and for real, and fails at the first step that is answered differently.</summary>
    /// <param name="answers">Gathers what was said, so that a test can tell whether everything was met.</param>
    /// <param name="modelTerms">For the test that the test can fail: what the model believes instead.</param>
    public static async Task RunAsync(Walk walk, WalkedLicense real, ConcurrentDictionary<string, int> answers, Terms? modelTerms = null)
    {
        var now = Start;
        var model = new LicenseModel(modelTerms ?? AllTerms[walk.Terms], Start, real.MailsPerHour);
        var said = new List<string>();
        foreach (var step in walk.Steps)
        {
            now = now.AddSeconds(step.Seconds);
            for (var day = 0; day < (step.Act == Act.GoOnUsing ? 3 : 1); day++)
            {
                now = day == 0 ? now : NextNoonAtWork(now);
                var (expected, answered) = await TakeAsync(step, model, real, now);
                said.Add($"{now:u} {step} → {expected}");
                answers.AddOrUpdate(expected.Split(' ')[0], 1, (_, count) => count + 1);
                answered.ShouldBe(real.Expect(step.Act, expected), string.Join('\n', said));
                if (expected.StartsWith("new", StringComparison.Ordinal) || expected.StartsWith("again", StringComparison.Ordinal)
                    || expected == "restored")
                {
                    real.Count.ShouldBe(model.Stays.Count);
                }
            }
        }

        (await real.DescribeAsync(now)).ShouldBe(model.Describe(now), string.Join('\n', said));
        await real.CheckInvariantsAsync();
    }

    private static DateTimeOffset NextNoonAtWork(DateTimeOffset now)
    {
        var noon = new DateTimeOffset(now.UtcDateTime.Date.AddHours(36), TimeSpan.Zero);
        return noon.DayOfWeek switch
        {
            DayOfWeek.Saturday => noon.AddDays(2),
            DayOfWeek.Sunday => noon.AddDays(1),
            _ => noon,
        };
    }

    private static async Task<(string Expected, string Answered)> TakeAsync(
        Step step, LicenseModel model, WalkedLicense real, DateTimeOffset now)
    {
        var pc = $"pc {step.Which % 5}";

        // Mostly one of the last, sometimes one long gone.
        var count = model.Stays.Count;
        var place = count == 0 ? 0 : count - 1 - (step.Which < 80 ? step.Which % Math.Min(count, 4) : step.Which % count);
        if (step.Act == Act.GoOnUsing)
        {
            place = Math.Max(0, model.Stays.FindLastIndex(s => !s.Here));
        }

        var stay = count == 0 ? null : model.Stays[place];
        switch (step.Act)
        {
            case Act.Activate:
                return (model.Activate(pc, step.Parts, now), await real.ActivateAsync(pc, step.Parts, now));
            case Act.ReleaseByKey:
                var chosen = step.Which % 3 == 0 ? null : stay;
                var confirms = step.Parts > 0;
                return (model.ReleaseByKey(chosen, confirms, now),
                    await real.ReleaseByKeyAsync(chosen is null ? null : place, confirms, now));
            case Act.FetchEmergencyCode:
                var goesOn = step.Which % 2 == 0 ? null : stay;
                return (model.FetchEmergencyCode(goesOn, now), await real.FetchEmergencyCodeAsync(goesOn is null ? null : place, now));
            case Act.ResolveSighting:
                return (model.Resolve(objection: false), await real.ResolveAsync(FlagKind.Sighting, now));
            case Act.ResolveObjection:
                return (model.Resolve(objection: true), await real.ResolveAsync(FlagKind.Objection, now));
            case Act.Suspend:
                return (model.Suspend(), await real.SuspendAsync(now));
            case Act.Resume:
                return (model.Resume(), await real.ResumeAsync(now));
            case Act.Grant:
                return (model.Grant(now.AddDays(10)), await real.GrantAsync(now.AddDays(10), now));
        }

        if (stay is null)
        {
            return ("", "");
        }

        // A computer's clock may be off by minutes.
        var signedAt = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() + (step.Which % 5 == 0 ? (step.Which - 50) * 10 : 0));
        return step.Act switch
        {
            Act.ReleaseInApp => (model.ReleaseByComputer(stay, "app", now), await real.ReleaseInAppAsync(place, now)),
            Act.ReleaseByQr => (model.ReleaseByComputer(stay, "qr", now), await real.ReleaseByQrAsync(place, now)),
            Act.ReleaseByCode => (model.ReleaseByCode(stay, now), await real.ReleaseByCodeAsync(place, now)),
            Act.CheckIn or Act.GoOnUsing =>
                (model.CheckIn(stay, stay.Pc, step.Parts, signedAt, now),
                    await real.CheckInAsync(place, stay.Pc, step.Parts, signedAt, now)),
            Act.CheckInFromCopy =>
                (model.CheckIn(stay, pc, step.Parts, signedAt, now), await real.CheckInAsync(place, pc, step.Parts, signedAt, now)),
            Act.Object when stay is { Left: not null, Banned: false } => (model.Object(stay, now), await real.ObjectAsync(place, now)),
            Act.Ban => (model.Ban(stay, now), await real.BanAsync(place, now)),
            Act.ReleaseByStaff => (model.ReleaseByStaff(stay, now), await real.ReleaseByStaffAsync(place, now)),
            _ => ("", ""),
        };
    }
}

/// <summary>A license that a walk is taken on. Computers are named by the place of their activation in the order of activating.</summary>
internal abstract class WalkedLicense
{
    /// <summary>Confirmation mails a license may ask for.</summary>
    public abstract int MailsPerHour { get; }

    /// <summary>Activations made so far.</summary>
    public abstract int Count { get; }

    /// <summary>What the model's word is called here.</summary>
    public virtual string Expect(Act act, string word) => word;

    public abstract Task<string> ActivateAsync(string pc, int parts, DateTimeOffset now);

    public abstract Task<string> ReleaseInAppAsync(int place, DateTimeOffset now);

    public abstract Task<string> ReleaseByQrAsync(int place, DateTimeOffset now);

    public abstract Task<string> ReleaseByCodeAsync(int place, DateTimeOffset now);

    public abstract Task<string> ReleaseByKeyAsync(int? place, bool confirms, DateTimeOffset now);

    public abstract Task<string> CheckInAsync(int place, string pc, int parts, DateTimeOffset signedAt, DateTimeOffset now);

    public abstract Task<string> ObjectAsync(int place, DateTimeOffset now);

    public abstract Task<string> FetchEmergencyCodeAsync(int? place, DateTimeOffset now);

    public abstract Task<string> ResolveAsync(FlagKind kind, DateTimeOffset now);

    public abstract Task<string> SuspendAsync(DateTimeOffset now);

    public abstract Task<string> ResumeAsync(DateTimeOffset now);

    public abstract Task<string> BanAsync(int place, DateTimeOffset now);

    public abstract Task<string> ReleaseByStaffAsync(int place, DateTimeOffset now);

    public abstract Task<string> GrantAsync(DateTimeOffset until, DateTimeOffset now);

    public abstract Task<string> DescribeAsync(DateTimeOffset now);

    public abstract Task CheckInvariantsAsync();

    protected static ProductPolicies PoliciesOf(Terms terms) => new()
    {
        Release = new ReleasePolicy
        {
            DeadPc = terms.DeadPc switch
            {
                "now" => DeadPcRule.Immediate,
                "mail" => DeadPcRule.ConfirmByMail,
                "paid" => DeadPcRule.PaidTransfer,
                _ => DeadPcRule.StaffOnly,
            },
            AllowedUnproven = terms.Free,
            RefillDays = terms.RefillDays,
            MinimumHoldMinutes = terms.HoldMinutes,
        },

        // Walks share a product and not their time, so the breaker stays out of it; it has a test of its own.
        Flag = new FlagPolicy { Rule = terms.Strict ? FlagRule.Strict : FlagRule.Staged, LocksPerHour = int.MaxValue },
    };

    /// <summary>The same lines as <see cref="LicenseModel.Describe"/>, of what is stored.</summary>
    protected static string Describe(License license, ReleasePolicy policy, DateTimeOffset now)
    {
        var stays = license.Activations.OrderBy(a => a.ActivatedAt).ToList();
        var left = license.AllowanceAt(now, policy).Left?.ToString(CultureInfo.InvariantCulture) ?? "unlimited";
        var standing = license.State == LicenseState.Active ? "open" : license.State.ToString().ToLowerInvariant();
        return string.Join('\n', stays.Select(Line).Prepend(
            $"{standing}, case {license.OpenFlag(FlagKind.Sighting) is not null}, objection "
                + $"{license.OpenFlag(FlagKind.Objection) is not null}, {left} left"));

        string Line(Activation a)
        {
            var parts = Enumerable.Range(0, 3).Single(p => Support.A.Hardware(a.PcName!, changed: p) == a.HardwareCode);
            var continued = stays.Find(s => s.Id == a.RestoredAsId);
            var way = a.ReleasedBy is { } method ? Way(method) : null;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"seat {a.Seat}, generation {a.Generation}, {a.PcName}+{parts}, {a.ActivatedAt:u}–{a.EndedAt:u} "
                    + $"{(a.State == ActivationState.Excluded ? "banned " : "")}{way}{(a.ChargedAt is null ? "" : " counted")}"
                    + $"{(a.SettledAt is null ? "" : " settled")}{(continued is null ? "" : $" continued as {continued.Generation}")}");
        }
    }

    private static string Way(ReleaseMethod method) => method switch
    {
        ReleaseMethod.InApp => "app",
        ReleaseMethod.QrCode => "qr",
        ReleaseMethod.VerificationCode => "code",
        ReleaseMethod.ActivationKey => "key",
        ReleaseMethod.Account => "account",
        ReleaseMethod.Staff => "staff",
        ReleaseMethod.Transfer => "transfer",
        ReleaseMethod.Ended => "ended",
    };
}
