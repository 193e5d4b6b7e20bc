using System.ComponentModel;
using System.Diagnostics;

namespace SelfHelpPortal.Hosting.Backups;

/// <summary>A program that a command waits for. It asks nothing, and ends when the command is interrupted.</summary>
internal static class Subprocess
{
    /// <param name="start">With all three streams redirected.</param>
    /// <param name="cancellation">Ends the program and those that it started.</param>
    /// <exception cref="Win32Exception">It cannot be started, for one because there is no such program.</exception>
    public static async Task<(int Exit, string Output, string Errors)> RunAsync(ProcessStartInfo start, CancellationToken cancellation)
    {
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = await process.StandardError.ReadToEndAsync(cancellation);
            var said = await output;
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, said, errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
