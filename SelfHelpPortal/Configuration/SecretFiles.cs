namespace SelfHelpPortal.Configuration;

/// <summary>
/// A secret may stand in a file of its own, as container platforms hand them out: <c>Mail:Smtp:PasswordFile </c> instead of
/// <c>Mail:Smtp:Password </c>.
/// </summary>
internal static class SecretFiles
{
    public static readonly string[] Keys = ["ConnectionStrings:Portal", "ConnectionStrings:Migration", "Mail:Smtp:Password"];

    /// <summary>Reads the files that the configuration names.</summary>
    /// <exception cref="StartRefusedException">A file cannot be read, or a secret is given twice.</exception>
    public static void Apply(ConfigurationManager configuration, IHostEnvironment environment)
    {
        var read = new Dictionary<string, string?>();
        foreach (var key in Keys)
        {
            var file = configuration[key + "File"];
            if (string.IsNullOrEmpty(file))
            {
                continue;
            }

            if (!string.IsNullOrEmpty(configuration[key]))
            {
                throw new StartRefusedException($"{key} and {key}File are both set; keep one.");
            }

            try
            {
                read[key] = File.ReadAllText(environment.Resolve(file)).TrimEnd('\r', '\n');
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new StartRefusedException($"{key}File: {failure.Message}");
            }
        }

        if (read.Count > 0)
        {
            configuration.AddInMemoryCollection(read);
        }
    }
}
