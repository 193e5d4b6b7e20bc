using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Shared.PersonalData;

namespace SelfHelpPortal.Features.Staff.Customers;

/// <summary><c>export customer</c>: for a customer who asks without an account. The file is for its owner's eyes.</summary>
internal static class ExportCustomerCommand
{
    public const string Arguments = "C-NUMBER [--out FILE.zip]";

    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        if (args is not [var number, .. var rest] || number.StartsWith('-') || !CommandOptions.TryRead(rest, ["--out"], out var options))
        {
            return ExitCode.Usage;
        }

        await using var db = await services.GetRequiredService<IDbContextFactory<PortalDbContext>>()
            .CreateDbContextAsync(cancellationToken);
        if (await db.CustomersNumbered(number).Select(c => new { c.Id, c.Language })
            .SingleOrDefaultAsync(cancellationToken) is not { } customer)
        {
            await output.WriteLineAsync($"There is no customer {number}.");
            return ExitCode.Refused;
        }

        var path = options.GetValueOrDefault("--out", $"{number}.zip");
        try
        {
            var export = services.GetRequiredService<WriteExport>();
            var contexts = services.GetRequiredService<IDbContextFactory<PortalDbContext>>();
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            var language = CultureInfo.GetCultureInfo(customer.Language);
            await PrivateFile.WriteAsync(path, async file =>
            {
                await AuditLog.NoteAsync(contexts, AuditLog.CommandLine, AuditKind.CustomerExported, number, null, now, cancellationToken);
                await export.OfCustomerAsync(customer.Id, language, file, cancellationToken);
            });
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await output.WriteLineAsync($"{path} cannot be written: {failure.Message}");
            return ExitCode.Refused;
        }

        await output.WriteLineAsync($"Everything about {number} was written to {path}.");
        return ExitCode.Done;
    }
}
