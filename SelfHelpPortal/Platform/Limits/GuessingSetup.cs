using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Limits;

internal static class GuessingSetup
{
    public static void AddGuessing(this WebApplicationBuilder builder)
    {
        builder.AddSettings<AttemptLimiterOptions>("Guessing").Check((o, _) => o.Validate());
        builder.Services.AddSingleton<AttemptLimiter>().AddSingleton<RateLimits>();
    }
}
