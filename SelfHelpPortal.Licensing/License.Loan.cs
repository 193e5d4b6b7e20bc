using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Licensing.Release;

namespace SelfHelpPortal.Licensing;

/// <summary>Computers that use the license beside those that have its seats, and end by themselves.</summary>
public sealed partial class License
{
    /// <summary>Days before its end that the owner is reminded of a loan, and of an old computer that goes on.</summary>
    public static int DaysOfNotice(EndKind kind) => kind == EndKind.Loan ? 3 : 2;

    /// <summary>Lets another computer use the license while one that has a seat is being repaired.</summary>
    /// <param name="begun">When earlier loans of the license began.</param>
    public Outcome<Activation> Lend(
        Activation repaired, Computer computer, ActivationSecrets secrets, DateTimeOffset endsAt, ProductPolicies policies,
        IEnumerable<DateTimeOffset> begun, DateTimeOffset now)
    {
        if (CheckLoan(repaired, computer, policies, begun, now) is { } refused)
        {
            return refused;
        }

        if (endsAt <= now)
        {
            return Refusal.Conflict;
        }

        var end = ExpiresAt < endsAt ? ExpiresAt.Value : endsAt;
        var lent = Add(repaired.Seat, computer, secrets, IsSameAs(computer, policies.Hardware), now).AsLoan(end);
        if (IsNear(lent, now))
        {
            lent.RemindOfEnd(now);
        }

        if (!policies.Loans.OldPcStaysValid)
        {
            repaired.Pause(end);
        }

        return lent;
    }

    /// <summary>Why a loan would be refused now, without doing it; null when it would go through.</summary>
    public RefusalDetail? CheckLoan(
        Activation repaired, Computer computer, ProductPolicies policies, IEnumerable<DateTimeOffset> begun, DateTimeOffset now)
    {
        var isSame = IsSameAs(computer, policies.Hardware);
        return (Bars(isSame, now) ?? TooFewParts(computer)) is { } bars ? bars
            : Freeze() is { } frozen ? frozen
            : !repaired.HasSeat ? new RefusalDetail(Refusal.NotActive)
            : Temporary(now) is not null || ActiveComputers.Any(isSame) ? new RefusalDetail(Refusal.Conflict)
            : policies.Loans.NextAt(begun, now) is { } next ? new RefusalDetail(Refusal.LimitUsedUp, next)
            : null;
    }

    /// <summary>Whether a computer could simply be activated, so that nothing needs to be lent.</summary>
    public bool HasFreeSeat => Enumerable.Range(1, Seats).Any(seat => ActiveOn(seat) is null);

    /// <summary>Notes that these computers have ended by themselves, at their end.</summary>
    public IReadOnlyList<Activation> EndOverdue(DateTimeOffset now)
    {
        var over = ActiveComputers.Where(a => a.IsOver(now)).ToList();
        foreach (var computer in over)
        {
            End(computer, ActivationState.Released, computer.EndsAt!.Value, computer.ReleasedBy ?? ReleaseMethod.Ended,
                computer.ReleasedByGrant);
        }

        return over;
    }

    /// <summary>Notes that the owner is told now of the ends that are near.</summary>
    public IReadOnlyList<Activation> RemindOfEnds(DateTimeOffset now)
    {
        var near = ActiveComputers.Where(a => a.EndsAt > now && a.EndRemindedAt is null && IsNear(a, now)).ToList();
        near.ForEach(a => a.RemindOfEnd(now));
        return near;
    }

    /// <summary>Whether the owner is told of the end beforehand; one that is near when it is set was told already.</summary>
    private static bool IsNear(Activation activation, DateTimeOffset now) =>
        activation is { EndsAt: { } end, EndsAs: { } kind } && end - now <= TimeSpan.FromDays(DaysOfNotice(kind));

    private static Func<Activation, bool> IsSameAs(Computer computer, HardwarePolicy policy) =>
        a => a.HardwareCode.Match(computer.HardwareCode, policy.Points).Matches;
}
