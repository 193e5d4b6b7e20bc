using System.ComponentModel;
using System.Diagnostics;
using MailKit.Security;

namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>A program of the operator's that knows how to get a token for the mail server.</summary>
internal static class TokenCommand
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Runs it without a shell and returns the first line that it writes; the rest is dropped, since it may be secret.</summary>
    /// <param name="command">The program, then its arguments.</param>
    /// <exception cref="AuthenticationException">There is no token. The message says why, and nothing that the program wrote.</exception>
    public static async Task<string> RunAsync(IList<string> command, TimeSpan timeout, CancellationToken cancel)
    {
        using var process = Start(command);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(timeout);
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.StandardError.ReadToEndAsync(limit.Token);
            var token = (await output).Split('\n')[0].Trim();
            await process.WaitForExitAsync(limit.Token);
            if (process.ExitCode != 0)
            {
                throw new AuthenticationException($"Mail:Smtp:TokenCommand ended with exit code {process.ExitCode}.");
            }

            return token.Length > 0
                ? token
                : throw new AuthenticationException("Mail:Smtp:TokenCommand wrote no token into its first line.");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new AuthenticationException($"Mail:Smtp:TokenCommand did not end within {timeout.TotalSeconds} s.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(IList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new AuthenticationException($"Mail:Smtp:TokenCommand could not be started: {e.Message}", e);
        }
    }
}
