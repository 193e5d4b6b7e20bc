using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>Why a request cannot be settled, in order of precedence.</summary>
internal enum SettlementError
{
    /// <summary>It was settled, declined or withdrawn meanwhile.</summary>
    State,

    /// <summary>At least one license or computer is unknown.</summary>
    NotIdentified,

    /// <summary>
    /// A license is locked, suspended, ended or frozen, its computer is active no longer, or the new one may not have it.
    /// </summary>
    LicenseStanding,

    /// <summary>The vendor's settings are not enough for an invoice.</summary>
    NoInvoicing,

    /// <summary>The rules do not decide the tax case.</summary>
    TaxUndecided,

    /// <summary>Under today's tax case the total is not the one that was shown; only where nobody looks at it.</summary>
    TotalChanged,

    /// <summary>The invoice breaks a rule, or a text of it cannot be drawn.</summary>
    InvoiceInvalid,
}

/// <param name="Refused">Null when it was settled.</param>
/// <param name="Broken">What is wrong with the invoice.</param>
internal sealed record SettlementResult(SettlementError? Refused, IReadOnlyList<BrokenRule> Broken)
{
    public static readonly SettlementResult Done = new(null, []);

    public bool Succeeded => Refused is null;

    public static implicit operator SettlementResult(SettlementError refused) => new(refused, []);
}

/// <summary>
/// Settles a request: the licenses move, the invoice is issued, and one mail carries both. All of it in the caller's transaction, which
/// holds the locks of <see cref="TransferLocking.LockTransferWithLicensesAsync"/>; on a refusal the caller rolls back. By the policy
/// <see cref="LicenseIssue.OnPayment"/> the licenses move later, by <see cref="IssueLicensesAsync"/>.
/// </summary>
internal sealed class TransferSettlement(
    ProductCatalog products, MoveLicenses moves, TransferInvoicing invoicing, IssueInvoice issue, TransferMailer mails)
{
    /// <summary>
    /// Settles an order that nobody looks at, if it can be: what was shown is what is charged. Otherwise the transaction is where it was
    /// before, and what the caller has loaded has to be loaded again.
    /// </summary>
    public async Task<SettlementResult> TryAtOnceAsync(
        PortalDbContext db, LockedTransfer transfer, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        const string Before = "before_settling";
        await db.SaveChangesAsync(cancellationToken);
        var transaction = db.Database.CurrentTransaction
            ?? throw new InvalidOperationException("SettleAsync was called outside a transaction; lock the request in one first.");
        await transaction.CreateSavepointAsync(Before, cancellationToken);
        var tax = await invoicing.DecideTaxAsync(db, transfer.Request, transfer.Licenses.Values, now, cancellationToken);
        var isAsShown = tax is not { IsDecided: true }
            || TransferInvoicing.Totals(transfer.Request, tax.Treatment).Gross.Cents == transfer.Request.Price!.GrossCents;
        var settled = isAsShown
            ? await SettleAsync(db, transfer, actor, waiveFee: false, reason: null, now, cancellationToken)
            : SettlementError.TotalChanged;
        if (!settled.Succeeded)
        {
            await transaction.RollbackToSavepointAsync(Before, cancellationToken);
            db.ChangeTracker.Clear();
        }

        return settled;
    }

    /// <param name="waiveFee">The licenses move at once, without invoice and without renewal.</param>
    /// <param name="reason">What staff typed.</param>
    public async Task<SettlementResult> SettleAsync(
        PortalDbContext db, LockedTransfer transfer, Actor actor, bool waiveFee, string? reason, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var request = transfer.Request;
        if (request.State is not (TransferState.Submitted or TransferState.InReview or TransferState.NeedsAnswer))
        {
            return SettlementError.State;
        }

        var product = await products.GetAsync(db, request.ProductId, cancellationToken);
        if (MoveLicenses.FindObstacle(transfer, product, now) is { } stands)
        {
            return stands;
        }

        var customer = await db.Customers.SingleAsync(c => c.Id == request.CustomerId, cancellationToken);
        TransferBill? bill = null;
        if (!waiveFee)
        {
            var tax = await invoicing.DecideTaxAsync(db, request, transfer.Licenses.Values, now, cancellationToken);
            if (tax is not { IsDecided: true })
            {
                return tax is null ? SettlementError.NoInvoicing : SettlementError.TaxUndecided;
            }

            bill = await invoicing.DraftAsync(db, transfer, tax.Treatment, customer, now, cancellationToken);
        }

        var before = request.State;
        if (!request.Accept(now, waiveFee).Succeeded)
        {
            return SettlementError.State;
        }

        await TransferEvents.AppendAsync(db, request, before, actor, reason, now, cancellationToken);
        IReadOnlyList<MovedLicense>? moved = null;
        if (waiveFee || product.Policies.Transfer.IssueLicense == LicenseIssue.OnSettlement)
        {
            moved = await moves.ExecuteAsync(
                db, transfer, product, customer.Company, bill?.Periods ?? [], actor, reason: null, now, cancellationToken);
        }

        // Everything else is written before the counter of invoices is locked, for which everybody waits who issues one.
        await db.SaveChangesAsync(cancellationToken);
        IssuedInvoice? issued = null;
        if (bill is not null)
        {
            var outcome = await issue.ExecuteAsync(db, bill.Order, actor, now, cancellationToken);
            if (!outcome.Succeeded)
            {
                return new SettlementResult(SettlementError.InvoiceInvalid, outcome.Refused.BrokenRules ?? []);
            }

            issued = outcome.Value;
        }

        if (moved is not null)
        {
            await mails.CompletedAsync(db, request, product, customer, moved, issued, now, cancellationToken);
        }
        else
        {
            await mails.InvoicedAsync(db, transfer, product, issued!, now, cancellationToken);
        }

        return SettlementResult.Done;
    }

    /// <summary>
    /// For the transaction that records a payment: the license that waited for it. Where it cannot move now the payment counts all the
    /// same, and staff find the request among those that wait. The invoice is locked before the licenses here, and nobody locks an invoice
    /// that exists while holding those.
    /// </summary>
    public async Task IssuePaidAsync(
        PortalDbContext db, Guid requestId, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.LockTransferWithLicensesAsync(requestId, cancellationToken) is { } transfer)
        {
            await IssueLicensesAsync(db, transfer, actor, reason: null, now, cancellationToken);
        }
    }

    /// <summary>Moves the licenses of a request whose invoice went out first: it is paid, or staff do not wait for the money.</summary>
    public async Task<SettlementResult> IssueLicensesAsync(
        PortalDbContext db, LockedTransfer transfer, Actor actor, string? reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var request = transfer.Request;
        if (request.State != TransferState.Accepted)
        {
            return SettlementError.State;
        }

        var product = await products.GetAsync(db, request.ProductId, cancellationToken);
        if (MoveLicenses.FindObstacle(transfer, product, now) is { } stands)
        {
            return stands;
        }

        var customer = await db.Customers.SingleAsync(c => c.Id == request.CustomerId, cancellationToken);
        var periods = await TransferInvoicing.PeriodsAsync(db, request, cancellationToken);
        var moved = await moves.ExecuteAsync(db, transfer, product, customer.Company, periods, actor, reason, now, cancellationToken);
        await mails.CompletedAsync(db, request, product, customer, moved, issued: null, now, cancellationToken);
        return SettlementResult.Done;
    }
}
