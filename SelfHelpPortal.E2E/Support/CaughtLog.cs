using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SelfHelpPortal.E2E.Support;

/// <summary>Every line the portal logs, as an operator's collector would get it: without scopes, as the portal's own console.</summary>
internal sealed class CaughtLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly ConcurrentQueue<string> _warnings = [];

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Those of the lines that an operator should look at.</summary>
    public IReadOnlyCollection<string> Warnings => _warnings;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

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

    private sealed class Logger(CaughtLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = $"{category} {formatter(state, exception)} {exception}";
            log._lines.Enqueue(line);
            if (logLevel >= LogLevel.Warning)
            {
                log._warnings.Enqueue($"{TimeProvider.System.GetUtcNow():HH:mm:ss} {line}");
            }
        }
    }
}
