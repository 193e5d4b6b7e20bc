using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace SelfHelpPortal.Configuration;

/// <summary>The keys that no other area owns, their defaults in Development and what is required elsewhere.</summary>
internal static class ConfigurationSetup
{
    public static void AddConfiguration(this WebApplicationBuilder builder)
    {
        SecretFiles.Apply(builder.Configuration, builder.Environment);
        builder.UseDefaultAddress();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<PublicAddress>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(10));

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
        builder.AddSettings<ConnectionOptions>("ConnectionStrings").Check((o, e) =>
            string.IsNullOrEmpty(o.Portal) && !e.IsDevelopment()
                ? "ConnectionStrings:Portal is missing: the connection string of the PostgreSQL database."
                : null);
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
        builder.AddSettings<ProxyOptions>("Proxy").Check((o, _) =>
            o.KnownNetworks.FirstOrDefault(n => !IPNetwork.TryParse(n, out var _)) is { } wrong
                ? $"Proxy:KnownNetworks has '{wrong}'; a network is written like 10.0.0.0/8."
                : null);
    }

    /// <summary>The absolute path of what <c>Secrets:Directory</c> says; empty if it says nothing where it has to.</summary>
    public static string SecretsFolder(string? told, IHostEnvironment environment)
    {
        var folder = string.IsNullOrEmpty(told) && environment.IsDevelopment() ? ".data/secrets" : told;
        return string.IsNullOrEmpty(folder) ? "" : environment.Resolve(folder);
    }
}
