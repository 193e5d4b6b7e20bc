namespace SelfHelpPortal.Configuration;

/// <summary>
/// A secret may stand in a file of its own, as container platforms hand them out: <c>Mail:Smtp:PasswordFile </c> instead of
/// <c>Mail:Smtp:Password </c>.
/// </summary>
internal static class SecretFiles
{
    public static readonly string[] Keys =
    [
        "ConnectionStrings:Portal", "ConnectionStrings:Migration", "Mail:Smtp:Password", "Mail:Bounces:Password", "Mail:Bounces:Token",
        "Watching:Token",
    ];

    /// <summary>Reads the files that the configuration names.</summary>
    /// <returns>The files that cannot be read, and the secrets that are given twice.</returns>
    public static IEnumerable<SettingMistake> Apply(ConfigurationManager configuration, IHostEnvironment environment)
    {
        var (read, mistakes) = (new Dictionary<string, string?>(), new List<SettingMistake>());
        foreach (var key in Keys)
        {
            var file = configuration[key + "File"];
            if (string.IsNullOrEmpty(file))
            {
                continue;
            }

            if (!string.IsNullOrEmpty(configuration[key]))
            {
                mistakes.Add(new(key, $"{key} and {key}File are both set; keep one."));
            }
            else if (Read(key, environment.Resolve(file)) is var (content, complaint) && complaint is null)
            {
                read[key] = content;
            }
            else
            {
                mistakes.Add(new(key, complaint));
            }
        }

        if (read.Count > 0)
        {
            configuration.AddInMemoryCollection(read);
        }

        return mistakes;
    }

    private static (string? Content, string? Complaint) Read(string key, string path)
    {
        try
        {
            var content = File.ReadAllText(path).TrimEnd('\r', '\n');
            return content.Length == 0 ? (null, $"{key}File: {path} is empty.")
                : content.Contains('\n', StringComparison.Ordinal) ? (null,
                    $"{key}File: {path} has several lines; it holds the secret alone.")
                : (content, null);
        }
        catch (UnauthorizedAccessException)
        {
            return (null, Directory.Exists(path)
                ? $"{key}File: {path} is a folder; it is a file."
                : $"{key}File: {path} is closed to {ConfigurationFiles.Account()}: it belongs to another user, or its mode is too strict.");
        }
        catch (IOException failure)
        {
            return (null, $"{key}File: {failure.Message}");
        }
    }
}
