using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Licensing;

public sealed partial class License
{
    /// <summary>Why its customer cannot renew the subscription now; null when nothing stands in the way.</summary>
    public RefusalDetail? CheckRenewal(DateTimeOffset now) =>
        GetBlockingReason() ?? (ExpiresAt <= now ? new RefusalDetail(Refusal.Expired) : null);

    /// <summary>Extends the subscription to the end of a period that was paid for.</summary>
    public void Renew(Period period) => MaintenanceUntil = MaintenanceUntil > period.To ? MaintenanceUntil : period.To;

    /// <summary>
    /// Whether a renewal's customer may take it back alone: nothing was paid for it, its first day is still to come, and nothing was added
    /// behind it.
    /// </summary>
    public bool MayUndoRenewal(Invoice invoice, DateOnly today) =>
        invoice.MayBeUndone && invoice.LicenseId == Id && invoice.RenewedPeriod is { } period && CanTakeBack(period, today);

    /// <summary>Takes a renewal back that is not paid for after all: before its first day, and while nothing was added behind it.</summary>
    /// <returns>False: nothing was changed, and people have to decide.</returns>
    public bool TakeBack(Period period, DateOnly today)
    {
        if (!CanTakeBack(period, today))
        {
            return false;
        }

        MaintenanceUntil = period.From.AddDays(-1);
        return true;
    }

    private bool CanTakeBack(Period period, DateOnly today) => MaintenanceUntil == period.To && today < period.From;
}
