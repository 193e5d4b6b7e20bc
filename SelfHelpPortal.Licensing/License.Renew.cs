using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Licensing;

public sealed partial class License
{
    /// <summary>Why its customer cannot renew the subscription now; null when nothing stands in the way.</summary>
    public RefusalDetail? CheckRenewal(DateTimeOffset now) =>
        GetBlockingReason() ?? (ExpiresAt <= now ? new RefusalDetail(Refusal.Expired) : null);

    /// <summary>Extends the subscription to the end of a period that was paid for.</summary>
    public void Renew(Period period) => MaintenanceUntil = MaintenanceUntil > period.To ? MaintenanceUntil : period.To;

    /// <summary>Takes a renewal back that is not paid for after all: before its first day, and while nothing was added behind it.</summary>
    /// <returns>False: nothing was changed, and people have to decide.</returns>
    public bool TakeBack(Period period, DateOnly today)
    {
        if (MaintenanceUntil != period.To || today >= period.From)
        {
            return false;
        }

        MaintenanceUntil = period.From.AddDays(-1);
        return true;
    }
}
