using SelfHelpPortal.Configuration;
using SelfHelpPortal.Platform.Health;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Platform.Signing;

internal static class SigningSetup
{
    public static void AddSigning(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(s =>
            SigningKeys.Open(s.GetRequiredService<SecretsDirectory>(), s.GetRequiredService<TimeProvider>().GetUtcNow()));
        services.AddSingleton(new RequiredSecret(s => s.GetRequiredService<SigningKeys>()));
        services.AddHostedService<SigningKeysReload>();
        services.AddSingleton(new ReadinessCheck("signing key", (s, _) => Task.FromResult(
            s.GetRequiredService<SigningKeys>().For(Licensing.Files.SignaturePurpose.License).CanSign
                ? Readiness.Ready
                : Readiness.Unavailable)));
    }
}

/// <summary>
/// Follows rotations and revocations that the command line or another node made. One look at a file's time every few seconds.
/// </summary>
internal sealed partial class SigningKeysReload(SigningKeys keys, TimeProvider time, ILogger<SigningKeysReload> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (keys.Reload())
                {
                    Reloaded(logger, string.Join(", ", keys.Verifier.Kids.Order(StringComparer.Ordinal)));
                }
            }
            catch (Exception e) when (e is StartRefusedException or IOException or UnauthorizedAccessException)
            {
                // The keys read before go on signing.
                NotReloaded(logger, e);
            }
        }
    }

    [LoggerMessage(5201, LogLevel.Information, "Signing keys changed; published are {Kids}")]
    private static partial void Reloaded(ILogger logger, string kids);

    [LoggerMessage(5202, LogLevel.Error, "The changed signing keys could not be read; the ones before stay in use")]
    private static partial void NotReloaded(ILogger logger, Exception reason);
}
