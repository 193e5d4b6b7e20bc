using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using SelfHelpPortal.Data;
using SelfHelpPortal.Hosting;
using SelfHelpPortal.Platform.Signing;

namespace SelfHelpPortal.Bench;

/// <summary>A portal as it runs in production, with a private database and folders of its own, all of it gone afterwards.</summary>
internal sealed class BenchPortal : IAsyncDisposable
{
    public const string PublicUrl = "https://licenses.example.org";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-bench-");
    private readonly LocalPostgres _cluster;
    private readonly List<Process> _processes = [];

    private BenchPortal(LocalPostgres cluster) => _cluster = cluster;

    public string Folder => _folder.FullName;

    public string Connection => _cluster.PortalConnection("portal");

    public string OwnerConnection => _cluster.OwnerConnection("portal");

    public static async Task<BenchPortal> CreateAsync()
    {
        var cluster = LocalPostgres.Start(Path.Combine(Path.GetTempPath(), $"selfhelp-bench-pg-{Environment.ProcessId}"), temporary: true);
        cluster.EnsureDatabase("portal");
        await PortalDatabase.MigrateAsync(cluster.OwnerConnection("portal"), cluster.PortalConnection("portal"), CancellationToken.None);
        return new BenchPortal(cluster);
    }

    /// <summary>The portal's services in this process, to fill the database with the portal's own code, or to serve its pages.</summary>
    /// <param name="address">Where a browser finds it, when it is to be served.</param>
    public WebApplication Services(Uri? address = null)
    {
        var app = SelfHelpPortal.Hosting.Program.Build(
            new WebApplicationOptions { ApplicationName = "SelfHelpPortal", EnvironmentName = "Development" },
            builder =>
            {
                builder.Configuration.Sources.Clear();
                builder.Configuration.AddInMemoryCollection(
                    Settings.Select(s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value)));
                if (address is not null)
                {
                    builder.Configuration["PublicUrl"] = address.GetLeftPart(UriPartial.Authority);
                    builder.Configuration["Urls"] = address.GetLeftPart(UriPartial.Authority);
                }

                builder.Logging.ClearProviders();
            });

        // Development makes the keys that production wants to find.
        _ = app.Services.GetRequiredService<SigningKeys>();
        return app;
    }

    /// <summary>Brings the statistics of the planner up to date, as autovacuum would have done long ago.</summary>
    public async Task AnalyzeAsync()
    {
        await using var source = PortalDataSource.Create(_cluster.OwnerConnection("portal"));
        await using var command = source.CreateCommand("VACUUM ANALYZE");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The published portal, from the folder that the scripts name.</summary>
    /// <param name="forBrowser">A browser on this machine opens it under its own address.</param>
    public Task<Server> ServePortalAsync(bool forBrowser = false)
    {
        var published = Environment.GetEnvironmentVariable("BENCH_PORTAL")
            ?? throw new InvalidOperationException("BENCH_PORTAL is missing.");
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}");
        return ServeAsync(
            Path.Combine(published, "SelfHelpPortal.dll"), url, ["--urls", url],
            forBrowser ? new(Settings) { ["PublicUrl"] = url } : Settings, "/healthz/ready");
    }

    public Task<Server> ServeBareAsync()
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}");
        return ServeAsync(
            Path.Combine(AppContext.BaseDirectory, "SelfHelpPortal.Bench.dll"), url, ["bare", url],
            new() { [BareEndpoint.ConnectionVariable] = Connection }, "/");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            await process.WaitForExitAsync();
            process.Dispose();
        }

        _cluster.Dispose();
        _folder.Delete(recursive: true);
    }

    private Dictionary<string, string> Settings => new()
    {
        ["PublicUrl"] = PublicUrl,
        ["ConnectionStrings__Portal"] = Connection,
        ["ConnectionStrings__Migration"] = _cluster.OwnerConnection("portal"),
        ["Database__MigrateOnStart"] = "false",
        ["Secrets__Directory"] = Path.Combine(Folder, "secrets"),
        ["Mail__Transport"] = "Pickup",
        ["Mail__PickupDirectory"] = Path.Combine(Folder, "mail"),
        ["Mail__From"] = "portal@example.org",
        ["Mail__StaffAlerts"] = "staff@example.org",

        // The load comes from one address; the clients it stands for are told apart by what the proxy says.
        ["Proxy__KnownNetworks__0"] = "127.0.0.0/8",
    };

    private async Task<Server> ServeAsync(
        string program, string url, string[] arguments, Dictionary<string, string> environment, string probe)
    {
        var log = Path.Combine(Folder, Path.GetFileNameWithoutExtension(program) + ".log");
        string[] command = ["-c", "exec dotnet \"$@\" >\"$0\" 2>&1", log, program, .. arguments];
        var start = new ProcessStartInfo("/bin/sh", command) { WorkingDirectory = Path.GetDirectoryName(program) };
        // Only in Development the portal is reached without TLS, which a browser needs a certificate for.
        start.Environment["ASPNETCORE_ENVIRONMENT"] =
            environment.GetValueOrDefault("PublicUrl", PublicUrl).StartsWith("http:", StringComparison.Ordinal)
                ? "Development"
                : "Production";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        _processes.Add(process);
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        client.DefaultRequestHeaders.Host = new Uri(environment.GetValueOrDefault("PublicUrl", PublicUrl)).Authority;
        for (var waiting = Stopwatch.StartNew(); waiting.Elapsed < TimeSpan.FromSeconds(60) && !process.HasExited; await Task.Delay(100))
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(probe, UriKind.Relative));
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    return new Server(new Uri(url), process);
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }

        throw new InvalidOperationException($"{program} did not start:\n{await File.ReadAllTextAsync(log)}");
    }

    /// <summary>An address of this machine at which nothing listens yet.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

internal sealed record Server(Uri Url, Process Process)
{
    /// <summary>What the server itself has computed so far; unlike its speed, hardly changed by what else the machine does.</summary>
    public TimeSpan Cpu
    {
        get
        {
            Process.Refresh();
            return Process.TotalProcessorTime;
        }
    }
}
