using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Common;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Configuration;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Features.Customer.RequestTransfer;

/// <summary>Asks the owner of the license, by the address on file, whether the order is his.</summary>
internal sealed class TransferLinks(ProductCatalog products, Outbox outbox, PublicAddress address)
{
    /// <summary>Adds the mail to the caller's transaction; an earlier link ends with it.</summary>
    public async Task AskOwnerAsync(PortalDbContext db, TransferRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var product = await products.GetAsync(db, request.ProductId, cancellationToken);
        var customer = await db.Customers.SingleAsync(c => c.Id == request.CustomerId, cancellationToken);
        var lifetime = LinkPurpose.TransferConfirm.Lifetime;
        await SecretLinks.ExpireAsync(db, LinkPurpose.TransferConfirm, request.Id, now, cancellationToken);
        var token = SecretLinks.Issue(db, LinkPurpose.TransferConfirm, request.Id, now, lifetime);
        await outbox.EnqueueAsync(
            db,
            new TransferConfirmMail(customer.AsRecipient() with { Culture = request.Language })
            {
                CustomerId = customer.Id,
                LinkId = Guid.CreateVersion7(now),
                RequestReference = request.Reference!,
                Product = product.Name,
                Remedy = request.Remedy!.Value,
                OrderedBy = request.Contact!.Name,
                Count = request.Items.Count,
                Gross = new Money(request.Price!.GrossCents),
                OrderedAt = request.OrderedAt!.Value,
                Link = new OneTimeLink(address.For($"/transfer/confirm/{token}"), now + lifetime),
            },
            now,
            cancellationToken);
    }
}
