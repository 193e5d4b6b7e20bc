using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace SelfHelpPortal.Data;

/// <summary>
/// Keeps a broken connection from committing the second half. When the connection of a transaction is lost, Entity Framework forgets the
/// transaction and opens another connection for the next command, which then commits by itself. So every command of a context whose
/// transaction did not end by commit, rollback or dispose is refused, and so is one that would run in another session than the transaction
/// began in. Each <see cref="PortalDbContext"/> has it.
/// </summary>
internal sealed class TransactionGuard : DbCommandInterceptor, IDbTransactionInterceptor, IDbConnectionInterceptor
{
    public static readonly TransactionGuard Instance = new();

    /// <summary>A context of the pool is used again and again, so an entry counts for the lease in which it was made.</summary>
    private readonly ConditionalWeakTable<DbContext, Running> _running = [];

    private TransactionGuard()
    {
    }

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Check(eventData.Context, command);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default)
    {
        Check(eventData.Context, command);
        return ValueTask.FromResult(result);
    }

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Check(eventData.Context, command);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Check(eventData.Context, command);
        return ValueTask.FromResult(result);
    }

    public override InterceptionResult<object> ScalarExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result)
    {
        Check(eventData.Context, command);
        return result;
    }

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        Check(eventData.Context, command);
        return ValueTask.FromResult(result);
    }

    public override DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result)
    {
        NoteIfCommitted(eventData);
        return result;
    }

    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        NoteIfCommitted(eventData);
        return ValueTask.FromResult(result);
    }

    public override int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result)
    {
        NoteIfCommitted(eventData);
        return result;
    }

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        NoteIfCommitted(eventData);
        return ValueTask.FromResult(result);
    }

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => SayIfUnknown(eventData);

    public override Task CommandFailedAsync(
        DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        SayIfUnknown(eventData);
        return Task.CompletedTask;
    }

    public DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        Begin(eventData.Context, result);
        return result;
    }

    public ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        Begin(eventData.Context, result);
        return ValueTask.FromResult(result);
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData)
    {
        CommitWatch.Note();
        End(eventData.Context);
    }

    public Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        CommitWatch.Note();
        End(eventData.Context);
        return Task.CompletedTask;
    }

    public void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => End(eventData.Context);

    public Task TransactionRolledBackAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        End(eventData.Context);
        return Task.CompletedTask;
    }

    public void TransactionFailed(DbTransaction transaction, TransactionErrorEventData eventData) => SayIfUnknown(eventData);

    public Task TransactionFailedAsync(
        DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        SayIfUnknown(eventData);
        return Task.CompletedTask;
    }

    /// <summary>
    /// A transaction that is disposed without a commit gives its connection back in good order; a broken one is not closed, for it is
    /// closed already.
    /// </summary>
    public InterceptionResult ConnectionClosing(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        Close(connection, eventData.Context);
        return result;
    }

    public ValueTask<InterceptionResult> ConnectionClosingAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        Close(connection, eventData.Context);
        return ValueTask.FromResult(result);
    }

    private void Begin(DbContext? context, DbTransaction transaction)
    {
        if (context is not null)
        {
            _running.AddOrUpdate(context, new Running(context.ContextId, transaction, SessionOf(transaction.Connection)));
        }
    }

    private void End(DbContext? context)
    {
        if (context is not null)
        {
            _running.Remove(context);
        }
    }

    private void Close(DbConnection connection, DbContext? context)
    {
        if (context is not null && _running.TryGetValue(context, out var began) && SessionOf(connection) is { } session
            && session == began.Session)
        {
            End(context);
        }
    }

    private void Check(DbContext? context, DbCommand command)
    {
        if (context is null || !_running.TryGetValue(context, out var began) || began.Lease != context.ContextId)
        {
            return;
        }

        var session = SessionOf(command.Connection);
        if (session is null || session != began.Session)
        {
            throw new TransactionLostException(
                $"The transaction of context {context.ContextId} was lost with its connection (session {began.Session}), so no further "
                    + $"command may run in it. Repeat the whole request.");
        }

        if (context.Database.CurrentTransaction?.GetDbTransaction() != began.Transaction)
        {
            // In the same session, which never broke: it was disposed without a commit, and with it ended what was begun.
            End(context);
        }
    }

    /// <summary>The process id of the backend; null while there is none.</summary>
    private static int? SessionOf(DbConnection? connection) =>
        connection is NpgsqlConnection { State: ConnectionState.Open } open ? open.ProcessID : null;

    private static void SayIfUnknown(TransactionErrorEventData failed)
    {
        if (failed.Action == "Commit" && DatabaseFaults.LosesTheAnswer(failed.Exception))
        {
            throw new OutcomeUnknownException(
                $"The connection was lost during the COMMIT of context {failed.Context?.ContextId}; whether it was kept is unknown. Look "
                    + $"at the data, or repeat the command.",
                failed.Exception);
        }
    }

    /// <summary>A single statement without a transaction commits by itself.</summary>
    private static bool CommitsByItself(CommandEventData command) =>
        command.Context?.Database.CurrentTransaction is null
        && command.CommandSource is CommandSource.SaveChanges or CommandSource.ExecuteUpdate or CommandSource.ExecuteDelete
            or CommandSource.ExecuteSqlRaw;

    private static void NoteIfCommitted(CommandExecutedEventData done)
    {
        if (CommitsByItself(done))
        {
            CommitWatch.Note();
        }
    }

    private static void SayIfUnknown(CommandErrorEventData failed)
    {
        if (CommitsByItself(failed)
            && DatabaseFaults.LosesTheAnswer(failed.Exception))
        {
            throw new OutcomeUnknownException(
                $"The connection was lost during a statement of context {failed.Context?.ContextId} that commits by itself; whether it "
                    + $"was kept is unknown. Look at the data, or repeat it.",
                failed.Exception);
        }
    }

    private sealed record Running(DbContextId Lease, DbTransaction Transaction, int? Session);
}
