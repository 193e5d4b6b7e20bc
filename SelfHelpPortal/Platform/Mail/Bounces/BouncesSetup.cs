using SelfHelpPortal.Platform.Health;

namespace SelfHelpPortal.Platform.Mail.Bounces;

internal static class BouncesSetup
{
    /// <summary>Reads what came back, where the configuration names a mailbox or a token.</summary>
    public static void AddBounces(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<TakeBounce>();
        services.AddSingleton<BounceMailbox>();
        services.AddSingleton<BounceReader>();
        services.AddHostedService(sp => sp.GetRequiredService<BounceReader>());
        services.AddSingleton(new ReadinessCheck("bounces", (sp, _) => Task.FromResult(
            sp.GetRequiredService<BounceReader>().IsBehind ? Readiness.Degraded : Readiness.Ready)));
    }
}
