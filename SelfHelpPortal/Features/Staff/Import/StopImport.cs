using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>Stops an import after the part that is being stored, wherever it runs. What came in stays.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class StopImport(ImportActs acts)
{
    public Task<StaffResult> ExecuteAsync(StaffActor actor, Guid file, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(StopImport), actor, file, async (db, held) =>
        {
            if (held.State == ImportState.Importing)
            {
                held.State = ImportState.Stopped;
                await db.SaveChangesAsync(cancellationToken);
            }

            return StaffResult.Done;
        }, now, cancellationToken);
}
