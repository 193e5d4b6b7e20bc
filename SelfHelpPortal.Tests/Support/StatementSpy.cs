using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace SelfHelpPortal.Tests.Support;

internal sealed record SpiedStatement(string Sql, IReadOnlyList<NpgsqlParameter> Parameters);

/// <summary>
/// The statements that Entity Framework sends to one database while a test awaits something, with what was asked for, so that they can be
/// run once more.
/// </summary>
internal sealed class StatementSpy : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private static readonly AsyncLocal<StatementSpy?> Here = new();
    private readonly string _database;
    private readonly List<SpiedStatement> _all = [];
    private readonly List<IDisposable> _subscriptions = [];
    private readonly Lock _lock = new();

    public StatementSpy(string database)
    {
        _database = database;
        // What the portal's own loops ask meanwhile belongs to none.
        Here.Value = this;
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public IReadOnlyList<SpiedStatement> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _all];
            }
        }
    }

    public IReadOnlyList<SpiedStatement> With(string text) => [.. All.Where(s => s.Sql.Contains(text, StringComparison.Ordinal))];

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.EntityFrameworkCore")
        {
            lock (_lock)
            {
                _subscriptions.Add(value.Subscribe(this, name => name == RelationalEventId.CommandExecuting.Name));
            }
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (Here.Value == this && value.Value is CommandEventData { Command: NpgsqlCommand command }
            && command.Connection?.Database == _database)
        {
            lock (_lock)
            {
                _all.Add(new SpiedStatement(command.CommandText, [.. command.Parameters.Cast<NpgsqlParameter>().Select(p => p.Clone())]));
            }
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        Here.Value = null;
        lock (_lock)
        {
            _subscriptions.ForEach(s => s.Dispose());
        }
    }
}
