using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// The statements that one portal has sent to its database, as the database driver's own log tells them; without those of the daily jobs,
/// which run whenever they come to it.
/// </summary>
internal sealed class StatementLog : ILoggerProvider, ILogger, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _all = [];
    private IExternalScopeProvider? _scopes;

    public IReadOnlyList<string> All => [.. _all];

    public void Attach(WebApplicationBuilder builder)
    {
        builder.Logging.AddProvider(this);
        builder.Logging.AddFilter<StatementLog>("Npgsql.Command", LogLevel.Information);
    }

    public void Clear() => _all.Clear();

    public IReadOnlyList<string> With(string text) => [.. _all.Where(statement => statement.Contains(text, StringComparison.Ordinal))];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name is "CommandExecutionCompleted" or "BatchExecutionCompleted" && !IsOfADailyJob())
        {
            // "Command execution completed (duration=1ms): SELECT …"
            var line = formatter(state, exception);
            _all.Enqueue(line[(line.IndexOf("): ", StringComparison.Ordinal) + 3)..]);
        }
    }

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    private bool IsOfADailyJob()
    {
        var scopes = new List<string?>();
        _scopes?.ForEachScope((scope, found) => found.Add(scope?.ToString()), scopes);
        return scopes.Any(scope => scope?.StartsWith("Daily job", StringComparison.Ordinal) == true);
    }

    public void Dispose()
    {
    }
}
