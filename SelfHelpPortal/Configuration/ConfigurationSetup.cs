using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace SelfHelpPortal.Configuration;

/// <summary>The keys that no other area owns, their defaults in Development and what is required elsewhere.</summary>
internal static class ConfigurationSetup
{
    private const int LongestStopDelay = 60;

    public static void AddConfiguration(this WebApplicationBuilder builder)
    {
        var mistakes = new ConfigurationMistakes();
        builder.Services.AddSingleton(mistakes);
        foreach (var mistake in SecretFiles.Apply(builder.Configuration, builder.Environment))
        {
            mistakes.Add(mistake);
        }

        builder.UseDefaultAddress();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<PublicAddress>();
        // The host asks before all settings are checked.
        var delay = SettingsShape.Read(builder.Configuration, "Web", typeof(WebOptions)).Fitting.Get<WebOptions>()?.StopDelaySeconds ?? 0;
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(10 + Math.Clamp(delay, 0, LongestStopDelay)));

        builder.AddSettings<PortalOptions>("").Check((o, e) => o.PublicUrl switch
        {
            null or "" => e.IsDevelopment() ? null : "PublicUrl is missing: the https address under which customers reach the portal.",
            var told when !Uri.TryCreate(told, UriKind.Absolute, out var url) || url.AbsolutePath != "/" || url.Query.Length > 0
            || url.Fragment.Length > 0
                || url.Scheme is not ("http" or "https") =>
                    $"PublicUrl is '{told}'; it is an address without a path, such as https://licenses.example.org.",
            var told when !e.IsDevelopment() && !told.StartsWith("https://", StringComparison.OrdinalIgnoreCase) =>
                $"PublicUrl is '{told}'; outside Development it begins with https.",
            _ => null,
        });
        builder.AddSettings<WebOptions>("Web").Check((o, _) => o.StopDelaySeconds is >= 0 and <= LongestStopDelay
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"Web:StopDelaySeconds is 0 to {LongestStopDelay}."));
        builder.AddSettings<ConnectionOptions>("ConnectionStrings")
            .Check((o, e) => string.IsNullOrEmpty(o.Portal) && !e.IsDevelopment()
                ? "ConnectionStrings:Portal is missing: the connection string of the PostgreSQL database."
                : null)
            .Check((o, _) => string.IsNullOrEmpty(o.Portal) ? [] : ConnectionText.Complaints("ConnectionStrings:Portal", o.Portal))
            .Check((o, _) => string.IsNullOrEmpty(o.Migration) ? [] : ConnectionText.Complaints("ConnectionStrings:Migration",
                o.Migration));
        builder.AddSettings<DatabaseOptions>("Database")
            .PostConfigure<IHostEnvironment>((o, e) => o.MigrateOnStart ??= e.IsDevelopment());
        // Whether the folder is there and complete is looked at where it is opened (AddSecrets).
        builder.AddSettings<SecretsOptions>("Secrets")
            .PostConfigure<IHostEnvironment>((o, e) => o.Directory = SecretsFolder(o.Directory, e))
            .Check((o, _) => o.Directory.Length == 0
                ? "Secrets:Directory is missing: a folder, closed to others, for pepper, signing keys and certificate."
                : null);
        builder.AddSettings<HistoryOptions>("History").PostConfigure<IHostEnvironment>((o, e) =>
            o.HeadsDirectory = o.HeadsDirectory.Length > 0 ? e.Resolve(o.HeadsDirectory) : e.IsDevelopment() ? e.Resolve(".data/heads")
                : "");
        builder.Services.AddSingleton(new StartCheck(s =>
            s.GetRequiredService<IOptions<HistoryOptions>>().Value.HeadsDirectory is { Length: > 0 } folder
                && WritableFolder.Complaint("History:HeadsDirectory", folder) is { } complaint ? [complaint] : []));
        builder.AddSettings<ProxyOptions>("Proxy").Check((o, _) => o.KnownNetworks.Where(n => !IPNetwork.TryParse(n, out var _))
            .Select(n => $"Proxy:KnownNetworks has '{n}'; a network is written like 10.0.0.0/8, a single proxy like 127.0.0.1/32."));
    }

    /// <summary>The absolute path of what <c>Secrets:Directory</c> says; empty if it says nothing where it has to.</summary>
    public static string SecretsFolder(string? told, IHostEnvironment environment)
    {
        var folder = string.IsNullOrEmpty(told) && environment.IsDevelopment() ? ".data/secrets" : told;
        return string.IsNullOrEmpty(folder) ? "" : environment.Resolve(folder);
    }
}
