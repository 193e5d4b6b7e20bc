using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.CommandLine;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary><c>export invoices</c>.</summary>
internal static class ExportInvoicesCommand
{
    public const string Arguments = "--from YYYY-MM-DD --to YYYY-MM-DD --file FILE.zip [--language de|en]";

    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        if (!CommandOptions.TryRead(args, ["--from", "--to", "--file", "--language"], out var options)
            || !TryDay(options, "--from", out var from)
            || !TryDay(options, "--to", out var to)
            || !options.TryGetValue("--file", out var path) || from > to
            || !TryLanguage(options, out var language))
        {
            return ExitCode.Usage;
        }

        try
        {
            var export = services.GetRequiredService<ExportInvoices>();
            var contexts = services.GetRequiredService<IDbContextFactory<PortalDbContext>>();
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            var count = 0;
            await PrivateFile.WriteAsync(path, async file =>
            {
                await AuditLog.NoteAsync(contexts, AuditLog.CommandLine, AuditKind.InvoicesExported, null, ExportInvoices.Period(from, to),
                    now, cancellationToken);
                count = await export.WriteAsync(from, to, file, language, cancellationToken);
            });
            await output.WriteLineAsync($"{count} invoices and cancellations written to {path}.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await output.WriteLineAsync($"{path} cannot be written: {failure.Message}");
            return ExitCode.Refused;
        }

        return ExitCode.Done;
    }

    /// <summary>English where nothing is said, as everything that this command prints.</summary>
    private static bool TryLanguage(Dictionary<string, string> options, out CultureInfo language)
    {
        var asked = options.GetValueOrDefault("--language", "en");
        language = CultureInfo.GetCultureInfo(asked == "de" ? "de" : "en");
        return asked is "de" or "en";
    }

    private static bool TryDay(Dictionary<string, string> options, string name, out DateOnly day)
    {
        var given = IsoDay.Read(options.GetValueOrDefault(name));
        day = given ?? default;
        return given is not null;
    }
}
