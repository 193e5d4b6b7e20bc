using System.Globalization;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.CommandLine;

/// <summary>Tells an operator whether the history is the one that the portal wrote. It repairs nothing.</summary>
internal static class VerifyHistoryCommand
{
    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args.Length > 0)
        {
            return ExitCode.Usage;
        }

        var report = await services.GetRequiredService<HistoryVerifier>().VerifyAsync(cancellation);
        foreach (var fault in report.Faults)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Stream {fault.Stream}, event {fault.Seq}: {Sentence(fault.Kind)}"));
        }

        if (report.FaultCount > report.Faults.Count)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"… and {report.FaultCount - report.Faults.Count} more."));
        }

        var read = string.Create(CultureInfo.InvariantCulture, $"{report.Events} events in {report.Streams} streams, {report.Blanked} with a blanked detail");
        await output.WriteLineAsync(report.IsIntact
            ? $"The history is intact: {read}."
            : string.Create(CultureInfo.InvariantCulture, $"The history was changed in {report.FaultCount} places ({read}). Compare with a backup."));
        return report.IsIntact ? ExitCode.Done : ExitCode.Refused;
    }

    public static string Sentence(HistoryFaultKind kind) => kind switch
    {
        HistoryFaultKind.Missing => "it is missing, later ones are there.",
        HistoryFaultKind.Altered => "it was altered after it was written.",
        HistoryFaultKind.Unlinked => "it does not follow the event before it: one of them was exchanged.",
        HistoryFaultKind.DetailMissing => "its detail (name, network, text) is missing.",
        HistoryFaultKind.DetailAltered => "its detail (name, network, text) was altered.",
    };
}
