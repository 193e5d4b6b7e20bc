using System.Diagnostics;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Tests.Support;

/// <summary>The built program as a process of its own, for what only a process has: exit codes, signals, its two outputs.</summary>
internal sealed record PortalProcess(int Exit, string Output, string Error)
{
    /// <summary>PATH, with the programs of the PostgreSQL that the tests use before all others.</summary>
    public static string PathWithPostgres { get; } = string.Join(
        ':', PostgresBinaries.Find(Environment.GetEnvironmentVariable(PostgresBinaries.Variable)),
        Environment.GetEnvironmentVariable("PATH"));

    /// <param name="environment">Variables beside those of the test; the environment's name is Production unless one says
    /// otherwise.</param>
    /// <param name="folder">Where it is started.</param>
    public static async Task<PortalProcess> RunAsync(
        string[] arguments, Dictionary<string, string>? environment = null, string? folder = null)
    {
        using var process = Start(arguments, environment, folder);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.EndsAsync();
        return new(process.ExitCode, await output, await error);
    }

    /// <summary>For whoever looks at it while it runs, and ends it.</summary>
    public static Process Start(string[] arguments, Dictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SelfHelpPortal.dll"), .. arguments])
        {
            WorkingDirectory = folder ?? Repository.At("SelfHelpPortal"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
