using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Licenses;

/// <summary>Stops a license until staff resume it; the owner is told.</summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class SuspendLicense(LicenseActs acts, ProductCatalog products, Outbox outbox)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid license, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(SuspendLicense), act, license, "", (db, locked) => DecideAsync(db, locked, act, now, cancellationToken), now,
            cancellationToken);

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, License license, StaffAct act, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = license.State;
        if (!license.Suspend().Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        var data = new EventData { Before = before.ToString(), After = license.State.ToString() };
        await EventLog.AppendAsync(
            db, license.Id, EventKind.Suspended, data, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var customer = await db.Customers.SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        await outbox.EnqueueAsync(
            db,
            new SuspendedMail(customer.AsRecipient())
            {
                ProductId = license.ProductId,
                CustomerId = customer.Id,
                EventId = act.CommandId,
                Product = product.Name,
                LicenseNumber = license.Number,
                SuspendedAt = now,
            },
            now,
            cancellationToken);
        return StaffResult.Done;
    }
}
