using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Platform.Mail;

namespace SelfHelpPortal.Tests.Support;

internal static class SampleMails
{
    private static int _count;

    /// <summary>A mail whose mailbox the server refused, with its only attempt. Returns its id.</summary>
    public static async Task<Guid> AddFailedMailAsync(
        this PortalFactory portal, string address = "voll@muster-gastro.example", Action<OutboxMessage>? change = null)
    {
        var now = portal.Clock.Now;
        var example = MailExamples.Released("de");
        await using var db = portal.Open();
        var mail = await portal.Services.GetRequiredService<Outbox>().EnqueueAsync(
            db,
            example with
            {
                To = new MailRecipient(address, "Einkauf", "de"),
                // The clock of a test may be months after the day of the examples.
                Objection = example.Objection with { Expires = now.AddHours(24) },
                Generation = 10_000 + Interlocked.Increment(ref _count),
            },
            now);
        (mail.State, mail.LastResult, mail.LastReply) = (OutboxState.Failed, AttemptResult.RecipientRefused, "550 5.1.1 unknown");
        change?.Invoke(mail);
        db.Add(new OutboxAttempt
        {
            OutboxId = mail.Id,
            Number = 1,
            StartedAt = now,
            EndedAt = now,
            Node = "test",
            Result = AttemptResult.RecipientRefused,
            StatusCode = 550,
            Reply = "550 5.1.1 unknown",
            ResendAfterUnknown = false,
        });
        await db.SaveChangesAsync();
        var hash = MailAddresses.Hash(address);
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO mail_address (address_hash, state, since, last_reply) VALUES ({hash}, 1, {now}, '550 5.1.1 unknown')
             ON CONFLICT (address_hash) DO UPDATE SET state = 1, since = excluded.since
             """);
        return mail.Id;
    }
}
