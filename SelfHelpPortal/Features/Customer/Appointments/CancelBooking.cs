using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Appointments;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.Appointments;

/// <summary>The appointment does not take place; its time is free again.</summary>
internal sealed class CancelBooking(ChangeBooking changes, ProductCatalog products, AppointmentMailer mailer)
{
    public Task<ChangeResult> ExecuteAsync(string token, Caller caller, DateTimeOffset now, CancellationToken cancellationToken) =>
        changes.RunAsync(token, async (db, appointment) =>
        {
            if (!appointment.MayBeChanged(now) || !appointment.Cancel(now).Succeeded)
            {
                return ChangeOutcome.Over;
            }

            await AppointmentEvents.AppendAsync(
                db, appointment, AppointmentState.Booked, nameof(CancelBooking), caller.As(ActorKind.Customer), text: null, now,
                cancellationToken);
            var product = await products.GetAsync(db, appointment.ProductId, cancellationToken);
            await mailer.CancelledAsync(db, appointment, product, byStaff: false, now, cancellationToken);
            return ChangeOutcome.Done;
        }, now, cancellationToken);
}
