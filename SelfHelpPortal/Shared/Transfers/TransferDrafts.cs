using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Keys;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>
/// What has been typed into the pages of a transfer, kept by the server from the first POST on. The pages carry its secret link in their
/// address, so that it can be gone on with after a reload, on another device and after a restart.
/// </summary>
internal sealed class TransferDrafts(IDbContextFactory<PortalDbContext> contexts, AttemptLimiter limiter, DraftRoom room)
{
    /// <summary>The token of the pages' address.</summary>
    /// <param name="by">Who begins it: a stranger's address, a person, or a license whose key was shown.</param>
    public async Task<Begun> BeginAsync(TransferDraft draft, AttemptSubject by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ThrowIfTooLong(draft);
        if (await limiter.RecordFailureAsync([by], now, cancellationToken) is { Allowed: false } refused)
        {
            return Begun.TooMany(refused.RetryAt);
        }

        if (by.Scope == AttemptScope.DraftsPerAddress && !await room.TryTakeAsync(now, cancellationToken))
        {
            return Begun.TooMany(now.AddHours(1));
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var request = new TransferRequest { CreatedAt = now, Draft = draft };
        db.Add(request);
        var token = SecretLinks.Issue(db, LinkPurpose.TransferDraft, request.Id, now);
        await db.SaveChangesAsync(cancellationToken);
        return new Begun(token);
    }

    /// <summary>The request as it is now, to be shown; null when the link is none of ours, or too old.</summary>
    public async Task<TransferRequest?> FindAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await IdOfAsync(db, token, now, cancellationToken) is { } id ? await db.LoadTransferAsync(id, cancellationToken) : null;
    }

    /// <summary>
    /// Changes its part of the draft, whatever another tab has changed meanwhile. Nothing is changed once it has been ordered.
    /// </summary>
    public async Task ChangeAsync(
        string token, Func<TransferDraft, TransferDraft> change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await IdOfAsync(db, token, now, cancellationToken) is not { } id)
        {
            return;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockTransferAsync(id, cancellationToken) is { State: TransferState.Draft } request)
        {
            request.Draft = change(request.Draft);
            ThrowIfTooLong(request.Draft);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    private static void ThrowIfTooLong(TransferDraft draft)
    {
        if (DraftLimits.Validate(draft) is { } complaint)
        {
            throw new InvalidOperationException(
                $"A draft is not stored, for it is too long: {complaint}. The page has to refuse that in its own words.");
        }
    }

    public static async Task<Guid?> IdOfAsync(PortalDbContext db, string token, DateTimeOffset now, CancellationToken cancellationToken) =>
        await SecretLinks.FindAsync(db, LinkPurpose.TransferDraft, token, now, cancellationToken) is { State: not LinkState.Expired } link
            ? link.RecordId
            : null;
}
