using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>Takes away an own text or one that is shared, whoever wrote it: it belongs to all then.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class RemoveTemplate(AdministrationActs acts)
{
    /// <param name="command">Made for the click.</param>
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, Guid template, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(RemoveTemplate), actor, command, template, "", async db =>
                await db.Set<TextTemplate>().Where(t => t.Id == template && (t.IsShared || t.UserId == actor.Id))
                    .ExecuteDeleteAsync(cancellationToken) == 1 ? StaffResult.Done : StaffRefusal.NotFound,
            now, cancellationToken);
}
