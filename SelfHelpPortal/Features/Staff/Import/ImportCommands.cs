using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.CommandLine;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary><c>import licenses</c> and <c>export licenses</c>.</summary>
internal static class ImportCommands
{
    public const string Arguments = "FILE [--dry-run] [--skip-bad-rows] [--update] [--leave-out-unknown]";

    private static readonly string[] Switches = ["--dry-run", "--skip-bad-rows", "--update", "--leave-out-unknown"];

    public static async Task<int> LicensesAsync(
        IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        var files = args.Where(a => !a.StartsWith('-')).ToList();
        if (files is not [var path] || args.Any(a => a.StartsWith('-') && !Switches.Contains(a)))
        {
            return ExitCode.Usage;
        }

        if (await InputFile.OpenAsync(path, output) is not { } file)
        {
            return ExitCode.Refused;
        }

        await using (file)
        {
            var options = new ImportOptions(
                args.Contains("--dry-run"), args.Contains("--skip-bad-rows"), args.Contains("--update"),
                args.Contains("--leave-out-unknown"));
            var told = new ImportTold(
                (line, finding) => output.WriteLineAsync($"line {line}: {(finding.Id is "" ? "" : finding.Id + ": ")}{finding.English}"),
                (number, changes) => output.WriteLineAsync(changes is []
                    ? $"{number} exists already and was left as it is."
                    : $"{number}: {string.Join(", ", changes.Select(c => $"{c.Field} '{c.Before}' → '{c.After}'"))}"),
                (number, key) => output.WriteLineAsync($"{number}: {key}"));
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            var report = await services.GetRequiredService<ImportLicenses>()
                .ExecuteAsync(file, Path.GetFileName(path), options, told, Actor.Operator, now, cancellationToken);
            await output.WriteLineAsync(Sentence(report, options));
            return report.Problem is not null || (report.Faulty > 0 && !options.SkipBadRows) ? ExitCode.Refused : ExitCode.Done;
        }
    }

    public static async Task<int> ExportAsync(
        IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        if (args is not [var path] || path.StartsWith('-'))
        {
            return ExitCode.Usage;
        }

        var count = 0;
        try
        {
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            await PrivateFile.WriteAsync(path, async file =>
                count = await services.GetRequiredService<ExportLicenses>().ExecuteAsync(file, now, cancellationToken));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await output.WriteLineAsync($"{path} cannot be written: {failure.Message}");
            return ExitCode.Refused;
        }

        await output.WriteLineAsync($"{count} licenses with their keys were written to {path}.");
        return ExitCode.Done;
    }

    private static string Sentence(ImportReport report, ImportOptions options) => report switch
    {
        { Problem: { } problem } => problem,
        { Stored: true } => $"{report.Added} of {report.Rows} rows imported, {report.Updated} changed what is stored, "
            + $"{report.Existing} existed, {report.Faulty} were bad.",
        _ when options.DryRun => $"Dry run: {report.Added} of {report.Rows} rows would be imported, {report.Updated} would change what is "
            + $"stored, {report.Existing} exist, {report.Faulty} are bad. Nothing was stored.",
        _ => $"{report.Faulty} of {report.Rows} rows are bad. Nothing was stored; mend them, or import the others with --skip-bad-rows.",
    };
}
