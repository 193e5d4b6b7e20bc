using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Health;
using SelfHelpPortal.Platform.Mail.Kit;
using SelfHelpPortal.Platform.Mail.Requests;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Platform.Mail.Sending;

internal static class MailSetup
{
    /// <summary>The outbox, its sender and the transport that the configuration names.</summary>
    public static void AddMail(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddSettings<MailOptions>(MailOptions.Section)
            .PostConfigure<IHostEnvironment>(MailOptionsRules.Complete)
            .Check(MailOptionsRules.Validate);
        services.AddSingleton(new StartCheck(sp =>
            sp.GetRequiredService<IOptions<MailOptions>>().Value is { Transport: MailTransportKind.Pickup, PickupDirectory: var folder }
                && WritableFolder.Complaint("Mail:PickupDirectory", folder) is { } complaint ? [complaint] : []));

        services.TryAddSingleton<StoredSecrets>();
        services.AddSingleton<MailRenderer>();
        services.AddSingleton<OutboxSignal>();
        services.ConfigureDbContext<PortalDbContext>((sp, o) => o.AddInterceptors(sp.GetRequiredService<OutboxSignal>()));
        services.AddSingleton<Outbox>();
        services.AddSingleton<MailCircuits>();
        services.AddSingleton<OutboxQueue>();
        services.AddSingleton<MailComposer>();
        services.AddSingleton<MailRound>();
        services.AddSingleton<Func<IMailTransport>>(sp => () =>
        {
            var options = sp.GetRequiredService<IOptions<MailOptions>>();
            var composer = sp.GetRequiredService<MailComposer>();
            return options.Value.Transport == MailTransportKind.Smtp
                ? new SmtpTransport(options, composer)
                : new PickupTransport(options, composer, sp.GetRequiredService<TimeProvider>());
        });
        services.AddHostedService<MailSender>();
        services.AddSingleton<MailRequests>().AddSingleton<MailRequestWriter>();
        services.AddHostedService(sp => sp.GetRequiredService<MailRequestWriter>());
        services.AddSingleton(new ReadinessCheck("mail", async (sp, cancel) =>
        {
            await using var db = await sp.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(cancel);
            var state = await MailQueueState.LookAsync(db, sp.GetRequiredService<TimeProvider>().GetUtcNow(), cancel);
            return state.IsDegraded ? Readiness.Degraded : Readiness.Ready;
        })
        {
            Details = async (sp, cancel) =>
            {
                await using var db = await sp.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(cancel);
                return (await MailQueueFigures.ReadAsync(db, sp.GetRequiredService<TimeProvider>().GetUtcNow(), cancel)).Words;
            },
        });
    }
}
