using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Shared.Activations;

namespace SelfHelpPortal.Hosting;

/// <summary><c>check restore</c>: after a restore and before the start. The schema was looked at before the command ran.</summary>
internal static class CheckRestoreCommand
{
    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args.Length > 0)
        {
            return ExitCode.Usage;
        }

        var (seen, wrong) = await services.GetRequiredService<CheckRestore>().RunAsync(cancellation);
        await output.WriteLineAsync($"Looked at: schema, {string.Join(", ", seen)}.");
        foreach (var sentence in wrong)
        {
            await output.WriteLineAsync(sentence);
        }

        await output.WriteLineAsync(
            wrong.Count == 0 ? "Database and secrets folder belong together." : "Do not start the portal: restore what is named above.");
        return wrong.Count == 0 ? ExitCode.Done : ExitCode.Refused;
    }
}
