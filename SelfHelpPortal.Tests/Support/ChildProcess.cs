using System.ComponentModel;
using System.Diagnostics;

namespace SelfHelpPortal.Tests.Support;

/// <summary>A program of the system. One that is not installed fails the test in words.</summary>
internal static class ChildProcess
{
    public static async Task<(int Exit, string Output)> RunAsync(
        string program, string[] arguments, Dictionary<string, string>? environment = null, string input = "")
    {
        var start = new ProcessStartInfo(
            program, arguments)
        { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.EndsAsync();
            return (process.ExitCode, await output + await error);
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException($"This test needs {program}: {missing.Message}", missing);
        }
    }

    /// <summary>Waits for its end. Whoever gives up also ends it, so that it does not go on beside the next test.</summary>
    /// <exception cref="TimeoutException">It ran longer than <see cref="WaitLimits.LongWait"/> and was killed.</exception>
    public static async Task EndsAsync(this Process process)
    {
        try
        {
            await process.WaitForExitAsync().WaitAsync(WaitLimits.LongWait);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
