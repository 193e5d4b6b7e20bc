using System.Globalization;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Licenses;

/// <summary>Allows one more release without proof, above the product's policy and until a day.</summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class GrantRelease(LicenseActs acts)
{
    public const int LongestDays = 366;

    public Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid license, DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken) =>
        !Allows(until, now)
            ? Task.FromResult<StaffResult>(StaffRefusal.Until)
            : acts.RunAsync(
                typeof(GrantRelease),
                act,
                license,
                until.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
                (db, locked) => DecideAsync(db, locked, act, until, now, cancellationToken),
                now,
                cancellationToken);

    internal static bool Allows(DateTimeOffset until, DateTimeOffset now) => until > now && until <= now.AddDays(LongestDays);

    /// <summary>For acts that grant as a part of them, once the end is allowed.</summary>
    internal static async Task<StaffResult> DecideAsync(
        PortalDbContext db, License license, StaffAct act, DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!license.Grant(act.Reason.Trim(), until, now).Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        var data = new EventData { Until = until };
        await EventLog.AppendAsync(
            db, license.Id, EventKind.ReleaseGranted, data, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
        return StaffResult.Done;
    }
}
