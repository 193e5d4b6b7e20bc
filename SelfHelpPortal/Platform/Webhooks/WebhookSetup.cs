using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Webhooks;

internal static class WebhookSetup
{
    public static void AddWebhooks(this WebApplicationBuilder builder)
    {
        builder.AddSettings<WebhookOptions>(WebhookOptions.Section).Check((o, _) => o.Validate());
        var services = builder.Services;
        services.TryAddSingleton<ResolveName>(Dns.GetHostAddressesAsync);
        services.AddSingleton<WebhookClient>().AddSingleton<WebhookQueue>().AddSingleton<WebhookFanOut>().AddSingleton<WebhookRound>();
        services.AddHostedService<WebhookSender>();
    }
}
