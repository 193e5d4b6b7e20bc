using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.People;

/// <summary>Ends every sign-in of a colleague and refuses new ones.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class DisableStaff(StaffAccountActs acts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, Guid person, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(DisableStaff), actor, command, person, content: "",
            db => StaffAccounts.SetDisabledAsync(db, person, disabled: true, actor.Id, now, cancellationToken), now, cancellationToken);
}

/// <summary>Lets a colleague sign in again, with the password and factor from before.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class EnableStaff(StaffAccountActs acts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, Guid person, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(EnableStaff), actor, command, person, content: "",
            db => StaffAccounts.SetDisabledAsync(db, person, disabled: false, actor.Id, now, cancellationToken), now, cancellationToken);
}
