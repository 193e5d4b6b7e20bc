using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.CommandLine;

namespace SelfHelpPortal.Hosting;

internal static class MigrateCommand
{
    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args.Length > 0)
        {
            return ExitCode.Usage;
        }

        var applied = await services.GetRequiredService<PortalDatabase>().MigrateAsync(cancellation);
        await output.WriteLineAsync(applied.Count == 0 ? "The schema is up to date." : $"Applied: {string.Join(", ", applied)}.");
        return ExitCode.Done;
    }
}
