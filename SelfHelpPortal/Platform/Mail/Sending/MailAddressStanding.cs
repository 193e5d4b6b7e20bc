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
    /// <summary>
    /// A mailbox may be full or away for a day, or its server wrong: the next mail after this time finds out, and a refusal begins anew.
    /// </summary>
    private static readonly TimeSpan RefusedFor = TimeSpan.FromDays(7);

    public required byte[] AddressHash { get; init; }
    public MailAddressState State { get; set; }
    public DateTimeOffset Since { get; set; }
    public string LastReply { get; set; } = "";

    /// <summary>Until then no mail is sent there, unless staff say that the mailbox is right.</summary>
    public DateTimeOffset RefusedUntil => Since + RefusedFor;

    /// <summary>Null: the mailbox may be written to.</summary>
    public static async Task<MailAddressStanding?> RefusalAsync(
        PortalDbContext db, string address, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hash = MailAddresses.Hash(address);
        var standing = await db.Set<MailAddressStanding>().AsNoTracking()
            .SingleOrDefaultAsync(a => a.AddressHash == hash && a.State == MailAddressState.Refused, cancellationToken);
        return standing?.RefusedUntil > now ? standing : null;
    }

    /// <summary>By staff: the next mail is tried.</summary>
    public static Task LiftAsync(PortalDbContext db, string address, CancellationToken cancellationToken)
    {
        var hash = MailAddresses.Hash(address);
        return db.Set<MailAddressStanding>().Where(a => a.AddressHash == hash).ExecuteDeleteAsync(cancellationToken);
    }
}
