using SelfHelpPortal.Platform.CommandLine;

namespace SelfHelpPortal.Features.Staff.SeedDemo;

/// <summary><c>seed --demo</c> fills an empty database; <c>seed --show-keys</c> prints the demo's keys again.</summary>
internal static class SeedDemoCommand
{
    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        if (args is not ["--demo" or "--show-keys"])
        {
            return ExitCode.Usage;
        }

        var demo = services.GetRequiredService<SeedDemo>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (args is ["--demo"] && !await demo.ExecuteAsync(now, cancellationToken))
        {
            await output.WriteLineAsync("The database is not empty; demo data goes into an empty one only.");
            return ExitCode.Refused;
        }

        foreach (var product in (await demo.KeysAsync(cancellationToken)).GroupBy(k => k.Product))
        {
            await output.WriteLineAsync($"{product.Key}:");
            foreach (var key in product)
            {
                await output.WriteLineAsync($"  {key.LicenseNumber}  {key.Key,-29}  {key.Remark}");
            }
        }

        return ExitCode.Done;
    }
}
