using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SelfHelpPortal.Hosting;

namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// A second portal beside a <see cref="PortalFactory"/>: the same database, secrets and clock, but services of its own, as on another
/// machine.
/// </summary>
internal sealed class SecondNode : IAsyncDisposable
{
    private SecondNode(WebApplication app) => App = app;

    public WebApplication App { get; }

    public IServiceProvider Services => App.Services;

    public static async Task<SecondNode> StartAsync(PortalFactory first)
    {
        var app = Build(first, []);
        Program.Map(app);
        await app.StartAsync();
        return new SecondNode(app);
    }

    /// <summary>The services alone, that reach the database by another way: nothing listens and nothing runs in the background.</summary>
    public static SecondNode Beside(PortalFactory first, PostgresProxy proxy) =>
        new(Build(first, new() { ["ConnectionStrings:Portal"] = proxy.Connection }));

    private static WebApplication Build(PortalFactory first, Dictionary<string, string?> other) =>
        Program.Build(
            new()
            {
                ApplicationName = "SelfHelpPortal",
                ContentRootPath = Repository.At("SelfHelpPortal"),
                EnvironmentName = first.EnvironmentName
            },
            builder =>
            {
                builder.Configuration.Sources.Clear();
                builder.Configuration.AddConfiguration(first.App.Configuration);
                builder.Configuration.AddInMemoryCollection(other);
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton<TimeProvider>(first.Clock);
            });

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
    }
}
