using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Common;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Guessing;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Features.Customer.RequestTransfer;

internal enum ConfirmOutcome
{
    /// <summary>The owner may confirm; nothing has happened yet.</summary>
    Confirm,

    /// <summary>Confirmed, now or before; the request's state says how it goes on.</summary>
    Submitted,

    /// <summary>The link is too old; a new one can be had.</summary>
    Expired,

    /// <summary>A new link has been sent.</summary>
    MailSent,

    /// <summary>The license is moved by another request already.</summary>
    AlreadyUnderWay,

    /// <summary>Withdrawn, declined or given up.</summary>
    Over,
    TooManyTries,
}

/// <param name="Other">Reference of the request that moves the license already.</param>
internal sealed record ConfirmView(ConfirmOutcome Outcome, TransferRequest Request, Product Product, string? Other = null, DateTimeOffset? RetryAt = null);

/// <summary>The owner's side of an order: opening the link in the mail shows it, the button confirms it.</summary>
internal sealed class ConfirmTransfer(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, SubmitTransfer submit, TransferLinks links, GuessBudget budget)
{
    /// <summary>Null when the link is none of ours.</summary>
    public async Task<ConfirmView?> ShowAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await SecretLinks.FindAsync(db, LinkPurpose.TransferConfirm, token, now, cancellationToken) is { } link
            && await db.LoadTransferAsync(link.RecordId, cancellationToken) is { } request
            ? await ViewAsync(db, request, link, cancellationToken)
            : null;
    }

    public async Task<ConfirmView?> ExecuteAsync(string token, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SecretLinks.FindAsync(db, LinkPurpose.TransferConfirm, token, now, cancellationToken) is not { } link)
        {
            return null;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var (request, licenses) = await db.LockTransferWithLicensesAsync(link.RecordId, cancellationToken)
            ?? throw new InvalidOperationException("The request of a link exists, and keeps its licenses until it is confirmed.");
        var before = await ViewAsync(db, request, link, cancellationToken);
        if (before.Outcome != ConfirmOutcome.Confirm)
        {
            return before;
        }

        if (await OtherAsync(db, request, cancellationToken) is { } other)
        {
            return before with { Outcome = ConfirmOutcome.AlreadyUnderWay, Other = other };
        }

        if (!await SecretLinks.UseAsync(db, link, now, cancellationToken))
        {
            throw new InvalidOperationException("A valid link confirms the request that waits for it.");
        }

        var submitted = await SubmitAsync(db, new LockedTransfer(request, licenses), caller.As(ActorKind.Customer), now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return before with { Outcome = ConfirmOutcome.Submitted, Request = submitted };
    }

    /// <summary>For an owner who is signed in, in the caller's transaction, who saves and commits. True also when it was confirmed before; false when it cannot be.</summary>
    public async Task<bool> ConfirmAsync(PortalDbContext db, Guid id, Actor actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        await db.LockTransferWithLicensesAsync(id, cancellationToken) is { } locked && await ConfirmAsync(db, locked, actor, now, cancellationToken);

    /// <inheritdoc cref="ConfirmAsync(PortalDbContext, Guid, Actor, DateTimeOffset, CancellationToken)"/>
    public async Task<bool> ConfirmAsync(PortalDbContext db, LockedTransfer locked, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (locked.Request.State != TransferState.AwaitingConfirmation)
        {
            return locked.Request.ConfirmedAt is not null;
        }

        if (await OtherAsync(db, locked.Request, cancellationToken) is not null)
        {
            return false;
        }

        await SubmitAsync(db, locked, actor, now, cancellationToken);
        return true;
    }

    /// <summary>Another order that moves one of the same computers.</summary>
    private static async Task<string?> OtherAsync(PortalDbContext db, TransferRequest request, CancellationToken cancellationToken)
    {
        var activations = request.Items.Select(i => i.ActivationId).ToList();
        return await db.Transfers.Where(r => r.Id != request.Id && r.Items.Any(i => i.IsOpen && i.ActivationId != null && activations.Contains(i.ActivationId)))
            .Select(r => r.Reference).FirstOrDefaultAsync(cancellationToken);
    }

    private async Task<TransferRequest> SubmitAsync(PortalDbContext db, LockedTransfer locked, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (locked.Request.Confirm(now) is { Succeeded: false })
        {
            throw new InvalidOperationException("Only a request that waits for it is confirmed.");
        }

        await TransferEvents.AppendAsync(db, locked.Request, TransferState.AwaitingConfirmation, actor, text: null, now, cancellationToken);
        var submitted = await submit.ExecuteAsync(db, locked, Actor.System, now, cancellationToken);
        if (submitted.State == TransferState.InReview)
        {
            await submit.ThankAsync(db, submitted, now, cancellationToken);
        }

        return submitted;
    }

    /// <summary>A new link to the address on file, for one that is too old.</summary>
    public async Task<ConfirmView?> SendAgainAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SecretLinks.FindAsync(db, LinkPurpose.TransferConfirm, token, now, cancellationToken) is not { } link)
        {
            return null;
        }

        if (await budget.MissAsync([GuessSubjects.PerAsker(BudgetedMail.TransferConfirm, link.RecordId.ToString("n"), "link")], now, cancellationToken) is { Allowed: false } refused)
        {
            return await ShowAsync(token, now, cancellationToken) is { } shown ? shown with { Outcome = ConfirmOutcome.TooManyTries, RetryAt = refused.RetryAt } : null;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var request = await db.LockTransferAsync(link.RecordId, cancellationToken) ?? throw new InvalidOperationException("The request of a link exists.");
        var before = await ViewAsync(db, request, link, cancellationToken);
        if (before.Outcome != ConfirmOutcome.Expired)
        {
            return before;
        }

        await links.AskOwnerAsync(db, request, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return before with { Outcome = ConfirmOutcome.MailSent };
    }

    private async Task<ConfirmView> ViewAsync(PortalDbContext db, TransferRequest request, FoundLink link, CancellationToken cancellationToken)
    {
        var outcome = request.State switch
        {
            TransferState.AwaitingConfirmation => link.State == LinkState.Valid ? ConfirmOutcome.Confirm : ConfirmOutcome.Expired,
            TransferState.Withdrawn or TransferState.Declined or TransferState.Expired or TransferState.Draft => ConfirmOutcome.Over,
            TransferState.Submitted or TransferState.InReview or TransferState.NeedsAnswer or TransferState.Accepted or TransferState.Completed => ConfirmOutcome.Submitted,
        };
        return new ConfirmView(outcome, request, await products.GetAsync(db, request.ProductId, cancellationToken));
    }
}
