using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Watching;

/// <summary>Counts events of the history once they are committed, wherever they were written.</summary>
internal sealed class EventCounts : ISaveChangesInterceptor, IDbTransactionInterceptor
{
    public static readonly EventCounts Instance = new();

    private readonly ConditionalWeakTable<DbContext, List<(EventKind Kind, string? Method)>> _written = [];

    public InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Note(eventData.Context);
        return result;
    }

    public ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Note(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        Saved(eventData.Context);
        return result;
    }

    public ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        Saved(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public void SaveChangesFailed(DbContextErrorEventData eventData) => Forget(eventData.Context);

    public Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Forget(eventData.Context);
        return Task.CompletedTask;
    }

    // A context of the pool may still hold what a transaction wrote that was only disposed of.
    public DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        Forget(eventData.Context);
        return result;
    }

    public ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        Forget(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Count(eventData.Context);

    public Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Count(eventData.Context);
        return Task.CompletedTask;
    }

    private void Note(DbContext? context)
    {
        if (context is null)
        {
            return;
        }

        if (context.Database.CurrentTransaction is null)
        {
            Forget(context);
        }

        foreach (var entry in context.ChangeTracker.Entries<LicenseEvent>().Where(e => e.State == EntityState.Added))
        {
            _written.GetOrCreateValue(context).Add((entry.Entity.Kind, entry.Entity.Kind == EventKind.Released
                ? EventLog.Read(entry.Entity.Data).Method : null));
        }
    }

    private void Saved(DbContext? context)
    {
        if (context?.Database.CurrentTransaction is null)
        {
            Count(context);
        }
    }

    private void Count(DbContext? context)
    {
        if (context is null || !_written.TryGetValue(context, out var written))
        {
            return;
        }

        foreach (var (kind, method) in written)
        {
            if (EventTypes.Of(kind) is { } type)
            {
                PortalMeter.Happened(type);
            }

            if (method is not null)
            {
                PortalMeter.Released(method);
            }
        }

        _written.Remove(context);
    }

    private void Forget(DbContext? context)
    {
        if (context is not null)
        {
            _written.Remove(context);
        }
    }
}
