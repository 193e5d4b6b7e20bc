using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Limits;

internal static class LimitsSetup
{
    public static void AddLimits(this WebApplicationBuilder builder)
    {
        builder.AddSettings<AttemptLimiterOptions>("Guessing").Check((o, _) => o.Validate());
        builder.Services.AddSingleton<AttemptLimiter>().AddSingleton<RateLimits>();
    }
}
