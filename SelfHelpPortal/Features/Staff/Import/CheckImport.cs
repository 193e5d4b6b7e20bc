using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>Checks the next part of an uploaded list against the rules and against what is stored; nothing is imported.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class CheckImport(ImportActs acts, ImportSteps steps)
{
    public async Task<StaffResult> ExecuteAsync(StaffActor actor, Guid file, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var check = await steps.RowCheckAsync(cancellationToken);
        return await acts.RunAsync(typeof(CheckImport), actor, file, async (db, held) =>
        {
            if (ImportSteps.Missing(held.Mapping).Count > 0)
            {
                return StaffRefusal.SettingInvalid;
            }

            await steps.CheckPartAsync(db, held, check, actor.AsActor(), now, cancellationToken);
            return StaffResult.Done;
        }, now, cancellationToken);
    }
}
