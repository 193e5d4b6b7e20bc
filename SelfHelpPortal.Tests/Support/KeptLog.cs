using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SelfHelpPortal.Tests.Support;

/// <summary>Everything that a portal logs, with its exceptions.</summary>
internal sealed class KeptLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<string> _faults = new();

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>The lines that tell of a fault: errors, and whatever comes with an exception at Warning or above.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = $"{formatter(state, exception)} {exception}";
        _lines.Enqueue(line);
        if (logLevel >= LogLevel.Error || (logLevel == LogLevel.Warning && exception is not null))
        {
            _faults.Enqueue(line);
        }
    }

    public void Clear()
    {
        _lines.Clear();
        _faults.Clear();
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose()
    {
    }
}
