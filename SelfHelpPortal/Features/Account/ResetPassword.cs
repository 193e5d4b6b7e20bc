using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account.Mails;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Requests;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account;

/// <summary>Writes the link for a new password to the owner of the account, if there is one that may sign in.</summary>
internal sealed class WriteReset(Outbox outbox, PublicAddress address)
{
    public static readonly MailRequestKind Kind = new(
        "password-reset",
        LimitedMail.PasswordReset,
        (services, db, asked, now, cancellationToken) =>
            services.GetRequiredService<WriteReset>().WriteAsync(db, asked, now, cancellationToken));

    private async Task WriteAsync(PortalDbContext db, MailRequest asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Of staff only who has set up the account: until then, or after an administrator's reset, their own link is the one way in.
        if (await db.FindUserAsync(asked.Address, cancellationToken) is not { } user || user.LockoutEnd > now
            || (user.PasswordHash is null && await db.IsStaffAsync(user.Id, cancellationToken)))
        {
            return;
        }

        var token = SecretLinks.Issue(db, LinkPurpose.PasswordReset, user.Id, now);
        var mail = new PasswordResetMail(new MailRecipient(user.Email!, user.DisplayName, user.Culture))
        {
            RequestId = asked.Id,
            AskedAt = asked.AskedAt,
            Link = new OneTimeLink(address.For($"/account/reset/{token}"), now + LinkPurpose.PasswordReset.Lifetime),
        };
        await outbox.EnqueueAsync(db, mail, now, cancellationToken);
    }
}

/// <summary>
/// A new password by the link in a mail. It ends every sign-in and leaves the second factor as it is: who has the mailbox alone does not
/// get further than before.
/// </summary>
internal sealed class ResetPassword(PortalDbContext db, UserManager<PortalUser> users, PasswordLimiter passwords, AccountMails mails)
{
    /// <summary>The address of the account; null when the link is unknown, used or expired.</summary>
    public async Task<string?> ShowAsync(string token, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await FindAsync(token, now, cancellationToken)).User?.Email;

    /// <returns>Keys of the page's texts, none when it is done; null when the link is none any more.</returns>
    public async Task<string[]?> ExecuteAsync(string token, string wanted, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (link, user) = await FindAsync(token, now, cancellationToken);
        if (link is null || user is null)
        {
            return null;
        }

        if (await users.PasswordProblemsAsync(user, wanted) is [_, ..] problems)
        {
            return problems;
        }

        if (passwords.TryHash(user, wanted) is not { } hash)
        {
            return [SetUpAccount.Busy];
        }

        user.PasswordHash = hash;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await SecretLinks.UseAsync(db, link, now, cancellationToken))
        {
            return null;
        }

        (await users.UpdateSecurityStampAsync(user)).ThrowIfRefused();
        await SecretLinks.ExpireAsync(db, LinkPurpose.PasswordReset, user.Id, now, cancellationToken);
        await mails.NotifyChangeAsync(db, user, SecurityChange.Password, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return [];
    }

    private async Task<(FoundLink? Link, PortalUser? User)> FindAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var link = await SecretLinks.FindAsync(db, LinkPurpose.PasswordReset, token, now, cancellationToken);
        return link is { State: LinkState.Valid }
            && await users.FindByIdAsync(link.RecordId.ToString()) is { } user
            && !(user.LockoutEnd > now)
            ? (link, user)
            : (null, null);
    }
}
