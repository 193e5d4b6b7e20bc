using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Features.Account;

internal enum AddressStep
{
    /// <summary>Asks for the confirmation of this address.</summary>
    Ready,

    /// <summary>This one has confirmed, the other one has not.</summary>
    Waiting,
    Done,

    /// <summary>Meanwhile the new address has an account of its own.</summary>
    Taken,
}

/// <param name="IsOld">The link went to the address that is left.</param>
internal sealed record AddressView(AddressStep Step, bool IsOld, string NewEmail);

/// <summary>
/// Second half of another address for signing in: each of the two confirms by its own link, and with the second one it counts.
/// </summary>
internal sealed class ConfirmAddress(PortalDbContext db, UserManager<PortalUser> users, AccountMails mails)
{
    /// <summary>Null when the link is unknown or expired. Changes nothing.</summary>
    public async Task<AddressView?> ShowAsync(string token, DateTimeOffset now, CancellationToken cancellationToken) =>
        await FindAsync(token, now, cancellationToken) is var (link, change)
            ? View(link.Purpose, change, link.State == LinkState.Used)
            : null;

    public async Task<AddressView?> ExecuteAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await FindAsync(token, now, cancellationToken) is not var (link, _))
        {
            return null;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var locked = await db.Set<AddressChange>().FromSql($"SELECT * FROM address_change WHERE id = {link.RecordId} FOR UPDATE")
            .ToListAsync(cancellationToken);
        if (locked is not [{ } change])
        {
            return null;
        }

        if (!await SecretLinks.UseAsync(db, link, now, cancellationToken))
        {
            return View(link.Purpose, change, isUsed: true);
        }

        var isOld = link.Purpose == LinkPurpose.AddressOld;
        await MailAddressStanding.LiftAsync(db, isOld ? change.OldEmail : change.NewEmail, cancellationToken);
        change.OldConfirmedAt = isOld ? now : change.OldConfirmedAt;
        change.NewConfirmedAt = isOld ? change.NewConfirmedAt : now;
        if (change is { OldConfirmedAt: not null, NewConfirmedAt: not null })
        {
            if (await users.FindByIdAsync(change.UserId.ToString()) is not { } user || user.LockoutEnd > now
                || user.Email != change.OldEmail)
            {
                return null;
            }

            if (!await ChangeAsync(user, change, now, cancellationToken))
            {
                return new AddressView(AddressStep.Taken, isOld, change.NewEmail);
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return View(link.Purpose, change, isUsed: true);
    }

    private async Task<bool> ChangeAsync(PortalUser user, AddressChange change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        change.DoneAt = now;
        user.UserName = user.Email = change.NewEmail;
        try
        {
            if (!(await users.UpdateSecurityStampAsync(user)).Succeeded)
            {
                return false;
            }
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false;
        }

        // Whoever reads the old mailbox gets in by it no more.
        await SecretLinks.ExpireAsync(db, LinkPurpose.PasswordReset, user.Id, now, cancellationToken);
        await mails.NotifyOldAddressAsync(db, user, change.OldEmail, now, cancellationToken);
        return true;
    }

    private async Task<(FoundLink Link, AddressChange Change)?> FindAsync(
        string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var link = await SecretLinks.FindAsync(db, LinkPurpose.AddressOld, token, now, cancellationToken)
            ?? await SecretLinks.FindAsync(db, LinkPurpose.AddressNew, token, now, cancellationToken);
        return link is { State: not LinkState.Expired }
            && await db.Set<AddressChange>().AsNoTracking()
            .SingleOrDefaultAsync(c => c.Id == link.RecordId, cancellationToken) is { } change
            && (change.DoneAt is not null || change.ExpiresAt > now)
            ? (link, change)
            : null;
    }

    private static AddressView View(LinkPurpose purpose, AddressChange change, bool isUsed) => new(
        change.DoneAt is not null ? AddressStep.Done : isUsed ? AddressStep.Waiting : AddressStep.Ready, purpose == LinkPurpose.AddressOld,
        change.NewEmail);
}
