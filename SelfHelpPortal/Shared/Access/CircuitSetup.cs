using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.SignalR;

namespace SelfHelpPortal.Shared.Access;

/// <summary>Only staff get circuits; these are their limits (security.md, section 4).</summary>
internal static class CircuitSetup
{
    private const int LargestMessage = 32 * 1024;

    public static void AddCircuits(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.Configure<HubOptions>(hub => hub.MaximumReceiveMessageSize = LargestMessage);
        services.Configure<CircuitOptions>(circuit =>
        {
            circuit.DetailedErrors = false;
            circuit.DisconnectedCircuitMaxRetained = 50;
            circuit.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
        });
        // At Debug the framework writes the circuit's secret to the log.
        if (!builder.Environment.IsDevelopment())
        {
            builder.Logging.AddFilter("Microsoft.AspNetCore.Components.Server", LogLevel.Information);
        }

        services.AddCascadingAuthenticationState();
        services.AddScoped<StaffSession>();
        services.AddScoped<AuthenticationStateProvider, StaffAuthentication>();
        services.AddScoped<CircuitHandler, StaffCircuitHandler>();
        services.AddSingleton<StaffGate>();
        services.AddSingleton<StaffCircuits>();
        services.AddHostedService<StaffChanges>();
    }
}
