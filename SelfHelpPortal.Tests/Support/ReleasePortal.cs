using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SelfHelpPortal.Tests.Support;

/// <summary>A portal for the customers' pages: each browser has its own address, and everything that is logged is kept.</summary>
public sealed class ReleasePortal : IAsyncLifetime
{
    private readonly KeptLog _log = new();

    public ReleasePortal()
    {
        Portal = new PortalFactory { Change = builder => builder.Services.AddSingleton<ILoggerProvider>(_log) };
        Portal.Configuration[Browser.Trusted.Key] = Browser.Trusted.Value;
        Portal.Configuration["Logging:LogLevel:Default"] = "Debug";
    }

    internal PortalFactory Portal { get; }

    /// <summary>Every line that was written since the start.</summary>
    internal IReadOnlyCollection<string> Log => _log.Lines;

    internal Browser Open(string language = "de") =>
        new(Portal, language, () => string.Join('\n', Log.Where(line => line.Contains("Exception", StringComparison.Ordinal)).TakeLast(3)));

    public Task InitializeAsync() => Portal.InitializeAsync();

    public async Task DisposeAsync() => await Portal.DisposeAsync();
}
