using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.People;

/// <summary>Gives a colleague another role, which ends the colleague's sign-ins.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class ChangeStaffRole(StaffAccountActs acts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, Guid person, string role, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(ChangeStaffRole), actor, command, person, role,
            db => StaffAccounts.ChangeRoleAsync(db, person, role, actor.Id, now, cancellationToken), now, cancellationToken);
}
