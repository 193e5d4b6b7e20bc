using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.Json;

namespace SelfHelpPortal.Configuration;

/// <summary>
/// Everything that is wrong in the configuration, in sentences. What a look at keys and values shows is known before the services are made;
/// what the sections' own checks say, afterwards.
/// </summary>
internal sealed class ConfigurationMistakes
{
    /// <summary>Keys at the top that belong to the framework or to the command line.</summary>
    private static readonly string[] Framework =
    [
        "Urls", "Logging", "Kestrel", "AllowedHosts", "http_ports", "https_ports", "$schema", "environment", "contentRoot",
            "applicationName",
        "webroot", "hostBuilder",
    ];

    private readonly List<SettingMistake> _found = [];

    /// <summary>Of keys and values.</summary>
    public IEnumerable<string> OfShape => _found.Select(m => m.Sentence);

    public void Add(SettingMistake mistake) => _found.Add(mistake);

    /// <summary>Looks at all sections once they are registered. Called last, before the services are made.</summary>
    public static void Find(WebApplicationBuilder builder)
    {
        var mistakes = (ConfigurationMistakes)builder.Services.Single(s => s.ServiceType == typeof(ConfigurationMistakes))
            .ImplementationInstance!;
        var sections = builder.Services.Select(s => s.ImplementationInstance).OfType<SettingsSection>().ToList();
        foreach (var section in sections)
        {
            mistakes._found.AddRange(SettingsShape.Read(builder.Configuration, section.Name, section.Type).Mistakes);
        }

        mistakes._found.AddRange(AtTheTop((IConfigurationRoot)builder.Configuration, sections));
        mistakes._found.AddRange(LogLevels(builder.Configuration));
        if (ListenAddress.Complaint(builder.Configuration, builder.Environment) is { } address)
        {
            mistakes.Add(new("Urls", address));
        }
    }

    /// <summary>All sentences: of keys and values, of the sections' checks, and of what has to be tried at the start.</summary>
    public IReadOnlyList<string> All(IServiceProvider services)
    {
        // What was left out because it does not fit would be called missing.
        var said = services.GetServices<SettingsSection>().SelectMany(s => s.Failures(services))
            .Where(f => !_found.Exists(m => f.StartsWith(m.Key + " ", StringComparison.Ordinal))).ToList();
        // A folder of a section that is wrong already says nothing more.
        var tried = _found.Count + said.Count == 0 ? services.GetServices<StartCheck>().SelectMany(c => c.Complaints(services)) : [];
        return [.. OfShape.Concat(said).Concat(tried).Distinct()];
    }

    /// <summary>
    /// Of files and of the command line only: an environment has much else in it, and some of that has names like ours (MAIL).
    /// </summary>
    private static IEnumerable<SettingMistake> AtTheTop(IConfigurationRoot root, IReadOnlyList<SettingsSection> sections)
    {
        string[] known = [.. sections.SelectMany(s => s.Name.Length > 0 ? [s.Name] : SettingsShape.KeysOf(s.Type).Select(p => p.Name))];
        string[] all = [.. known, .. sections.SelectMany(s => SettingsShape.PathsOf(s.Type, s.Name))];
        foreach (var provider in root.Providers.Where(p => p is JsonConfigurationProvider or CommandLineConfigurationProvider))
        {
            foreach (var key in provider.GetChildKeys([], null).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                if (Framework.Contains(key, StringComparer.OrdinalIgnoreCase))
                {
                    continue;
                }

                if (!known.Contains(key, StringComparer.OrdinalIgnoreCase))
                {
                    yield return new(key, SettingsShape.Unknown(key, all));
                }
                else if (sections.FirstOrDefault(s => s.Name.Equals(key, StringComparison.OrdinalIgnoreCase)) is { } section
                    && provider.TryGet(key, out var value) && !string.IsNullOrEmpty(value))
                {
                    var keys = string.Join(", ", SettingsShape.KeysOf(section.Type).Select(p => p.Name));
                    yield return new(key, $"{section.Name} is one value; it is a group of settings: {keys}.");
                }
            }
        }
    }

    /// <summary>The framework would end with a stack trace at a word that is no level; it gets the usual one instead.</summary>
    private static List<SettingMistake> LogLevels(ConfigurationManager configuration)
    {
        var wrong = configuration.GetSection("Logging").AsEnumerable()
            .Where(e => e.Key.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase) && e.Value is { Length: > 0 } value
                && !Enum.TryParse<LogLevel>(value, ignoreCase: true, out _))
            .Select(e => new SettingMistake(e.Key, $"{e.Key} is '{e.Value}'; it is {SettingsShape.Either(Enum.GetNames<LogLevel>())}."))
            .ToList();
        wrong.ForEach(m => configuration[m.Key] = nameof(LogLevel.Information));
        return wrong;
    }
}

/// <summary>What an area wants to have tried before the portal starts, such as a folder to write to. Register one as a singleton.</summary>
internal sealed record StartCheck(Func<IServiceProvider, IEnumerable<string>> Complaints);
