using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>
/// An administrator decides that a checked list is imported, or goes on where it was stopped. What follows carries out this decision and
/// needs no fresh factor of its own, so that a long list does not stop in the middle.
/// </summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class StartImport(ImportActs acts)
{
    /// <param name="alsoUpdate">Whether stored customers and licenses become what the list says of them.</param>
    /// <param name="withoutFaulty">Whether the rows without a fault may come in while the others stay out.</param>
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid file, bool alsoUpdate, bool withoutFaulty, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(StartImport), actor, file, async (db, held) =>
        {
            if (held.State is ImportState.Uploaded or ImportState.Uploading)
            {
                return StaffRefusal.Conflict;
            }

            if (held.State == ImportState.Checked && held.FaultyRows > 0 && !withoutFaulty)
            {
                return StaffRefusal.ImportFaulty;
            }

            if (held.State is ImportState.Checked or ImportState.Stopped)
            {
                await ImportSteps.StartAsync(db, held, alsoUpdate, actor.AsActor(), now, cancellationToken);
            }

            return StaffResult.Done;
        }, now, cancellationToken);
}
