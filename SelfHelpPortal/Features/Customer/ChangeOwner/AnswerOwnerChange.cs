using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Ownership;

namespace SelfHelpPortal.Features.Customer.ChangeOwner;

/// <summary>Answers what staff have asked.</summary>
internal sealed class AnswerOwnerChange(IDbContextFactory<PortalDbContext> contexts, OwnerChangeMailer mailer)
{
    public const int LongestAnswer = 2000;

    /// <summary>Null when the link is none of ours, or too old.</summary>
    public async Task<OwnerChange?> ShowAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindAsync(db, token, now, cancellationToken) is { } id
            ? await db.OwnerChanges.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancellationToken)
            : null;
    }

    /// <returns>False when nothing is asked any more.</returns>
    public async Task<bool> ExecuteAsync(
        string token, string answer, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await FindAsync(db, token, now, cancellationToken) is not { } id
            || await db.LockOwnerChangeAsync(id, cancellationToken) is not { } change || !change.Reply(answer, now).Succeeded)
        {
            return false;
        }

        await OwnerChangeEvents.AppendAsync(
            db, change, OwnerChangeState.NeedsAnswer, nameof(AnswerOwnerChange), caller.As(ActorKind.Customer), answer, now,
            cancellationToken);
        await mailer.TellStaffAsync(db, change, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task<Guid?> FindAsync(
        PortalDbContext db, string token, DateTimeOffset now, CancellationToken cancellationToken) =>
        await SecretLinks.FindAsync(db, LinkPurpose.OwnerAnswer, token, now, cancellationToken) is { State: LinkState.Valid } link
            ? link.RecordId
            : null;
}
