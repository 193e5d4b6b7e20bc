using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>
/// Ends an order before a license has moved: the customer withdraws it, with its invoice where one is out and unpaid, or time does.
/// </summary>
internal sealed class EndTransfer(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, CancelIssued cancel, Outbox outbox, PublicAddress address)
{
    /// <summary>The customer takes the order back. True also when he has done so before; false when it is too late.</summary>
    public async Task<bool> WithdrawAsync(string token, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await ShowTransferStatus.IdOfAsync(db, token, now, cancellationToken) is not { } id)
        {
            return false;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await WithdrawAsync(db, id, caller.As(ActorKind.Customer), now, cancellationToken))
        {
            return false;
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The same in the caller's transaction, who saves and commits.</summary>
    public async Task<bool> WithdrawAsync(PortalDbContext db, Guid id, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Before the order, as a payment does it. An invoice that is issued after this look makes the order one that cannot be withdrawn.
        var invoice = await LivingInvoice.IdAsync(db, id, cancellationToken) is { } living
            ? await db.LockInvoiceAsync(living, cancellationToken)
            : null;
        var request = await db.LockTransferAsync(id, cancellationToken)
            ?? throw new MissingRowException("Transfer request", id, "a job or page that has its id");
        if (request.State == TransferState.Withdrawn)
        {
            return true;
        }

        var before = request.State;
        if (request.Withdraw(now, invoice) is { Succeeded: false })
        {
            return false;
        }

        await RecordAsync(db, request, before, actor, now, cancellationToken);
        if (before is not TransferState.AwaitingConfirmation)
        {
            await NotifyOwnerAsync(db, request, now, cancellationToken);
        }

        // Its number is the last lock of the transaction, so everything else is written before it.
        await db.SaveChangesAsync(cancellationToken);
        return invoice is null || (await cancel.ExecuteAsync(
            db, invoice, InvoiceWords.Text("Cancelled.ByCustomer", invoice.Content.Language), tellsOwners: false, actor, now,
            cancellationToken)).Succeeded;
    }

    /// <summary>
    /// An order that waits for its owner ends, since another one for the same license takes its place. In the caller's transaction.
    /// </summary>
    public async Task GiveWayAsync(PortalDbContext db, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.LockTransferAsync(id, cancellationToken) is { } request && request.GiveWay(now).Succeeded)
        {
            await RecordAsync(db, request, TransferState.AwaitingConfirmation, Actor.System, now, cancellationToken);
        }
    }

    /// <summary>The daily job: drafts that nobody sent go with all that was typed, and orders that nobody confirmed end.</summary>
    /// <returns>How many of both.</returns>
    public async Task<int> ExpireAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var old = now - TransferRequest.DraftLifetime;
        var drafts = await db.Transfers.Where(r => r.State == TransferState.Draft && r.CreatedAt <= old)
            .ExecuteDeleteAsync(cancellationToken);
        var waiting = await db.Transfers.Where(r => r.State == TransferState.AwaitingConfirmation && r.OrderedAt <= old).Select(r => r.Id)
            .ToListAsync(cancellationToken);
        await OneByOne.RunAsync(waiting, id => ExpireAsync(id, now, cancellationToken));
        return drafts + waiting.Count;
    }

    private async Task ExpireAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockTransferAsync(id, cancellationToken) is { } request && request.Expire(now).Succeeded)
        {
            await RecordAsync(db, request, TransferState.AwaitingConfirmation, Actor.System, now, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    private async Task RecordAsync(
        PortalDbContext db, TransferRequest request, TransferState before, Actor actor, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await TransferEvents.AppendAsync(db, request, before, actor, text: null, now, cancellationToken);
        await outbox.EnqueueAsync(
            db, await MailAsync(db, request, request.AsRecipient(), isForOwner: false, now, cancellationToken), now, cancellationToken);
    }

    /// <summary>The owner has agreed to it or is asked by nobody any more, and may be somebody else than who ordered.</summary>
    private async Task NotifyOwnerAsync(
        PortalDbContext db, TransferRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (request.ConfirmedAt is not null && request.CustomerId is { } id
            && await db.Customers.AsNoTracking().SingleAsync(c => c.Id == id, cancellationToken) is var owner
            && !string.Equals(owner.Email, request.Contact!.Email, StringComparison.OrdinalIgnoreCase))
        {
            await outbox.EnqueueAsync(
                db, await MailAsync(db, request, owner.AsRecipient(), isForOwner: true, now, cancellationToken), now, cancellationToken);
        }
    }

    private async Task<TransferWithdrawnMail> MailAsync(
        PortalDbContext db, TransferRequest request, MailRecipient to, bool isForOwner, DateTimeOffset now,
        CancellationToken cancellationToken) => new(to)
        {
            ProductId = request.ProductId,
            CustomerId = request.CustomerId,
            RequestId = request.Id,
            RequestReference = request.Reference!,
            Product = (await products.GetAsync(db, request.ProductId, cancellationToken)).Name,
            At = now,
            IsExpired = request.State == TransferState.Expired,
            IsForOwner = isForOwner,
            OrderAddress = address.For("/transfer"),
        };
}
