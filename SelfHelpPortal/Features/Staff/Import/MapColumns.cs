using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>An administrator says which column is what. A file that is being imported keeps its columns.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class MapColumns(ImportActs acts, ImportContent content)
{
    /// <param name="mapping">For each column one of <see cref="ImportField.All"/>, or nothing where it is left out.</param>
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid file, IReadOnlyList<string> mapping, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(MapColumns), actor, file, async (db, held) =>
        {
            if (held.State is not (ImportState.Uploaded or ImportState.Checked))
            {
                return StaffRefusal.Conflict;
            }

            if (!ImportSteps.IsMapping(mapping, content.HeaderOf(held).Length))
            {
                return new StaffResult(StaffRefusal.SettingInvalid, [.. ImportSteps.Missing(mapping).Select(field => new BrokenRule(
                    field, $"Es fehlt eine Spalte für „{field}“.", $"A column is missing for “{field}”."))]);
            }

            await ImportSteps.MapAsync(db, held, [.. mapping], cancellationToken);
            return StaffResult.Done;
        }, now, cancellationToken);
}
