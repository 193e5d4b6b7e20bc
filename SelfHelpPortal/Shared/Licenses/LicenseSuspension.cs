using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Shared.Licenses;

/// <summary>Stops a license and lets it go on, for staff and for the vendor's programs alike, in the caller's transaction.</summary>
internal sealed class LicenseSuspension(ProductCatalog products, Outbox outbox)
{
    /// <summary>Suspends the locked license; the owner is told.</summary>
    /// <param name="mailId">Names the mail, so that the same act does not send it twice.</param>
    /// <returns>False: it cannot be suspended in its present state.</returns>
    public async Task<bool> SuspendAsync(
        PortalDbContext db, License license, Actor actor, string reason, Guid mailId, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var before = license.State;
        if (!license.Suspend().Succeeded)
        {
            return false;
        }

        await TellAsync(db, license, EventKind.Suspended, before, actor, reason, now, cancellationToken);
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var customer = await db.Customers.SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        await outbox.EnqueueAsync(
            db,
            new SuspendedMail(customer.AsRecipient())
            {
                ProductId = license.ProductId,
                CustomerId = customer.Id,
                EventId = mailId,
                Product = product.Name,
                LicenseNumber = license.Number,
                SuspendedAt = now,
            },
            now,
            cancellationToken);
        return true;
    }

    /// <summary>Ends the suspension of the locked license. One whose lock is still open is locked again, not active.</summary>
    /// <returns>False: it is not suspended.</returns>
    public static async Task<bool> ResumeAsync(
        PortalDbContext db, License license, Actor actor, string? reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = license.State;
        if (!license.Resume().Succeeded)
        {
            return false;
        }

        await TellAsync(db, license, EventKind.Resumed, before, actor, reason, now, cancellationToken);
        return true;
    }

    private static Task TellAsync(
        PortalDbContext db, License license, EventKind kind, LicenseState before, Actor actor, string? reason, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var data = new EventData { Before = before.ToString(), After = license.State.ToString() };
        return EventLog.AppendAsync(db, license.Id, kind, data, actor, reason, now, cancellationToken);
    }
}
