using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Shared.Appointments;

namespace SelfHelpPortal.Features.Staff.Appointments;

/// <summary>Acts of staff on one appointment, in the order of <see cref="StaffActs"/>.</summary>
internal sealed class AppointmentActs(StaffActs acts)
{
    /// <summary>What one use case adds: the decision on the locked appointment, with its mail. It neither saves nor commits.</summary>
    /// <returns>False when it makes no sense as the appointment stands.</returns>
    public delegate Task<bool> Decision(PortalDbContext db, Appointment appointment);

    /// <param name="useCase">Whose <see cref="Shared.Access.StaffUseCaseAttribute"/> counts.</param>
    /// <param name="content">What is asked for besides the appointment, so that a repetition with another content is noticed.</param>
    public Task<StaffResult> RunAsync(
        Type useCase, StaffAct act, Guid appointmentId, string content, Decision decide, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        acts.RunAsync(
            useCase,
            act,
            new(appointmentId, async db => await db.LockAppointmentAsync(appointmentId, cancellationToken) is not null),
            content,
            async db =>
            {
                if (await db.LockAppointmentAsync(appointmentId, cancellationToken) is not { } appointment)
                {
                    return StaffRefusal.NotFound;
                }

                var before = appointment.State;
                if (!await decide(db, appointment))
                {
                    return StaffRefusal.Conflict;
                }

                await AppointmentEvents.AppendAsync(
                    db, appointment, before, useCase.Name, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
                return StaffResult.Done;
            },
            now,
            cancellationToken);
}

/// <summary>The acts that the page of an appointment offers.</summary>
internal sealed record AppointmentPageActs(
    TickMoveStep Tick, TickChecklist Checklist, FinishAppointment Finish, RecordNoShow Miss, CancelForCustomer Cancel);
