using System.Globalization;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Options;

namespace SelfHelpPortal.Configuration;

/// <summary>
/// What stands on the command line before everything else: where the configuration is. It lies beside the program and, above that, in
/// <see cref="SystemFolder"/>, or in the folder of <c>--config</c> alone. The folder in which the program is started counts for nothing.
/// </summary>
internal sealed class ConfigurationFiles
{
    public const string SystemFolder = "/etc/selfhelp-portal";

    private readonly string? _folder;
    private readonly string? _environment;
    private readonly string? _contentRoot;

    private ConfigurationFiles(string? folder, string[] arguments)
    {
        (_folder, Arguments) = (folder, arguments);
        try
        {
            // As the host itself reads the two.
            using var host = (ConfigurationRoot)new ConfigurationBuilder().AddEnvironmentVariables("DOTNET_")
                .AddEnvironmentVariables("ASPNETCORE_").AddCommandLine(arguments).Build();
            (_environment, _contentRoot) = (host["environment"], host["contentRoot"]);
        }
        catch (FormatException wrong)
        {
            throw new StartRefusedException($"The line is not understood: {wrong.Message}");
        }
    }

    /// <summary>The line without <c>--config</c>.</summary>
    public string[] Arguments { get; }

    /// <exception cref="StartRefusedException"><c>--config</c> names no folder, or two.</exception>
    public static ConfigurationFiles Read(string[] line)
    {
        var (rest, folder) = (new List<string>(), (string?)null);
        for (var i = 0; i < line.Length; i++)
        {
            var told = line[i] == "--config" ? i + 1 < line.Length ? line[++i] : ""
                : line[i].StartsWith("--config=", StringComparison.Ordinal) ? line[i]["--config=".Length..] : null;
            if (told is null)
            {
                rest.Add(line[i]);
            }
            else if (told.Length == 0 || folder is not null)
            {
                throw new StartRefusedException("--config is followed by one folder, such as --config /etc/selfhelp-portal.");
            }
            else
            {
                folder = Path.GetFullPath(told);
            }
        }

        return new(folder, [.. rest]);
    }

    /// <param name="arguments">For the web the line; a command has its own words.</param>
    /// <exception cref="OptionsValidationException">A file cannot be read.</exception>
    public WebApplicationOptions Options(string[] arguments)
    {
        var complaints = Folders().SelectMany(f => Names.Select(n => Complaint(Path.Combine(f, n)))).OfType<string>().ToList();
        if (_folder is not null && complaints.Count == 0 && FolderComplaint(_folder) is { } folder)
        {
            complaints.Add(folder);
        }

        return complaints.Count > 0
            ? throw new OptionsValidationException("", typeof(ConfigurationFiles), complaints)
            : new()
            {
                // Whoever says otherwise means it. Files are read once, so nothing watches them: each watch is one of few that a user has.
                Args = [.. arguments, "--hostBuilder:reloadConfigOnChange=false"],
                ContentRootPath = _contentRoot is null ? ProgramFolder() : null,
                // The name of the program that runs, which is a test's in a test.
                ApplicationName = typeof(ConfigurationFiles).Assembly.GetName().Name,
            };
    }

    /// <summary>Puts the files of the other folder behind those beside the program, or in their place.</summary>
    public void Apply(WebApplicationBuilder builder)
    {
        var sources = builder.Configuration.Sources;
        var beside = sources.OfType<JsonConfigurationSource>().Where(s => Names.Contains(s.Path)).ToList();
        var at = beside.Count > 0 ? sources.IndexOf(beside[^1]) + 1 : 0;
        foreach (var file in Folders().Skip(_folder is null ? 1 : 0).SelectMany(f => Names.Select(n => Path.Combine(f, n))))
        {
            var source = new JsonConfigurationSource { Path = file, Optional = true, ReloadOnChange = false };
            source.ResolveFileProvider();
            sources.Insert(at++, source);
        }

        if (_folder is not null)
        {
            beside.ForEach(s => sources.Remove(s));
        }
    }

    private string[] Names =>
        ["appsettings.json", $"appsettings.{_environment ?? Environments.Production}.json"];

    /// <summary>
    /// The first one is that beside the program, unless another is told. On a developer's machine an installed portal has its own.
    /// </summary>
    private IEnumerable<string> Folders() => _folder is not null ? [_folder]
        : _environment == Environments.Development ? [_contentRoot ?? ProgramFolder()]
        : [_contentRoot ?? ProgramFolder(), SystemFolder];

    /// <summary>Where <c>wwwroot</c> lies: beside the published program, or in the sources of a clone.</summary>
    private static string ProgramFolder()
    {
        var program = AppContext.BaseDirectory;
        for (var folder = new DirectoryInfo(Path.TrimEndingDirectorySeparator(program)); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "wwwroot"))
                && (folder.FullName == Path.TrimEndingDirectorySeparator(program) || File.Exists(Path.Combine(folder.FullName,
                    "SelfHelpPortal.csproj"))))
            {
                return folder.FullName;
            }
        }

        return program;
    }

    private string? FolderComplaint(string folder) =>
        File.Exists(folder) ? $"--config names the file {folder}; it is the folder in which {Names[1]} lies."
        : !Directory.Exists(folder) ? $"--config names {folder}, which is not there or closed to {Account()}."
        : Array.Exists(Names, n => File.Exists(Path.Combine(folder, n))) ? null
        : $"--config names {folder}, but there is neither {Names[0]} nor {Names[1]}, or the folder is closed to {Account()}.";

    /// <summary>Why a file cannot be read, with the line where it is broken; null when it can, or is not there.</summary>
    private static string? Complaint(string path)
    {
        if (Directory.Exists(path))
        {
            return $"{path} is a folder; it is a file with settings.";
        }

        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var read = (ConfigurationRoot)new ConfigurationBuilder().AddJsonFile(path, optional: false,
                reloadOnChange: false).Build();
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return $"{path} is closed to {Account()}: it belongs to another user. Give it to this one (chown), or let it read it (chmod).";
        }
        catch (IOException failure)
        {
            return $"{path} cannot be read: {failure.Message}";
        }
        catch (InvalidDataException broken)
        {
            return broken.GetBaseException() is System.Text.Json.JsonException { LineNumber: { } line, BytePositionInLine: { } column }
                ? string.Create(CultureInfo.InvariantCulture, $"{path} is broken at line {line + 1}, column {column + 1}: ")
                    + "a comma, a quote or a bracket is missing there or just before, or is too many."
                : $"{path} is broken: {broken.GetBaseException().Message}";
        }
    }

    /// <summary>The user of the process; one without an entry in the list of users has no name.</summary>
    internal static string Account() => Environment.UserName is { Length: > 0 } name ? $"the user {name}" : "the user of this process";
}
