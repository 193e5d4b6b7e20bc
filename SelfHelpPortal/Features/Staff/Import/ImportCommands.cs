using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.CommandLine;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary><c>import licenses</c>, <c>import products</c> and <c>export products</c>.</summary>
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

        if (await OpenAsync(path, output) is not { } file)
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

    public static async Task<int> ProductsAsync(
        IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        if (args is not [var path])
        {
            return ExitCode.Usage;
        }

        if (await OpenAsync(path, output) is not { } file)
        {
            return ExitCode.Refused;
        }

        await using (file)
        {
            var (count, problems) = await services.GetRequiredService<ProductFile>().ImportAsync(file, cancellationToken);
            foreach (var problem in problems)
            {
                await output.WriteLineAsync(problem);
            }

            await output.WriteLineAsync(problems.Count > 0 ? "Nothing was stored." : $"{count} products stored.");
            return problems.Count > 0 ? ExitCode.Refused : ExitCode.Done;
        }
    }

    public static async Task<int> ExportProductsAsync(
        IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        if (args is not [var path])
        {
            return ExitCode.Usage;
        }

        try
        {
            await PrivateFile.WriteAsync(path, file => services.GetRequiredService<ProductFile>().ExportAsync(file, cancellationToken));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await output.WriteLineAsync($"{path} cannot be written: {failure.Message}");
            return ExitCode.Refused;
        }

        return ExitCode.Done;
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

    private static async Task<Stream?> OpenAsync(string path, TextWriter output)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await output.WriteLineAsync($"{path} cannot be read: {failure.Message}");
            return null;
        }
    }
}
