using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>Takes an uploaded list away. Licenses that came in by it stay.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class DiscardImport(ImportActs acts)
{
    public Task<StaffResult> ExecuteAsync(StaffActor actor, Guid file, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(DiscardImport), actor, file, async (db, held) =>
        {
            await db.Set<ImportFile>().Where(f => f.Id == held.Id).ExecuteDeleteAsync(cancellationToken);
            return StaffResult.Done;
        }, now, cancellationToken);
}
