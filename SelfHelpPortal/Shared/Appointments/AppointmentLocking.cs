using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Appointments;

namespace SelfHelpPortal.Shared.Appointments;

internal static class AppointmentLocking
{
    /// <summary>Null when there is none.</summary>
    public static async Task<Appointment?> LockAppointmentAsync(
        this PortalDbContext db, Guid appointmentId, CancellationToken cancellationToken)
    {
        return await db.LockRowAsync<Appointment>(appointmentId, cancellationToken)
            ? await db.Appointments.SingleAsync(a => a.Id == appointmentId, cancellationToken)
            : null;
    }
}

/// <summary>The history of an appointment is a stream of its own; who appends holds the lock on its row.</summary>
internal static class AppointmentEvents
{
    /// <param name="act">What happened, where the state alone does not tell.</param>
    public static Task AppendAsync(
        PortalDbContext db, Appointment appointment, AppointmentState before, string act, Actor actor, string? text, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        EventLog.AppendAsync(
            db,
            appointment.Id,
            EventKind.Appointment,
            new EventData
            {
                Before = before.ToString(),
                After = appointment.State.ToString(),
                Method = act,
                Until = appointment.StartsAt,
            },
            actor,
            text,
            now,
            cancellationToken);
}
