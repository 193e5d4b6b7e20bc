using System.ComponentModel;
using System.Diagnostics;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Data;

/// <summary>
/// Who runs the private server: the user of the portal, or the account <c>postgres </c> when that is root, whom PostgreSQL refuses.
/// </summary>
internal static class ServerAccount
{
    public const string Name = "postgres";

    /// <summary>Whether the server runs under another account than the portal.</summary>
    public static bool IsAnother => Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows();

    public static (int Exit, string Output) RunAsServer(string folder, params string[] command) =>
        IsAnother
            ? Run(folder, "runuser", ["-u", Name, "--", .. command])
            : Run(folder, command[0], command[1..]);

    public static void RunOrThrow(string file, params string[] arguments)
    {
        if (Run(null, file, arguments) is { Exit: not 0 } failed)
        {
            throw new StartRefusedException($"{file} {string.Join(' ', arguments)}: {failed.Output.Trim()}");
        }
    }

    public static (int Exit, string Output) Run(string? folder, string file, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(StartInfo(folder, file, arguments))!;
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (Win32Exception missing)
        {
            return (-1, $"{file}: {missing.Message}");
        }
    }

    public static ProcessStartInfo StartInfo(string? folder, string file, string[] arguments) =>
        new(file, arguments)
        {
            WorkingDirectory = folder ?? Path.GetTempPath(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
}
