using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Appointments;

/// <summary>Nobody called at the time.</summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class RecordNoShow(AppointmentActs acts)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid appointment, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(RecordNoShow), act, appointment, "",
            (_, locked) => Task.FromResult(locked.Miss(now).Succeeded), now, cancellationToken);
}
