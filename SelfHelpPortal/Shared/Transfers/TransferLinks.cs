using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Requests;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>Asks the owner of the license, by the address on file, whether the order is his.</summary>
internal sealed class TransferLinks(ProductCatalog products, Outbox outbox, PublicAddress address, AttemptLimiter limiter)
{
    public static readonly MailRequestKind Kind = new(
        "transfer-confirm",
        LimitedMail.TransferConfirm,
        (services, db, asked, now, cancellationToken) =>
            services.GetRequiredService<TransferLinks>().AskNowAsync(db, asked, now, cancellationToken));

    /// <summary>
    /// Adds the wish to the caller's transaction: strangers have used up what the owner's mailbox gets for now. The owner who is signed in
    /// can confirm the order meanwhile.
    /// </summary>
    public void AskOwnerLater(PortalDbContext db, TransferRequest request, DateTimeOffset now, DateTimeOffset due) =>
        db.Add(MailRequests.Ask(Kind, "", request.Id, request.Language, now, due));

    private async Task AskNowAsync(PortalDbContext db, MailRequest asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var request = await db.LockTransferAsync(asked.RecordId ?? Guid.Empty, cancellationToken);
        if (request is not { State: TransferState.AwaitingConfirmation }
            || await db.Customers.Where(c => c.Id == request.CustomerId).Select(c => c.Email)
            .SingleOrDefaultAsync(cancellationToken) is not { } mailbox)
        {
            return;
        }

        // The one look into the limiter from inside a transaction: there is one writer on each node, so it can wait for nobody who waits
        // for it.
        if (await limiter.RecordFailureAsync([AttemptSubjects.PerMailbox(LimitedMail.TransferConfirm, mailbox)], now, cancellationToken)
            is { Allowed: false } refused)
        {
            AskOwnerLater(db, request, now, refused.RetryAt);
            return;
        }

        await AskOwnerAsync(db, request, now, cancellationToken);
    }

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
                ProductId = request.ProductId,
                CustomerId = customer.Id,
                LinkId = Guid.CreateVersion7(now),
                RequestReference = request.Reference!,
                Product = product.Name,
                Remedy = request.Remedy!.Value,
                Count = request.Items.Count,
                Gross = new Money(request.Price!.GrossCents),
                OrderedAt = request.OrderedAt!.Value,
                Link = new OneTimeLink(address.For($"/transfer/confirm/{token}"), now + lifetime),
            },
            now,
            cancellationToken);
    }
}
