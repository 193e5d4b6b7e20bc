namespace SelfHelpPortal.Features.Account.Registrations;

/// <summary>How somebody comes to an account and to the customers that it belongs to.</summary>
internal static class RegistrationSetup
{
    public static void AddRegistration(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<RequestAccount>().AddSingleton<AccountRequestWriter>().AddSingleton(AccountRequestWriter.Kind);
        services.AddScoped<OpenAccount>().AddSingleton<RemoveAccess>().AddSingleton<AgreeToAccess>();
    }
}
