using System.Globalization;

namespace LicenseWizard;

/// <summary>What was typed behind the program's name: a verb with its arguments, and options.</summary>
internal sealed class CommandLine
{
    private static readonly string[] Flags = ["--offline", "--no-network", "--dead-pc", "--hardware-change", "--info", "--activate"];

    private static readonly string[] Valued =
        ["--portal", "--product", "--state", "--fake-hardware", "--pc-name", "--language", "--key", "--keys", "--save", "--clone"];

    private static readonly Dictionary<string, int> Verbs = new(StringComparer.Ordinal)
    {
        ["activate"] = 1,
        ["status"] = 0,
        ["check"] = 0,
        ["release"] = 0,
        ["code"] = 0,
        ["request-file"] = 1,
        ["import"] = 1,
        ["emergency"] = 1,
        ["transfer"] = 0,
        ["simulate"] = 1,
    };

    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);

    /// <summary>Null = the menu.</summary>
    public string? Verb { get; private set; }

    public string? Argument { get; private set; }

    public Uri Portal => new(Option("--portal") ?? "http://localhost:5080");

    public string Product => Option("--product") ?? "beamalign";

    public string PcName => Option("--pc-name") ?? Environment.MachineName;

    public string State => Path.GetFullPath(
        Option("--state") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "LicenseWizard"));

    public CultureInfo Language =>
        CultureInfo.GetCultureInfo((Option("--language") ?? CultureInfo.CurrentUICulture.TwoLetterISOLanguageName) == "de" ? "de" : "en");

    public string? Option(string name) => _options.GetValueOrDefault(name);

    public bool Has(string name) => _options.ContainsKey(name);

    public static bool TryRead(string[] arguments, out CommandLine line)
    {
        line = new CommandLine();
        for (var i = 0; i < arguments.Length; i++)
        {
            var word = arguments[i];
            if (Flags.Contains(word))
            {
                line._options[word] = "";
            }
            else if (Valued.Contains(word) && i + 1 < arguments.Length)
            {
                line._options[word] = arguments[++i];
            }
            else if (line.Verb is null && Verbs.ContainsKey(word))
            {
                line.Verb = word;
            }
            else if (line is { Verb: { } verb, Argument: null } && Verbs[verb] > 0 && !word.StartsWith('-'))
            {
                line.Argument = word;
            }
            else
            {
                return false;
            }
        }

        return line.Verb is not ("request-file" or "import" or "emergency") || line.Argument is not null;
    }
}
