using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Appointments;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Appointments;

/// <summary>The vendor cannot keep the appointment, or the customer has cancelled it by telephone. Whoever booked gets a mail.</summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class CancelForCustomer(AppointmentActs acts, ProductCatalog products, AppointmentMailer mailer)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid appointment, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(CancelForCustomer), act, appointment, "", async (db, locked) =>
        {
            if (!locked.Cancel(now).Succeeded)
            {
                return false;
            }

            var product = await products.GetAsync(db, locked.ProductId, cancellationToken);
            await mailer.CancelledAsync(db, locked, product, byStaff: true, now, cancellationToken);
            return true;
        }, now, cancellationToken);
}
