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

    /// <summary>By staff, or by its owner, who has read a mail there: the next mail is tried.</summary>
    public static Task LiftAsync(PortalDbContext db, string address, CancellationToken cancellationToken)
    {
        var hash = MailAddresses.Hash(address);
        return db.Set<MailAddressStanding>().Where(a => a.AddressHash == hash).ExecuteDeleteAsync(cancellationToken);
    }
}
