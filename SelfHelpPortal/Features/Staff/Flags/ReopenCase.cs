using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Flags;

/// <summary>
/// Opens a resolved case again. The license goes on: what locks it is what is seen from now on, and then its owner is told.
/// </summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class ReopenCase(LicenseActs acts, FlagResolver resolver)
{
    public async Task<StaffResult> ExecuteAsync(StaffAct act, string flagNumber, DateTimeOffset now, CancellationToken cancellationToken) =>
        await acts.RunAsync(
            typeof(ReopenCase), act, await resolver.LicenseOfAsync(flagNumber, cancellationToken), flagNumber, (db, locked) =>
                DecideAsync(db, locked, act, flagNumber, now, cancellationToken), now, cancellationToken);

    private static async Task<StaffResult> DecideAsync(
        PortalDbContext db, License license, StaffAct act, string flagNumber, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var flag = await db.Flags.Include(f => f.Computers).SingleAsync(f => f.Number == flagNumber, cancellationToken);
        var before = flag.State;
        if (!license.Reopen(flag, now).Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        var data = new EventData { Case = flag.Number, Before = before.ToString(), After = flag.State.ToString() };
        await EventLog.AppendAsync(
            db, license.Id, EventKind.Reopened, data, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
        return StaffResult.Done;
    }
}
