using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SelfHelpPortal.Tests.Support;

/// <summary>A second portal beside a <see cref="PortalFactory"/>: the same database, secrets and clock, but services of its own, as on another machine.</summary>
internal sealed class SecondNode : IAsyncDisposable
{
    private SecondNode(WebApplication app) => App = app;

    public WebApplication App { get; }

    public IServiceProvider Services => App.Services;

    public static async Task<SecondNode> StartAsync(PortalFactory first)
    {
        var app = Program.Build(
            new() { ApplicationName = "SelfHelpPortal", ContentRootPath = Repository.At("SelfHelpPortal"), EnvironmentName = first.EnvironmentName },
            builder =>
            {
                builder.Configuration.Sources.Clear();
                builder.Configuration.AddConfiguration(first.App.Configuration);
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton<TimeProvider>(first.Clock);
            });
        Program.Map(app);
        await app.StartAsync();
        return new SecondNode(app);
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
    }
}
