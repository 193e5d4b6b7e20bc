using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Commands;

/// <summary>
/// The one order in which a signed-in person's form changes something: command, account, decision, save, answer, commit, all in one
/// transaction. What is stopped or refused leaves nothing behind and is not remembered, so the same form may be sent again.
/// </summary>
internal sealed class CommandRunner(IDbContextFactory<PortalDbContext> contexts, CommandLog commands)
{
    /// <typeparam name="TDone">What is remembered of an act that was done.</typeparam>
    /// <param name="content">What is asked for, so that a repetition with another content is noticed.</param>
    /// <param name="check">Locks the account; why it may not act, or null when it may.</param>
    /// <param name="decide">Locks the business rows, decides, and adds event and mail. It neither saves nor commits.</param>
    /// <param name="doneOf">What to remember of a decision; null when it is a refusal.</param>
    /// <param name="sentBefore">The answer to a form that was carried out before; null stands for one with another content.</param>
    /// <returns>What <paramref name="check"/>, <paramref name="decide"/> or <paramref name="sentBefore"/> answered.</returns>
    public async Task<TResult> RunAsync<TResult, TDone>(
        CommandKey key, object content, Func<PortalDbContext, Task<TResult?>> check, Func<PortalDbContext, Task<TResult>> decide,
        Func<TResult, TDone?> doneOf, Func<TDone?, TResult> sentBefore, DateTimeOffset now, CancellationToken cancellationToken)
        where TResult : struct
        where TDone : class
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var start = await commands.BeginAsync<TDone>(db, key, content, CommandLog.FormHonored, now, cancellationToken);
        if (start.State != CommandState.New)
        {
            return sentBefore(start.Answer);
        }

        if (await check(db) is { } stopped)
        {
            return stopped;
        }

        var result = await decide(db);
        if (doneOf(result) is { } done)
        {
            await db.SaveChangesAsync(cancellationToken);
            await commands.FinishAsync(db, key, done, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return result;
    }
}
