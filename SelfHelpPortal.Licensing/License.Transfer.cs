using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;

namespace SelfHelpPortal.Licensing;

public sealed partial class License
{
    /// <summary>
    /// Moves a seat from a computer that can no longer prove its release to the one that takes its place. The old one is superseded, so
    /// that being seen again it is told of; it counts as no release. A computer on loan that keeps the license hears of it at its next
    /// check-in.
    /// </summary>
    public Outcome<Activation> Transfer(
        Activation old, Computer computer, ActivationSecrets secrets, HardwarePolicy policy, DateTimeOffset now)
    {
        if (CheckTransfer(old, computer, policy, now) is { } refused)
        {
            return refused;
        }

        bool IsSame(Activation a) => a.HardwareCode.Match(computer.HardwareCode, policy.Points).Matches;

        var lent = ActiveComputers.Where(a => !a.HasSeat && IsSame(a)).ToList();
        End(old, ActivationState.Superseded, now, ReleaseMethod.Transfer);
        var taken = Take(old.Seat, computer, secrets, isSame: _ => false, now);
        foreach (var loan in lent)
        {
            End(loan, ActivationState.Superseded, now, ReleaseMethod.Transfer);
            loan.RestoreAs(taken);
        }

        return taken;
    }

    /// <summary>Why a transfer would be refused now, without doing it; null when it would go through.</summary>
    public RefusalDetail? CheckTransfer(Activation old, Computer computer, HardwarePolicy policy, DateTimeOffset now)
    {
        bool IsSame(Activation a) => a.HardwareCode.Match(computer.HardwareCode, policy.Points).Matches;

        return (Bars(IsSame, now) ?? TooFewParts(computer)) is { } bars ? bars
            : Freeze() is { } frozen ? frozen
            : !old.HasSeat ? new RefusalDetail(Refusal.NotActive)
            : ActiveComputers.Any(a => a.HasSeat && IsSame(a)) ? new RefusalDetail(Refusal.Conflict)
            : null;
    }
}
