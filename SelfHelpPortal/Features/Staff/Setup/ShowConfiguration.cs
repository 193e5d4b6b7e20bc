using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Npgsql;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Setup;

/// <summary>Where a value of the configuration comes from.</summary>
public enum ConfigurationSource
{
    File,
    Environment,
    CommandLine,
    Program,
}

/// <param name="Value">Null for what nobody is shown.</param>
/// <param name="File">The name of the file, where it is one.</param>
public sealed record ConfigurationLine(string Key, string? Value, ConfigurationSource Source, string? File);

internal sealed record ConfigurationView(IReadOnlyList<ConfigurationLine> Lines);

/// <summary>What the configuration of this machine says, and from where, without its secrets.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed partial class ShowConfiguration(StaffReads reads, IConfiguration configuration)
{
    /// <summary>The portal's own: an environment has much else in it, and some of that is secret.</summary>
    private static readonly string[] Sections =
    [
        "PublicUrl", "Urls", "ConnectionStrings", "Database", "Secrets", "History", "Proxy", "Web", "Watching", "Vendor", "Brand", "Tax",
            "Invoicing", "Mail",
        "Webhooks", "Guessing", "Drafts", "Accounts", "Retention", "Logging",
    ];

    public Task<StaffAnswer<ConfigurationView>> ExecuteAsync(StaffActor actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync<ConfigurationView>(
            typeof(ShowConfiguration), actor, audited: null,
            _ => Task.FromResult<ConfigurationView?>(new([.. Read((IConfigurationRoot)configuration)])), now, cancellationToken);

    /// <summary>By key. Of values that several sources give, the one that counts.</summary>
    public static IEnumerable<ConfigurationLine> Read(IConfigurationRoot root) =>
        from section in Sections
        from entry in root.GetSection(section).AsEnumerable()
        where !string.IsNullOrEmpty(entry.Value)
        orderby Array.IndexOf(Sections, section), entry.Key
        let provider = root.Providers.Last(p => p.TryGet(entry.Key, out _))
        select new ConfigurationLine(
            entry.Key, Shown(entry.Key, entry.Value), SourceOf(provider), (provider as JsonConfigurationProvider)?.Source.Path);

    private static string? Shown(string key, string value) =>
        SecretName().IsMatch(key) || (Uri.TryCreate(value, UriKind.Absolute, out var address) && address.UserInfo.Length > 0) ? null
        : Connection().IsMatch(key) ? Shown(value)
        : value;

    /// <summary>Of a connection only what tells the databases apart.</summary>
    private static string? Shown(string connection)
    {
        try
        {
            var parts = new NpgsqlConnectionStringBuilder(connection);
            return $"{parts.Username}@{parts.Host}:{parts.Port}/{parts.Database}";
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static ConfigurationSource SourceOf(IConfigurationProvider provider) => provider switch
    {
        JsonConfigurationProvider => ConfigurationSource.File,
        EnvironmentVariablesConfigurationProvider => ConfigurationSource.Environment,
        CommandLineConfigurationProvider => ConfigurationSource.CommandLine,
        _ => ConfigurationSource.Program,
    };

    /// <summary>Lists too: the arguments of a command that fetches a token may hold one.</summary>
    [GeneratedRegex("(Password|Secret|Token|TokenCommand|ApiKey|PrivateKey|Headers)(:[0-9]+)?$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    /// <summary>Not the name of a file that holds one.</summary>
    [GeneratedRegex("^ConnectionStrings:.*(?<!File)$", RegexOptions.IgnoreCase)]
    private static partial Regex Connection();
}
