using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Appointments;

/// <summary>
/// The license has moved. It was released in the software on the old PC, so that the release counts against nothing and costs nothing.
/// </summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class FinishAppointment(AppointmentActs acts)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid appointment, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(FinishAppointment), act, appointment, "",
            (_, locked) => Task.FromResult(locked.Finish(now).Succeeded), now, cancellationToken);
}
