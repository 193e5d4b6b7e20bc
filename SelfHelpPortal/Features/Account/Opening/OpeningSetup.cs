namespace SelfHelpPortal.Features.Account.Opening;

/// <summary>How somebody comes to an account and to the customers that it belongs to.</summary>
internal static class OpeningSetup
{
    public static void AddOpening(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<AskToOpen>().AddSingleton<WriteOpening>().AddSingleton(WriteOpening.Kind);
        services.AddScoped<OpenAccount>().AddSingleton<RemoveAccess>().AddSingleton<AgreeToAccess>();
    }
}
