using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Appointments;

/// <summary>One of the fixed steps of the move is done.</summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class TickMoveStep(AppointmentActs acts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid appointment, MoveStep step, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(TickMoveStep), act, appointment, step.ToString(),
            (_, locked) => Task.FromResult(locked.Tick(step, now).Succeeded), now, cancellationToken);
}
