using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Kit;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Setup;

/// <summary>What became of a test mail.</summary>
/// <param name="Reply">What the server, or the library, said.</param>
internal sealed record TestMailResult(string Address, SendResult Result, string Reply);

/// <summary>
/// Sends a mail to whoever asks, at once and past the queue, so that the server's answer can be shown. It goes to one's own address only.
/// </summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class SendTestMail(
    IDbContextFactory<PortalDbContext> contexts, StaffReads reads, MailRenderer renderer, Func<IMailTransport> transports,
    IOptions<MailOptions> options)
{
    /// <summary>The subject of the audit log's entry when a server has taken the mail.</summary>
    public const string Taken = "SENT";

    private const string Refused = "REFUSED";

    /// <param name="culture"><c>de</c> or <c>en</c></param>
    public async Task<StaffAnswer<TestMailResult>> ExecuteAsync(
        StaffActor actor, string culture, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var asked = await reads.ReadAsync(typeof(SendTestMail), actor, audited: null,
            db => db.Users.AsNoTracking().Where(u => u.Id == actor.Id).Select(u => u.Email).SingleOrDefaultAsync(cancellationToken), now,
            cancellationToken);
        if (asked.Value is not { } address)
        {
            return new(null, asked.Refused);
        }

        var envelope = await ComposeAsync(renderer, options.Value, new(address, actor.Name, culture), now);
        await using var transport = transports();
        var outcome = await transport.SendAsync(envelope, cancellationToken);
        await AuditLog.NoteAsync(
            contexts, actor.Id, AuditKind.MailTested, outcome.Result == SendResult.Sent ? Taken : Refused, outcome.Result.ToString(), now,
            cancellationToken);
        return new(new TestMailResult(address, outcome.Result, outcome.Reply), null);
    }

    /// <summary>Also for the command line.</summary>
    internal static async Task<MailEnvelope> ComposeAsync(MailRenderer renderer, MailOptions options, MailRecipient to, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        var mail = new TestMail(to) { SentAt = now, From = options.From };
        var rendered = await renderer.RenderAsync(mail);
        return new MailEnvelope
        {
            Id = id,
            Kind = mail.Kind,
            MessageId = $"<{id}@{options.Domain()}>",
            Date = now,
            ToAddress = to.Address,
            ToName = to.Name,
            Culture = to.Culture,
            Subject = rendered.Subject,
            Text = rendered.Text,
            Html = rendered.Html,
        };
    }
}
