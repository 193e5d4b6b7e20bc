using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Uploads;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Ownership;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.ChangeOwner;

internal enum OwnerSendOutcome
{
    /// <summary>Noted, whether the license is known or not.</summary>
    Sent,

    /// <summary>The product wants a document, and there is none yet.</summary>
    DocumentMissing,

    /// <summary>So many documents wait by now that no more are taken.</summary>
    NoRoom,
    TooManyTries,

    /// <summary>The link is over, or it was sent before; its page says how it stands.</summary>
    Over,
}

internal readonly record struct OwnerSendResult(OwnerSendOutcome Outcome, DateTimeOffset? RetryAt = null);

/// <summary>
/// Takes the document and the order. The licensee is asked at the address on file; a number that belongs to no license gets the same
/// answer, and is seen by staff only.
/// </summary>
internal sealed class SendOwnerChange(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, OwnerChangeMailer mailer, AttemptLimiter limiter)
{
    /// <summary>Documents of strangers that nobody has agreed to: a limit of all, so that many sources do not fill the disk.</summary>
    public const int MostWaiting = 400;

    /// <summary>Keeps the document in place of an earlier one, so that it need not be chosen again when something else is wrong.</summary>
    public async Task<OwnerSendResult> AttachAsync(
        string token, UploadedDocument document, Caller caller, Guid? person, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Each takes as much room, and more work, than what is typed.
        var by = person is { } signedIn
            ? AttemptSubjects.DraftOf(LinkPurpose.OwnerChange, signedIn)
            : AttemptSubjects.DraftFrom(LinkPurpose.OwnerChange, caller.Address);
        if (await limiter.RecordFailureAsync([by], now, cancellationToken) is { Allowed: false } refused)
        {
            return new OwnerSendResult(OwnerSendOutcome.TooManyTries, refused.RetryAt);
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await ShowOwnerChange.IdOfAsync(db, token, now, cancellationToken) is not { } id)
        {
            return new OwnerSendResult(OwnerSendOutcome.Over);
        }

        if (person is null && await db.Set<OwnerDocument>().CountAsync(
            d => db.OwnerChanges.Any(c => c.Id == d.ChangeId && c.OwnerAgreedAt == null && c.EndedAt == null), cancellationToken)
            >= MostWaiting)
        {
            return new OwnerSendResult(OwnerSendOutcome.NoRoom);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockOwnerChangeAsync(id, cancellationToken) is not { State: OwnerChangeState.Draft })
        {
            return new OwnerSendResult(OwnerSendOutcome.Over);
        }

        await db.Set<OwnerDocument>().Where(d => d.ChangeId == id).ExecuteDeleteAsync(cancellationToken);
        db.Add(OwnerDocument.Keep(id, document, now));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new OwnerSendResult(OwnerSendOutcome.Sent);
    }

    public async Task<OwnerSendResult> ExecuteAsync(
        string token, Caller caller, Guid? person, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await ShowOwnerChange.IdOfAsync(db, token, now, cancellationToken) is not { } id
            || await db.OwnerChanges.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancellationToken)
            is not { State: OwnerChangeState.Draft } draft)
        {
            return new OwnerSendResult(OwnerSendOutcome.Over);
        }

        var product = await products.GetAsync(db, draft.ProductId, cancellationToken);
        if (product.Policies.Ownership.NeedsDocument(draft.Kind)
            && await OwnerDocumentFacts.ReadAsync(db, id, cancellationToken) is null)
        {
            return new OwnerSendResult(OwnerSendOutcome.DocumentMissing);
        }

        var license = await FindAsync(db, draft, cancellationToken);
        var owner = license is null ? null
            : await db.Customers.AsNoTracking().SingleAsync(c => c.Id == license.CustomerId, cancellationToken);

        // What is counted is the same for a number that is nobody's, so that the answer does not tell.
        var mailbox = owner is { Email.Length: > 0 } ? owner.Email : $"{draft.StatedLicense}";
        AttemptSubject[] subjects = person is { } signedIn
            ? [.. AttemptSubjects.ForMailOf(LimitedMail.OwnerChange, mailbox, signedIn)]
            : [.. AttemptSubjects.ForMail(LimitedMail.OwnerChange, mailbox, caller.Address)];
        if (await limiter.RecordFailureAsync(subjects, now, cancellationToken) is { Allowed: false } refused)
        {
            return new OwnerSendResult(OwnerSendOutcome.TooManyTries, refused.RetryAt);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockOwnerChangeAsync(id, cancellationToken) is not { } change
            || !change.Send(owner is { Email.Length: > 0 } ? license : null, now).Succeeded)
        {
            return new OwnerSendResult(OwnerSendOutcome.Over);
        }

        await OwnerChangeEvents.AppendAsync(
            db, change, OwnerChangeState.Draft, nameof(SendOwnerChange), caller.As(ActorKind.Customer), text: null, now,
            cancellationToken);
        if (change.CustomerId is not null)
        {
            await mailer.AskToAgreeAsync(db, change, now, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new OwnerSendResult(OwnerSendOutcome.Sent);
    }

    private static async Task<License?> FindAsync(PortalDbContext db, OwnerChange draft, CancellationToken cancellationToken)
    {
        if (draft.LicenseId is { } shown)
        {
            return await db.Licenses.AsNoTracking().SingleOrDefaultAsync(l => l.Id == shown, cancellationToken);
        }

        // A serial need not be unique; then it names no license.
        var found = await db.Licenses.AsNoTracking().Where(l => l.Number == draft.StatedLicense || l.Serial == draft.StatedLicense)
            .Take(2).ToListAsync(cancellationToken);
        return found is [var only] ? only : null;
    }
}
