using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Mail.Kit;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>
/// Where mails are put while a business change is made. A mail exists exactly when the change does: its row is saved with it. Nothing is
/// sent from here.
/// </summary>
internal sealed partial class Outbox(
    MailRenderer renderer, StoredSecrets secrets, IOptions<MailOptions> options, IOptions<VendorOptions> vendor, OutboxSignal signal,
    ILogger<Outbox> log)
{
    private const long LargestFiles = 10_000_000;

    /// <summary>
    /// Renders the mail and adds its row to the caller's context, which saves it. A second mail of the same kind about the same fact makes
    /// that save fail on the unique index. An address that cannot be used makes the mail fail at once, never the caller.
    /// </summary>
    public async Task<OutboxMessage> EnqueueAsync(
        PortalDbContext db, MailModel mail, DateTimeOffset now, CancellationToken cancel = default)
    {
        if (mail.Attachments.Sum(a => a.Length) > LargestFiles)
        {
            throw new ArgumentException($"The attachments of {mail.Kind} are larger than a mailbox takes.", nameof(mail));
        }

        // Who was stored in a language that is not offered any more reads the default, and so do files and subject.
        mail = mail with { To = mail.To with { Culture = vendor.Value.Nearest(mail.To.Culture) } };
        var rendered = await renderer.RenderAsync(mail, await MailParagraph.FindAsync(db, mail, cancel));
        var id = Guid.CreateVersion7(now);
        var address = MailAddresses.Normalize(mail.To.Address);
        var message = new OutboxMessage
        {
            Id = id,
            Kind = mail.Kind,
            BusinessKey = mail.CopyFor is { } account ? $"{mail.BusinessKey}/{account:n}" : mail.BusinessKey,
            Priority = mail.Priority,
            DueAt = now,
            ExpiresAt = mail.Expires,
            MessageId = $"<{id}@{options.Value.Domain()}>",
            Reference = mail.Reference,
            CustomerId = mail.CustomerId,
            ToAddress = address ?? UntrustedText.Shorten(UntrustedText.OneLine(mail.To.Address), 254),
            ToName = UntrustedText.Name(mail.To.Name),
            Culture = mail.To.Culture,
            Subject = rendered.Subject,
            Payload = MailPayload.Seal(secrets, id, rendered),
            CopyText = rendered.Copy,
            Attachments = mail.Attachments,
            CreatedAt = now,
        };
        if (mail.To.Address.Length == 0)
        {
            // Of a customer who was erased. There is nothing that anybody could put right, so it is no failure.
            message.State = OutboxState.Cancelled;
            message.Payload = null;
        }
        else if (address is null)
        {
            Fail(message, "Not an address that can be written to.");
        }
        else if (!mail.ConfirmsAddress
            && await MailAddressStanding.RefusalAsync(db, address, options.Value, now, cancel) is { } refused)
        {
            Fail(message, refused.LastReply);
        }

        if (message.State == OutboxState.Failed)
        {
            LogFailed(id, message.Kind, MailAddresses.Mask(message.ToAddress), message.LastReply);
        }

        db.Add(message);
        signal.WakeAfterCommit(db);
        return message;
    }

    /// <summary>
    /// For the transaction that takes the fact back: what has not been sent yet will not be. False if it is being sent or was.
    /// </summary>
    public static async Task<bool> CancelAsync(PortalDbContext db, string kind, string businessKey, CancellationToken cancel = default) =>
        await db.Set<OutboxMessage>()
            .Where(m => m.Kind == kind && m.BusinessKey == businessKey
                && (m.State == OutboxState.Pending || m.State == OutboxState.Unknown || m.State == OutboxState.Failed))
            .ExecuteUpdateAsync(s => s.SetProperty(m => m.State, OutboxState.Cancelled).SetProperty(m => m.Payload, (byte[]?)null),
                cancel) > 0;

    private static void Fail(OutboxMessage message, string reply)
    {
        message.State = OutboxState.Failed;
        message.LastResult = AttemptResult.RecipientRefused;
        message.LastReply = reply;
    }

    [LoggerMessage(3141, LogLevel.Warning, "Mail {Id} ({Kind}) to {Address} is not sent: {Reply}")]
    private partial void LogFailed(Guid id, string kind, string address, string? reply);
}

/// <summary>Text and HTML as they are kept, encrypted for the one row they belong to, until nothing more will be sent.</summary>
internal sealed record MailPayload(string Text, string Html)
{
    private const string RecordKind = "outbox/payload";

    public static byte[] Seal(StoredSecrets secrets, Guid id, RenderedMail mail) =>
        secrets.Seal(JsonSerializer.SerializeToUtf8Bytes(new MailPayload(mail.Text, mail.Html)), RecordKind, id);

    public static MailPayload Unseal(StoredSecrets secrets, Guid id, byte[] payload) =>
        JsonSerializer.Deserialize<MailPayload>(secrets.Unseal(payload, RecordKind, id))!;
}
