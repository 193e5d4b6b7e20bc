using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.CommandLine;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary><c>import licenses</c>.</summary>
internal static class ImportCommands
{
    public static async Task<int> LicensesAsync(
        IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        var files = args.Where(a => !a.StartsWith('-')).ToList();
        if (files is not [var path] || args.Any(a => a.StartsWith('-') && a is not ("--dry-run" or "--skip-bad-rows")))
        {
            return ExitCode.Usage;
        }

        if (await InputFile.OpenAsync(path, output) is not { } file)
        {
            return ExitCode.Refused;
        }

        await using (file)
        {
            var options = new ImportOptions(args.Contains("--dry-run"), args.Contains("--skip-bad-rows"));
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            var report = await services.GetRequiredService<ImportLicenses>()
                .ExecuteAsync(file, options, Actor.Operator, now, cancellationToken);
            return await TellAsync(report, options, output);
        }
    }

    private static async Task<int> TellAsync(ImportReport report, ImportOptions options, TextWriter output)
    {
        foreach (var bad in report.Bad)
        {
            await output.WriteLineAsync($"line {bad.Line}: {bad.Reason}");
        }

        foreach (var number in report.Existing)
        {
            await output.WriteLineAsync($"{number} exists already and was left as it is.");
        }

        if (report.Stored)
        {
            foreach (var (number, key) in report.Minted)
            {
                await output.WriteLineAsync($"{number}: {key}");
            }
        }

        var badRows = report.Bad.Select(b => b.Line).Distinct().Count();
        await output.WriteLineAsync(
            options.DryRun
            ? $"Dry run: {report.Imported} of {report.Rows} rows would be imported, {report.Existing.Count} exist, {badRows} are bad. "
                + $"Nothing was stored."
            : report.Stored ? $"{report.Imported} of {report.Rows} rows imported, {report.Existing.Count} existed, {badRows} were bad."
            : $"{badRows} of {report.Rows} rows are bad. Nothing was stored; mend them, or import the others with --skip-bad-rows.");
        return report.Bad.Count > 0 && !options.SkipBadRows ? ExitCode.Refused : ExitCode.Done;
    }
}
