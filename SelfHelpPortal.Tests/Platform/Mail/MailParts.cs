using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Kit;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Mail;

/// <summary>The parts of sending mail, put together without the portal.</summary>
internal static class MailParts
{
    public static readonly IOptions<VendorOptions> Vendor = Options.Create(new VendorOptions());

    public static readonly StoredSecrets Secrets = new(new EphemeralDataProtectionProvider());

    public static MailRenderer Renderer(IOptions<VendorOptions>? vendor = null) => new(
        NullLoggerFactory.Instance, vendor ?? Vendor, new LocalTimes(Vendor),
        new PublicAddress(Options.Create(new PortalOptions { PublicUrl = MailExamples.PublicUrl }), new ConfigurationBuilder().Build(),
            new NoServer()));

    public static MailOptions MailOptions(int port = 0, SmtpSecurity security = SmtpSecurity.None, string user = "") => new()
    {
        Transport = MailTransportKind.Smtp,
        From = "lizenzen@muster-software.example",
        ReplyTo = "support@muster-software.example",
        StaffAlerts = "support@muster-software.example",
        Smtp = { Host = "localhost", Port = port, Security = security, TimeoutSeconds = 60, User = user, Password = user.Length > 0
            ? "password"
            : "" },
    };

    public static MailComposer Composer(MailOptions? options = null) => new(Options.Create(options ?? MailOptions()), Vendor);

    public static SmtpTransport Smtp(MailOptions options) => new(Options.Create(options), Composer(options));

    public static Outbox Outbox(OutboxSignal? signal = null, StoredSecrets? secrets = null) =>
        new(Renderer(), secrets ?? Secrets, Options.Create(MailOptions()), Vendor, signal ?? new OutboxSignal(),
            NullLogger<Outbox>.Instance);

    public static async Task<MailEnvelope> EnvelopeAsync(MailModel mail, params MailFile[] files)
    {
        var rendered = await Renderer().RenderAsync(mail);
        var id = Guid.CreateVersion7();
        return new MailEnvelope
        {
            Id = id,
            Kind = mail.Kind,
            MessageId = $"<{id}@muster-software.example>",
            Date = TestClock.Start,
            Reference = mail.Reference,
            ToAddress = mail.To.Address,
            ToName = mail.To.Name,
            Culture = mail.To.Culture,
            Subject = rendered.Subject,
            Text = rendered.Text,
            Html = rendered.Html,
            Files = files,
        };
    }

    private sealed class NoServer : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
