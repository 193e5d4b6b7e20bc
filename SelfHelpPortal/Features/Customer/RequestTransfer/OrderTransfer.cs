using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Data.Configurations;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Customer.RequestTransfer;

/// <summary>Makes an order of a draft: the button at the end. Pressed twice, there is one order.</summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class OrderTransfer(
    IDbContextFactory<PortalDbContext> contexts,
    ProductCatalog products,
    PlaceOrder place,
    SubmitTransfer submit,
    TransferMailer mailer,
    TransferLinks links,
    ConfirmTransfer confirm,
    CustomerGate gate,
    AttemptLimiter limiter)
{
    /// <param name="earlyStart">A consumer asks for it before the withdrawal period ends.</param>
    /// <param name="person">Who is signed in, if anybody: an owner's order for a license of theirs needs no confirmation by mail.</param>
    public async Task<OrderResult?> ExecuteAsync(
        string token, string language, bool earlyStart, Caller caller, CustomerActor? person, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        try
        {
            return await OrderAsync(token, language, earlyStart, caller, person, now, cancellationToken);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { ConstraintName: TransferItemConfiguration.WaitingIndex })
        {
            // Of two orders at once for one license the other was first; now this one sees it.
            return await OrderAsync(token, language, earlyStart, caller, person, now, cancellationToken);
        }
    }

    private async Task<OrderResult?> OrderAsync(
        string token, string language, bool earlyStart, Caller caller, CustomerActor? person, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await TransferDrafts.IdOfAsync(db, token, now, cancellationToken) is not { } id)
        {
            return null;
        }

        var (asks, receipt) = await CountMailsAsync(db, id, caller, person, now, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var own = person is null ? null : await LockOwnAsync(db, id, person, now, cancellationToken);
        var request = await db.LockTransferAsync(id, cancellationToken)
            ?? throw new InvalidOperationException("A draft exists as long as its link.");
        if (request.State != TransferState.Draft)
        {
            return new OrderResult(OrderOutcome.Ordered);
        }

        var actor = own is null ? caller.As(ActorKind.Customer) : person!.AsActor();
        var placed = await place.ExecuteAsync(
            db, request, new Orderer(actor, IsOwner: own is not null), language, earlyStart, now, cancellationToken);
        if (placed.Product is not { } product)
        {
            return placed.Result;
        }

        if (request.State == TransferState.AwaitingConfirmation && own is not null
            && request.Items.All(i => i.LicenseId is { } license && own.ContainsKey(license)))
        {
            // Stored first: what settles it looks at the rows.
            await db.SaveChangesAsync(cancellationToken);
            if (!await confirm.ConfirmAsync(db, new LockedTransfer(request, own), actor, ordererGetsLicense: true, now, cancellationToken))
            {
                await links.AskOwnerAsync(db, request, now, cancellationToken);
            }
        }
        else if (request.State == TransferState.AwaitingConfirmation && asks.Allowed)
        {
            await links.AskOwnerAsync(db, request, now, cancellationToken);
        }
        else if (request.State == TransferState.AwaitingConfirmation)
        {
            links.AskOwnerLater(db, request, now, asks.RetryAt);
        }
        else
        {
            await submit.ExecuteAsync(
                db, new LockedTransfer(request, new Dictionary<Guid, License>()), Actor.System, placed.Also, now, cancellationToken);
        }

        if (receipt.Allowed)
        {
            // What settles it may have read it anew.
            request = await db.LoadTransferAsync(id, cancellationToken) ?? request;
            await mailer.ReceivedAsync(db, request, product, placed.AsksEarlyStart, now, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new OrderResult(OrderOutcome.Ordered);
    }

    /// <summary>
    /// Counts the two mails that the order brings about, each by the mailbox that gets it: the question to the owner, and what whoever
    /// ordered reads at once. They refuse no order: where strangers have used up what the owner's mailbox gets, the owner is asked later.
    /// Whoever is signed in or has shown to hold the license has a limit that no stranger touches.
    /// </summary>
    private async Task<(LimitedResult<object> Asks, LimitedResult<object> Receipt)> CountMailsAsync(
        PortalDbContext db, Guid id, Caller caller, CustomerActor? person, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var draft = await db.Transfers.AsNoTracking().Where(r => r.Id == id && r.State == TransferState.Draft).Select(r => r.Draft)
            .SingleOrDefaultAsync(cancellationToken);
        if (draft is not { ProductId: { } productId, Contact.Email: { } typed })
        {
            var nothing = new LimitedResult<object>(true, null, now);
            return (nothing, nothing);
        }

        var known = await Identify.LicensesAsync(db, await products.GetAsync(db, productId, cancellationToken), draft, cancellationToken);
        var owner = await db.Customers.Where(c => c.Id == known.CustomerId).Select(c => c.Email).SingleOrDefaultAsync(cancellationToken);

        // A stated license that does not exist is counted like one that does, so that nothing tells them apart.
        var mailbox = owner ?? (known.IsStated ? string.Join('|', known.Items.Select(i => i.Stated)) : null);
        var asks = mailbox is null ? new LimitedResult<object>(true, null, now)
            : person is null && owner is not null && known.IsProven
            ? await limiter.RecordFailureAsync(
                [AttemptSubjects.PerAsker(LimitedMail.TransferConfirm, owner, string.Join('|', known.Items.Select(i => i.License?.Id)))],
                now, cancellationToken)
            : await CountAsync(LimitedMail.TransferConfirm, mailbox);
        return (asks, await CountAsync(LimitedMail.TransferReceived, typed));

        Task<LimitedResult<object>> CountAsync(LimitedMail kind, string mailbox) => limiter.RecordFailureAsync(
            person is not null
                ? AttemptSubjects.ForMailOf(kind, mailbox, person.Id)
                : AttemptSubjects.ForMail(kind, mailbox, caller.Address),
            now,
            cancellationToken);
    }

    /// <summary>
    /// The licenses that the draft moves, locked before the request, when the person is an owner of their customer; else null.
    /// </summary>
    private async Task<IReadOnlyDictionary<Guid, License>?> LockOwnAsync(
        PortalDbContext db, Guid id, CustomerActor person, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.Transfers.AsNoTracking().Where(r => r.Id == id && r.State == TransferState.Draft).Select(r => r.Draft)
            .SingleOrDefaultAsync(cancellationToken) is not { ProductId: { } productId } draft)
        {
            return null;
        }

        var known = await Identify.LicensesAsync(db, await products.GetAsync(db, productId, cancellationToken), draft, cancellationToken);
        if (known.CustomerId is not { } customer
            || await gate.CheckAsync(db, person, customer, CustomerUseCaseAttribute.RoleOf<OrderTransfer>(), now, cancellationToken)
                is not null)
        {
            return null;
        }

        var licenses = new Dictionary<Guid, License>();
        foreach (var license in known.Items.Select(i => i.License?.Id).OfType<Guid>().Distinct().Order())
        {
            licenses[license] = await db.LockLicenseAsync(license, cancellationToken)
                ?? throw new MissingRowException("License", license, "an ordered item");
        }

        return licenses;
    }
}
