using SelfHelpPortal.Licensing.Appointments;

namespace SelfHelpPortal.Features.Customer.Appointments;

/// <summary>Keeps what is ready for the appointment; it changes no state, so it is no event.</summary>
internal sealed class PrepareBooking(ChangeBooking changes)
{
    public Task<ChangeResult> ExecuteAsync(
        string token, Preparation ready, DateTimeOffset now, CancellationToken cancellationToken) =>
        changes.RunAsync(
            token,
            (_, appointment) =>
                Task.FromResult(appointment.Prepare(ready, now).Succeeded ? ChangeOutcome.Done : ChangeOutcome.Over),
            now,
            cancellationToken);
}
