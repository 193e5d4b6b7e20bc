using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SelfHelpPortal.E2E.Support;

/// <summary>Every line the portal logs, as an operator's collector would get it: without scopes, as the portal's own console.</summary>
internal sealed class CaughtLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = [];

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(_lines, categoryName);

    public void Dispose()
    {
    }

    /// <summary>None of the secrets may stand in the log, nor in what the database keeps in clear.</summary>
    public void ShouldHoldNone(IEnumerable<string> secrets)
    {
        _lines.Count.ShouldBeGreaterThan(10, "the log was not caught at all");
        foreach (var secret in secrets.Where(s => s.Length > 0))
        {
            _lines.ShouldNotContain(line => line.Contains(secret, StringComparison.OrdinalIgnoreCase),
                $"a secret of {secret.Length} characters is in the log: "
                    + $"{_lines.FirstOrDefault(l => l.Contains(secret, StringComparison.OrdinalIgnoreCase))}");
        }
    }

    private sealed class Logger(ConcurrentQueue<string> lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{category} {formatter(state, exception)} {exception}");
    }
}
