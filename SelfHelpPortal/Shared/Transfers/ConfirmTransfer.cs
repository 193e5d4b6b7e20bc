using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Transfers;

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

    /// <summary>No computer uses the license, so there is nothing to confirm and nothing to pay; the order ends by itself.</summary>
    NothingToMove,

    /// <summary>Withdrawn, declined or given up.</summary>
    Over,

    /// <summary>Too many mails.</summary>
    TooManyTries,

    /// <summary>The key of the license does not end so; nothing has happened.</summary>
    WrongLastFive,

    /// <summary>The same, too often.</summary>
    TooManyFailures,
}

/// <param name="Other">Reference of the request that moves the license already.</param>
internal sealed record ConfirmView(
    ConfirmOutcome Outcome, TransferRequest Request, Product Product, string? Other = null, DateTimeOffset? RetryAt = null)
{
    /// <summary>As long as it can be confirmed.</summary>
    public OrderFacts? Facts { get; init; }

    /// <summary>What is left to do on the new PC.</summary>
    public required ShownChecklist Checklist { get; init; }

    /// <summary>Something goes to another address than the one on file, and the reader is not signed in as an owner.</summary>
    public bool AsksLastFive { get; init; }
}

/// <summary>The owner's side of an order: opening the link in the mail shows it, the button confirms it.</summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class ConfirmTransfer(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, SubmitTransfer submit, TransferLinks links, CustomerGate gate,
    AttemptLimiter limiter)
{
    /// <summary>Null when the link is none of ours.</summary>
    /// <param name="person">Who is signed in, if anybody.</param>
    public async Task<ConfirmView?> ShowAsync(string token, CustomerActor? person, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await SecretLinks.FindAsync(db, LinkPurpose.TransferConfirm, token, now, cancellationToken) is { } link
            && await db.LoadTransferAsync(link.RecordId, cancellationToken) is { } request
            ? await ViewAsync(db, request, link, person, cancellationToken)
            : null;
    }

    /// <summary>
    /// The owner confirms. Where something goes to an address that is not on file, having the link is not enough: a mail gateway has it
    /// too, and whoever reads the mailbox along. The last five symbols of the key show that it is the owner, or his sign-in does.
    /// </summary>
    public async Task<ConfirmView?> ExecuteAsync(
        string token, OwnerAgreement agreed, Caller caller, CustomerActor? person, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SecretLinks.FindAsync(db, LinkPurpose.TransferConfirm, token, now, cancellationToken) is not { } link)
        {
            return null;
        }

        var attempt = await AttemptAsync(token, agreed, person, now, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var (request, licenses) = await db.LockTransferWithLicensesAsync(link.RecordId, cancellationToken)
            ?? throw new MissingRowException("Transfer request", link.RecordId, "a link");
        var isOwner = await IsOwnerAsync(db, request, person, now, cancellationToken);
        var before = await ViewAsync(db, request, link, isOwner ? person : null, cancellationToken);
        if (before.Outcome != ConfirmOutcome.Confirm)
        {
            return before;
        }

        // As of now: the address on file, or who is signed in, may have changed since the guess was looked at.
        if (before.Facts!.IsElsewhere && !isOwner && attempt?.Value is null)
        {
            return before with
            {
                AsksLastFive = true,
                Outcome = attempt is { Allowed: false } ? ConfirmOutcome.TooManyFailures : ConfirmOutcome.WrongLastFive,
                RetryAt = attempt?.RetryAt,
            };
        }

        if (await OtherAsync(db, request, cancellationToken) is { } other)
        {
            return before with { Outcome = ConfirmOutcome.AlreadyUnderWay, Other = other };
        }

        if (!await SecretLinks.UseAsync(db, link, now, cancellationToken))
        {
            throw new InvalidOperationException(
                "The request did not take the confirmation although its link is valid; look at its history.");
        }

        var actor = isOwner ? person!.AsActor() : caller.As(ActorKind.Customer);
        var submitted =
            await SubmitAsync(db, new LockedTransfer(request, licenses), actor, agreed.OrdererGetsLicense, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return before with { Outcome = ConfirmOutcome.Submitted, Request = submitted };
    }

    /// <summary>
    /// For an owner who is signed in, in the caller's transaction, who saves and commits. True also when it was confirmed before; false
    /// when it cannot be.
    /// </summary>
    public async Task<bool> ConfirmAsync(
        PortalDbContext db, Guid id, Actor actor, bool ordererGetsLicense, DateTimeOffset now, CancellationToken cancellationToken) =>
        await db.LockTransferWithLicensesAsync(id, cancellationToken) is { } locked
            && await ConfirmAsync(db, locked, actor, ordererGetsLicense, now, cancellationToken);

    /// <inheritdoc cref="ConfirmAsync(PortalDbContext, Guid, Actor, bool, DateTimeOffset, CancellationToken)"/>
    public async Task<bool> ConfirmAsync(
        PortalDbContext db, LockedTransfer locked, Actor actor, bool ordererGetsLicense, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (locked.Request.State != TransferState.AwaitingConfirmation)
        {
            return locked.Request.ConfirmedAt is not null;
        }

        if (await OtherAsync(db, locked.Request, cancellationToken) is not null
            || await FreeLicenses.AreAllAsync(db, locked.Request.Items.Select(i => i.LicenseId), cancellationToken))
        {
            return false;
        }

        await SubmitAsync(db, locked, actor, ordererGetsLicense, now, cancellationToken);
        return true;
    }

    /// <summary>Another order that moves one of the same computers.</summary>
    private static async Task<string?> OtherAsync(PortalDbContext db, TransferRequest request, CancellationToken cancellationToken)
    {
        var activations = request.Items.Select(i => i.ActivationId).ToList();
        return await db.Transfers.Where(
            r => r.Id != request.Id && r.Items.Any(i => i.IsOpen && i.ActivationId != null && activations.Contains(i.ActivationId)))
            .Select(r => r.Reference).FirstOrDefaultAsync(cancellationToken);
    }

    private async Task<TransferRequest> SubmitAsync(
        PortalDbContext db, LockedTransfer locked, Actor actor, bool ordererGetsLicense, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (locked.Request.Confirm(now, ordererGetsLicense) is { Succeeded: false })
        {
            throw new InvalidOperationException("The request was not waiting for its confirmation; look at its state before.");
        }

        await TransferEvents.AppendAsync(db, locked.Request, TransferState.AwaitingConfirmation, actor, text: null, now, cancellationToken);
        return await submit.ExecuteAsync(db, locked, Actor.System, also: null, now, cancellationToken);
    }

    /// <summary>A new link to the address on file, for one that is too old.</summary>
    public async Task<ConfirmView?> SendAgainAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SecretLinks.FindAsync(db, LinkPurpose.TransferConfirm, token, now, cancellationToken) is not { } link)
        {
            return null;
        }

        if (await limiter.RecordFailureAsync([AttemptSubjects.PerAsker(LimitedMail.TransferConfirm, link.RecordId.ToString("n"), "link")],
            now, cancellationToken) is { Allowed: false } refused)
        {
            return await ShowAsync(token, person: null, now, cancellationToken) is { } shown
                ? shown with { Outcome = ConfirmOutcome.TooManyTries, RetryAt = refused.RetryAt }
                : null;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var request = await db.LockTransferAsync(link.RecordId, cancellationToken)
            ?? throw new MissingRowException("Transfer request", link.RecordId, "a link");
        var before = await ViewAsync(db, request, link, person: null, cancellationToken);
        if (before.Outcome != ConfirmOutcome.Expired)
        {
            return before;
        }

        await links.AskOwnerAsync(db, request, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return before with { Outcome = ConfirmOutcome.MailSent };
    }

    /// <summary>What was typed is right, wrong or not looked at any more; null when nothing has to be typed.</summary>
    private async Task<LimitedResult<string>?> AttemptAsync(
        string token, OwnerAgreement agreed, CustomerActor? person, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await ShowAsync(token, person, now, cancellationToken) is not { Outcome: ConfirmOutcome.Confirm, AsksLastFive: true } view
            || string.IsNullOrWhiteSpace(agreed.LastFive))
        {
            return null;
        }

        return await limiter.TryAsync([AttemptSubjects.LastFive(view.Request.Id)],
            () => MatchesAsync(view.Request, agreed.LastFive, cancellationToken), now, cancellationToken);
    }

    private async Task<string?> MatchesAsync(TransferRequest request, string typed, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var license = request.Items[0].LicenseId;
        var expected = await db.Licenses.Where(l => l.Id == license).Select(l => l.Key.LastFive).SingleAsync(cancellationToken);
        return string.Equals(CodeAlphabet.Normalize(typed), CodeAlphabet.Normalize(expected), StringComparison.Ordinal) ? expected : null;
    }

    private async Task<bool> IsOwnerAsync(
        PortalDbContext db, TransferRequest request, CustomerActor? person, DateTimeOffset now, CancellationToken cancellationToken) =>
        person is not null && request.CustomerId is { } customer
        && await gate.CheckAsync(db, person, customer, CustomerUseCaseAttribute.RoleOf<ConfirmTransfer>(), now, cancellationToken) is null;

    private async Task<ConfirmView> ViewAsync(
        PortalDbContext db, TransferRequest request, FoundLink link, CustomerActor? person, CancellationToken cancellationToken)
    {
        var outcome = request.State switch
        {
            TransferState.AwaitingConfirmation => link.State == LinkState.Valid ? ConfirmOutcome.Confirm : ConfirmOutcome.Expired,
            TransferState.Withdrawn or TransferState.Declined or TransferState.Expired or TransferState.Draft => ConfirmOutcome.Over,
            TransferState.Submitted or TransferState.InReview or TransferState.NeedsAnswer or TransferState.Accepted
            or TransferState.Completed => ConfirmOutcome.Submitted,
        };
        var product = await products.GetAsync(db, request.ProductId, cancellationToken);
        var view = new ConfirmView(outcome, request, product)
        {
            Checklist = await TransferChecklist.ReadAsync(db, request, product, cancellationToken),
        };
        if (outcome != ConfirmOutcome.Confirm)
        {
            return view;
        }

        var facts = await OrderFacts.ReadAsync(db, request, cancellationToken);
        var isOwner = person is not null
            && await Customers.For(db, person, CustomerUseCaseAttribute.RoleOf<ConfirmTransfer>())
            .AnyAsync(c => c.Id == request.CustomerId, cancellationToken);
        return facts.IsNothingToMove
            ? view with { Outcome = ConfirmOutcome.NothingToMove, Facts = facts }
            : view with { Facts = facts, AsksLastFive = facts.IsElsewhere && !isOwner };
    }
}
