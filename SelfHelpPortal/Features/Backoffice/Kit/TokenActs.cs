using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Commands;

namespace SelfHelpPortal.Features.Backoffice.Kit;

/// <summary>What a decision may use.</summary>
/// <param name="By">For the events.</param>
internal sealed record TokenAct(PortalDbContext Db, Actor By);

/// <summary>
/// What programs of the vendor's change, they change in one order and one transaction: command, token, decision, save, answer, commit. A
/// refusal leaves nothing behind and is not remembered.
/// </summary>
internal sealed class TokenActs(IDbContextFactory<PortalDbContext> contexts, CommandLog commands)
{
    /// <param name="useCase">Named by the remembered command, so that a key counts for one kind of request.</param>
    /// <param name="content">Everything the request said, with the number in its path.</param>
    /// <param name="decide">Locks, decides and adds event and mail. It need not save, and does not commit.</param>
    public async Task<BackofficeAnswer<T>> RunAsync<T>(
        Type useCase, TokenCaller caller, Once once, object content, Func<TokenAct, Task<BackofficeAnswer<T>>> decide, DateTimeOffset now,
        CancellationToken cancellationToken)
        where T : class
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var command = once.Key is { } key ? CommandKey.Api(caller.Id, key, useCase.Name) : null;
        if (command is not null)
        {
            var start = await commands.BeginAsync<T>(db, command, content, CommandLog.ApiHonored, now, cancellationToken);
            if (start.State != CommandState.New)
            {
                return start.State == CommandState.Repeated ? start.Answer! : BackofficeRefusal.Mismatch;
            }
        }

        // Whoever revokes the token waits for this commit, or this request sees that it is revoked.
        var token = await db.ApiTokens.FromSql($"SELECT * FROM api_token WHERE id = {caller.Id} FOR SHARE").AsNoTracking()
            .SingleOrDefaultAsync(cancellationToken);
        if (token?.IsUsable(now) != true)
        {
            return BackofficeRefusal.TokenEnded;
        }

        BackofficeAnswer<T> answer;
        try
        {
            answer = await decide(new TokenAct(db, token.AsActor(caller.Network)));
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException twice) when (TakenBy(twice) is { } refusal)
        {
            return refusal;
        }

        if (answer.Value is null)
        {
            return answer;
        }

        if (command is not null)
        {
            await commands.FinishAsync(db, command, answer.Value, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    /// <summary>Two requests at once may both have found a number free; the unique index tells the second one.</summary>
    private static BackofficeRefusal? TakenBy(DbUpdateException failure) =>
        failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } told
            ? told.ConstraintName switch
            {
                "ix_customer_number" or "ix_license_number" => BackofficeRefusal.NumberTaken,
                "ix_license_key_hash" => BackofficeRefusal.KeyTaken,
                _ => null,
            }
            : null;
}
