using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Mail.Sending;

internal enum MailAddressState : short
{
    Ok = 0,
    Refused = 1,
}

/// <summary>What a server said about a mailbox. The address itself is not kept here.</summary>
internal sealed class MailAddressStanding
{
    public required byte[] AddressHash { get; init; }
    public MailAddressState State { get; set; }
    public DateTimeOffset Since { get; set; }
    public string LastReply { get; set; } = "";

    /// <summary>
    /// Until then no mail is sent there, unless staff say that the mailbox is right or its owner confirms it. The next mail after that
    /// finds out: a mailbox may be full or away for a day, or its server wrong. A refusal then begins anew.
    /// </summary>
    public DateTimeOffset RefusedUntil(MailOptions options) => Since + TimeSpan.FromDays(options.RefusedDays);

    /// <summary>Null: the mailbox may be written to.</summary>
    public static async Task<MailAddressStanding?> RefusalAsync(
        PortalDbContext db, string address, MailOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hash = MailAddresses.Hash(address);
        var standing = await db.Set<MailAddressStanding>().AsNoTracking()
            .SingleOrDefaultAsync(a => a.AddressHash == hash && a.State == MailAddressState.Refused, cancellationToken);
        return standing?.RefusedUntil(options) > now ? standing : null;
    }

    /// <summary>A server has said that it takes no mail, at once or in a report that came later.</summary>
    public static async Task RefuseAsync(PortalDbContext db, string address, string reply, DateTimeOffset now)
    {
        var hash = MailAddresses.Hash(address);
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO mail_address (address_hash, state, since, last_reply) VALUES ({hash}, 1, {now}, {reply})
             ON CONFLICT (address_hash) DO UPDATE SET state = 1, since = excluded.since, last_reply = excluded.last_reply
             """);

        // What else waits for this mailbox would only be refused too.
        await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE outbox SET state = 3, last_result = 2, last_reply = {reply}
             WHERE state IN (0, 4) AND lower(to_address) = lower({address})
             """);
    }

    /// <summary>By staff, or by its owner, who has read a mail there: the next mail is tried.</summary>
    public static Task LiftAsync(PortalDbContext db, string address, CancellationToken cancellationToken)
    {
        var hash = MailAddresses.Hash(address);
        return db.Set<MailAddressStanding>().Where(a => a.AddressHash == hash).ExecuteDeleteAsync(cancellationToken);
    }
}
