using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>Imports the next part of a list whose import was started (<see cref="StartImport"/>); of any other it does nothing.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class ContinueImport(ImportActs acts, ImportSteps steps)
{
    public async Task<StaffResult> ExecuteAsync(StaffActor actor, Guid file, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var check = await steps.RowCheckAsync(cancellationToken);
        return await acts.RunAsync(typeof(ContinueImport), actor, file, async (db, held) =>
        {
            await steps.ImportPartAsync(db, held, check, actor.AsActor(), now, cancellationToken);
            return StaffResult.Done;
        }, now, cancellationToken);
    }
}
