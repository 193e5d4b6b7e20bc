using System.Globalization;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.CommandLine;

namespace SelfHelpPortal.Hosting;

/// <summary>Tells an operator whether the history is the one that the portal wrote. It repairs nothing.</summary>
internal static class VerifyHistoryCommand
{
    public const string Arguments = "[--heads FILE|FOLDER]";

    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (!CommandOptions.TryRead(args, ["--heads"], out var options))
        {
            return ExitCode.Usage;
        }

        var verifier = services.GetRequiredService<HistoryVerifier>();
        IReadOnlyList<HistoryFault> againstHeads = [];
        if (options.TryGetValue("--heads", out var path))
        {
            try
            {
                againstHeads = await verifier.CompareAsync(HistoryHeads.Read(path), cancellation);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException)
            {
                await output.WriteLineAsync($"{path} cannot be read: {failure.Message}");
                return ExitCode.Refused;
            }
        }

        var report = await verifier.VerifyAsync(cancellation);
        var count = report.FaultCount + againstHeads.Count;
        foreach (var fault in report.Faults.Concat(againstHeads.Take(HistoryVerifier.MostFaults)))
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{(fault.InAudit ? "Audit stream" : "Stream")} {fault.Stream}, {(fault.InAudit ? "entry" : "event")} {fault.Seq}: "
                    + $"{Sentence(fault.Kind)}"));
        }

        if (report.FaultCount > report.Faults.Count || againstHeads.Count > HistoryVerifier.MostFaults)
        {
            await output.WriteLineAsync("… and more.");
        }

        var read = string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Events} events in {report.Streams} streams, {report.AuditEntries} entries of the audit log, {report.Blanked} with a "
                + $"blanked detail");
        await output.WriteLineAsync(count == 0
            ? $"The history is intact: {read}."
            : string.Create(CultureInfo.InvariantCulture, $"The history was changed in {count} places ({read}). Compare with a backup."));
        return count == 0 ? ExitCode.Done : ExitCode.Refused;
    }

    public static string Sentence(HistoryFaultKind kind) => kind switch
    {
        HistoryFaultKind.Missing => "it is missing, later ones are there.",
        HistoryFaultKind.Altered => "it was altered after it was written.",
        HistoryFaultKind.Unlinked => "it does not follow the one before it: one of them was exchanged.",
        HistoryFaultKind.DetailMissing => "its detail (name, network, text) is missing.",
        HistoryFaultKind.DetailAltered => "its detail (name, network, text) was altered.",
        HistoryFaultKind.CutOff => "the heads file knows it, the database does not: the end of the stream was cut off.",
        HistoryFaultKind.Rewritten => "the heads file has another hash: the stream was written anew.",
    };
}
