using System.Globalization;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Backoffice.Kit;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Features.Backoffice.Licenses;

/// <summary>
/// The vendor's shop has sold more maintenance. The invoice is the shop's, so the portal writes neither one nor a mail.
/// </summary>
internal sealed class RenewByToken(LicenseTokenActs acts)
{
    /// <param name="until">The new last day of maintenance. The present one again is no change and no refusal.</param>
    public Task<BackofficeAnswer<LicenseReply>> ExecuteAsync(
        TokenCaller caller, Once once, string number, DateOnly until, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(RenewByToken), caller, once, number, until.ToString("O", CultureInfo.InvariantCulture),
            (act, license) => DecideAsync(act, license, until, now, cancellationToken), now, cancellationToken);

    private static async Task<BackofficeRefusal?> DecideAsync(
        TokenAct act, License license, DateOnly until, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = license.MaintenanceUntil;
        if (license.State == LicenseState.Revoked)
        {
            return BackofficeRefusal.Revoked;
        }

        if (until < before)
        {
            return BackofficeRefusal.NotLater;
        }

        if (until != before)
        {
            license.MaintenanceUntil = until;
            var data = new EventData
            {
                Until = new DateTimeOffset(until.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero),
                Before = before?.ToString("O", CultureInfo.InvariantCulture),
            };
            await EventLog.AppendAsync(
                act.Db, license.Id, EventKind.SubscriptionRenewed, data, act.By, text: null, now, cancellationToken);
        }

        return null;
    }
}
