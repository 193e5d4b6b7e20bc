using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Guessing;

internal static class GuessingSetup
{
    public static void AddGuessing(this WebApplicationBuilder builder)
    {
        builder.AddSettings<GuessBudgetOptions>("Guessing").Check((o, _) => o.Complaint());
        builder.Services.AddSingleton<GuessBudget>().AddSingleton<RateLimits>();
    }
}
