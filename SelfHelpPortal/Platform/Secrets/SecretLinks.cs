using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Secrets;

internal enum LinkState
{
    Valid,
    Used,
    Expired,
}

/// <summary>A link as found. A used one is told apart, since a repetition shows the first result instead of an error.</summary>
internal sealed record FoundLink(
    byte[] Hash, LinkPurpose Purpose, Guid RecordId, LinkState State, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt);

/// <summary>
/// Links in mails: 256 random bits, bound to a purpose and a record. <see cref="FindAsync"/> changes nothing (opening shows);
/// <see cref="UseAsync"/> runs in the transaction of the act (a button acts), and exactly one of any number of parallel callers gets true.
/// </summary>
internal static class SecretLinks
{
    private const int Bytes = 32;
    private const int Symbols = 43;

    extension(LinkPurpose purpose)
    {
        /// <summary>How long a link of this purpose lives (security.md, section 7).</summary>
        public TimeSpan Lifetime => purpose switch
        {
            LinkPurpose.ReleaseConfirm => TimeSpan.FromMinutes(10),
            LinkPurpose.PasswordReset => TimeSpan.FromMinutes(15),
            LinkPurpose.ActivationRequest or LinkPurpose.LicenseInformation or LinkPurpose.Objection or LinkPurpose.TransferConfirm
            or LinkPurpose.Registration
                or LinkPurpose.Invitation or LinkPurpose.StaffAccount or LinkPurpose.AddressOld or LinkPurpose.AddressNew
                or LinkPurpose.DataExport => TimeSpan.FromHours(24),
            LinkPurpose.ReleaseRequest or LinkPurpose.TransferDraft or LinkPurpose.LoanRequest or LinkPurpose.AccessObjection
                or LinkPurpose.OwnerConfirm or LinkPurpose.TakerConfirm => TimeSpan.FromDays(14),
            LinkPurpose.Flag or LinkPurpose.TransferStatus or LinkPurpose.Appointment or LinkPurpose.Loan or LinkPurpose.OwnerChange
                or LinkPurpose.OwnerAnswer => TimeSpan.FromDays(90),
            LinkPurpose.CalendarFeed => TimeSpan.FromDays(365),
        };
    }

    /// <summary>
    /// Adds the link to the caller's unit of work, which saves it together with the mail that carries it. Returns the token, never kept.
    /// </summary>
    public static string Issue(PortalDbContext db, LinkPurpose purpose, Guid recordId, DateTimeOffset now, TimeSpan? lifetime = null)
    {
        Span<byte> secret = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(secret);
        db.Add(new MailLink
        {
            Hash = SHA256.HashData(secret),
            Purpose = purpose,
            RecordId = recordId,
            CreatedAt = now,
            ExpiresAt = now + (lifetime ?? purpose.Lifetime),
        });
        return Base64Url.EncodeToString(secret);
    }

    /// <summary>The link, or null if there is none of this purpose. Writes nothing: mail scanners open every link.</summary>
    public static async Task<FoundLink?> FindAsync(
        PortalDbContext db, LinkPurpose purpose, string? token, DateTimeOffset now, CancellationToken cancel = default)
    {
        if (HashOf(token) is not { } hash)
        {
            return null;
        }

        var link = await db.Set<MailLink>().AsNoTracking().SingleOrDefaultAsync(l => l.Hash == hash && l.Purpose == purpose, cancel);
        if (link is null)
        {
            return null;
        }

        var state = link.UsedAt is not null ? LinkState.Used : link.ExpiresAt <= now ? LinkState.Expired : LinkState.Valid;
        return new FoundLink(link.Hash, link.Purpose, link.RecordId, state, link.ExpiresAt, link.UsedAt);
    }

    /// <summary>
    /// Marks the link used, inside the caller's transaction: it counts only if the act commits. False if it is used or expired already;
    /// a parallel second caller waits for the first one's commit and then gets false.
    /// </summary>
    public static async Task<bool> UseAsync(PortalDbContext db, FoundLink link, DateTimeOffset now, CancellationToken cancel = default)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException(
                "SecretLinks was asked to use a link outside a transaction; begin the act's transaction first.");
        }

        return await db.Set<MailLink>()
            .Where(l => l.Hash == link.Hash && l.Purpose == link.Purpose && l.UsedAt == null && l.ExpiresAt > now)
            .ExecuteUpdateAsync(u => u.SetProperty(l => l.UsedAt, now), cancel) == 1;
    }

    /// <summary>Makes every unused link of a record worthless, for example when a new one is sent.</summary>
    public static Task ExpireAsync(
        PortalDbContext db, LinkPurpose purpose, Guid recordId, DateTimeOffset now, CancellationToken cancel = default) =>
        db.Set<MailLink>()
            .Where(l => l.Purpose == purpose && l.RecordId == recordId && l.UsedAt == null && l.ExpiresAt > now)
            .ExecuteUpdateAsync(u => u.SetProperty(l => l.ExpiresAt, now), cancel);

    /// <summary>Whether the text has the form of a token; says nothing about there being such a link.</summary>
    public static bool IsToken(string? text) => HashOf(text) is not null;

    private static byte[]? HashOf(string? token)
    {
        if (token is not { Length: Symbols })
        {
            return null;
        }

        Span<byte> secret = stackalloc byte[Bytes];
        return Base64Url.IsValid(token) && Base64Url.TryDecodeFromChars(token, secret, out var written) && written == Bytes
            ? SHA256.HashData(secret)
            : null;
    }
}
