using SelfHelpPortal.Configuration;
using SelfHelpPortal.Platform.CommandLine;

namespace SelfHelpPortal.Features.Staff.Settings;

/// <summary>
/// <c>import settings</c> and <c>export settings</c>, which were called <c>products</c> before there were prices in the file.
/// </summary>
internal static class SettingsCommands
{
    public static async Task<int> ImportAsync(
        IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        if (args is not [var path])
        {
            return ExitCode.Usage;
        }

        if (await InputFile.OpenAsync(path, output) is not { } file)
        {
            return ExitCode.Refused;
        }

        await using (file)
        {
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            var (set, problems) = await services.GetRequiredService<SettingsFile>().ImportAsync(file, now, cancellationToken);
            foreach (var problem in problems)
            {
                await output.WriteLineAsync(problem);
            }

            await output.WriteLineAsync(problems.Count > 0 ? "Nothing was stored."
                : $"{set.Products.Count} products, {set.Prices.Count} lists of prices, {set.TaxRates?.Count ?? 0} tax rates, "
                    + $"{set.MailTexts.Count} texts of mails and {(set.Vendor is null ? "no" : "the")} vendor's data stored.");
            return problems.Count > 0 ? ExitCode.Refused : ExitCode.Done;
        }
    }

    public static async Task<int> ExportAsync(
        IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        if (args is not [var path])
        {
            return ExitCode.Usage;
        }

        try
        {
            await PrivateFile.WriteAsync(path, file => services.GetRequiredService<SettingsFile>().ExportAsync(file, cancellationToken));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await output.WriteLineAsync($"{path} cannot be written: {failure.Message}");
            return ExitCode.Refused;
        }

        return ExitCode.Done;
    }
}
