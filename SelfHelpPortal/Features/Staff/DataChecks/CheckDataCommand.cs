using SelfHelpPortal.Platform.CommandLine;

namespace SelfHelpPortal.Features.Staff.DataChecks;

/// <summary><c>check data</c>: every rule and every stored document, from one snapshot, beside the running portal.</summary>
internal static class CheckDataCommand
{
    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        if (args.Length > 0)
        {
            return ExitCode.Usage;
        }

        var found = await services.GetRequiredService<CheckData>()
            .RunAsync(allDocuments: true, services.GetRequiredService<TimeProvider>().GetUtcNow(), cancellationToken);
        foreach (var rule in found.GroupBy(v => (v.Rule, v.Sentence)))
        {
            await output.WriteLineAsync($"{rule.Key.Sentence} ({rule.Key.Rule})");
            foreach (var violation in rule)
            {
                await output.WriteLineAsync($"  {violation.Subject}");
            }
        }

        await output.WriteLineAsync(found.Count == 0 ? "The data is whole." : "Nothing was changed.");
        return found.Count == 0 ? ExitCode.Done : ExitCode.Refused;
    }
}
