using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>The customer answers a question of staff; the request goes back to them.</summary>
internal sealed class AnswerTransfer(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, TransferMailer mailer)
{
    public const int Longest = 2000;

    /// <summary>False when nothing is asked any more.</summary>
    public async Task<bool> ExecuteAsync(string token, string text, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await ShowTransferStatus.IdOfAsync(db, token, now, cancellationToken) is not { } id)
        {
            return false;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await AnswerAsync(db, id, text, caller.As(ActorKind.Customer), now, cancellationToken))
        {
            return false;
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The same in the caller's transaction, who saves and commits.</summary>
    public async Task<bool> AnswerAsync(
        PortalDbContext db, Guid id, string text, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var request = await db.LockTransferAsync(id, cancellationToken)
            ?? throw new MissingRowException("Transfer request", id, "a job or page that has its id");
        if (request.Answer(text.Trim(), now) is { Succeeded: false })
        {
            return false;
        }

        await TransferEvents.AppendAsync(db, request, TransferState.NeedsAnswer, actor, text.Trim(), now, cancellationToken);
        var product = await products.GetAsync(db, request.ProductId, cancellationToken);
        await mailer.NotifyStaffAsync(db, request, product, isAnswer: true, broken: [], now, cancellationToken);
        return true;
    }
}
