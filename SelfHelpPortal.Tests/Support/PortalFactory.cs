using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using SelfHelpPortal.Data;
using SelfHelpPortal.Hosting;

namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// The real portal on a real socket, with a database, a clock and folders of its own. As a class fixture or made in a test.
/// </summary>
public sealed class PortalFactory : IAsyncLifetime, IAsyncDisposable
{
    private static int _started;
    private readonly Lazy<DirectoryInfo> _folder = new(() => Directory.CreateTempSubdirectory("selfhelp-portal-"));
    private TestDatabase? _database;
    private WebApplication? _app;

    internal TestClock Clock { get; } = new();

    /// <summary>Where the mails of the Pickup transport go.</summary>
    internal string MailFolder => Path.Combine(_folder.Value.FullName, "mail");

    internal string HeadsFolder => Path.Combine(_folder.Value.FullName, "heads");

    internal string SecretsFolder => Path.Combine(_folder.Value.FullName, "secrets");

    /// <summary>Configuration of this portal only; set before it starts.</summary>
    internal Dictionary<string, string?> Configuration { get; } = [];

    internal string EnvironmentName { get; init; } = Environments.Development;

    /// <summary>
    /// As an operator runs it, outside Development, ready to start: with its keys and everything else that has no default there.
    /// </summary>
    internal static PortalFactory InProduction()
    {
        var portal = new PortalFactory { EnvironmentName = Environments.Production };
        portal.Configuration["PublicUrl"] = "https://licenses.example.org";
        portal.Configuration["Mail:From"] = "portal@example.org";
        portal.Configuration["Mail:StaffAlerts"] = "staff@example.org";
        PreparedSecrets.CopyTo(portal.SecretsFolder);
        return portal;
    }

    /// <summary>Changes the services before the portal's own are added; what is registered here first wins over a TryAdd there.</summary>
    internal Action<WebApplicationBuilder>? Change { get; init; }

    /// <summary>Endpoints of the test's own, behind the portal's pipeline.</summary>
    internal Action<WebApplication>? Endpoints { get; init; }

    internal WebApplication App => _app!;

    internal IServiceProvider Services => App.Services;

    internal TestDatabase Database => _database!;

    /// <summary>Where another process serves the same database and folders; this one is only built then.</summary>
    internal Uri? ServedBy { get; set; }

    /// <summary>Where it listens: <c>http://127.0.0.1:port/</c>.</summary>
    internal Uri Address => ServedBy
        ?? new(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public async Task InitializeAsync()
    {
        _database ??= await TestDatabase.CreateAsync();
        _app = Build();
        Program.Map(_app);
        Endpoints?.Invoke(_app);
        await _app.StartAsync();
    }

    /// <summary>Ends the portal and starts it again at the same address, as an update does.</summary>
    internal async Task RestartAsync()
    {
        Configuration["urls"] = Address.ToString();
        await App.StopAsync();
        await App.DisposeAsync();
        await InitializeAsync();
    }

    /// <summary>The services alone, instead of <see cref="InitializeAsync"/>: nothing listens and nothing runs in the background.</summary>
    internal async Task BuildAsync()
    {
        _database ??= await TestDatabase.CreateAsync();
        _app = Build();
    }

    /// <summary>
    /// Runs a command as the operator would, beside the running portal or without one. What it prints ends up in the second value.
    /// </summary>
    internal async Task<(int Exit, string Output)> RunAsync(params string[] line)
    {
        _database ??= await TestDatabase.CreateAsync();
        await using var output = new StringWriter(CultureInfo.InvariantCulture);
        var exit = await Commands.RunAsync(line, Build, output, CancellationToken.None);
        return (exit, output.ToString());
    }

    private WebApplication Build()
    {
        // In Development the portal would make them itself.
        if (EnvironmentName == Environments.Development && !Directory.Exists(SecretsFolder))
        {
            PreparedSecrets.CopyTo(SecretsFolder);
        }

        return BuildAsConfigured();
    }

    private WebApplication BuildAsConfigured() => Program.Build(
        new()
        {
            ApplicationName = "SelfHelpPortal",
            ContentRootPath = Repository.At("SelfHelpPortal"),
            EnvironmentName = EnvironmentName,
            // Watching files that are not read makes a start a tenth longer.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        },
        builder =>
        {
            // That every service can be made is worth a sixth of a start once a run, not hundreds of times.
            var isFirst = Interlocked.Exchange(ref _started, 1) == 0;
            builder.Host.UseDefaultServiceProvider(options => (options.ValidateScopes, options.ValidateOnBuild) = (true, isFirst));
            // Only what stands here counts: neither files nor the environment of whoever runs the tests.
            builder.Configuration.Sources.Clear();
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["urls"] = "http://127.0.0.1:0",
                ["ConnectionStrings:Portal"] = Database.PortalConnection,
                ["ConnectionStrings:Migration"] = Database.OwnerConnection,
                ["Database:MigrateOnStart"] = "false",
                ["Secrets:Directory"] = SecretsFolder,
                ["Mail:Transport"] = "Pickup",
                ["Mail:PickupDirectory"] = MailFolder,
                ["History:HeadsDirectory"] = HeadsFolder,
                ["Logging:LogLevel:Default"] = "Warning",
            });
            builder.Configuration.AddInMemoryCollection(Configuration);
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<TimeProvider>(Clock);
            Change?.Invoke(builder);
        });

    /// <summary>A browser without script: cookies of its own, redirects only when asked for.</summary>
    /// <param name="from">The address of this machine that it calls from; 127.0.0.1 if nothing is said.</param>
    internal HttpClient CreateClient(bool followRedirects = false, IPAddress? from = null)
    {
#pragma warning disable CA2000, CA5399 // The client disposes its handlers; nothing here is encrypted.
        var cookies = new CookieContainer();
        // Who asks before sending a large body waits for the answer, however busy the machine is.
        return new HttpClient(new ClockedCookies(cookies, Services.GetRequiredService<TimeProvider>())
        {
            InnerHandler = new SocketsHttpHandler
            {
                AllowAutoRedirect = followRedirects,
                UseCookies = true,
                CookieContainer = cookies,
                Expect100ContinueTimeout = TimeSpan.FromMinutes(1),
                ConnectCallback = from is null ? null : (context, cancel) => ConnectAsync(from, context.DnsEndPoint, cancel),
            },
        })
        { BaseAddress = Address };
#pragma warning restore CA2000, CA5399
    }

    /// <summary>
    /// Cookies end by the portal's clock. The container knows only that of the machine, by which a cookie of the test's Monday has ended
    /// two weeks later.
    /// </summary>
    private sealed class ClockedCookies(CookieContainer cookies, TimeProvider clock) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            var now = clock.GetUtcNow();
            foreach (var text in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            {
                if (SetCookieHeaderValue.TryParse(text, out var cookie) && cookie.Expires > now
                    && cookie.Expires <= TimeProvider.System.GetUtcNow())
                {
                    cookies.Add(request.RequestUri!, new Cookie(cookie.Name.ToString(), cookie.Value.ToString(), cookie.Path.ToString())
                    {
                        Expires = (TimeProvider.System.GetUtcNow() + (cookie.Expires.Value - now)).UtcDateTime,
                    });
                }
            }

            return response;
        }
    }

    private static async ValueTask<Stream> ConnectAsync(IPAddress from, DnsEndPoint to, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(to, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal PortalDbContext Open() => Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContext();

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        if (_folder.IsValueCreated)
        {
            _folder.Value.Delete(recursive: true);
        }
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();
}
