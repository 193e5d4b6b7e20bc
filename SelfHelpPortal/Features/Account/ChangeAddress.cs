using System.Security.Claims;
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

/// <param name="Open">What was asked for and is not confirmed by both yet.</param>
internal sealed record OwnAddressView(string Email, AddressChange? Open);

/// <param name="Word">Key of the page's texts.</param>
internal sealed record AddressProblem(string Word, DateTimeOffset? RetryAt = null);

/// <summary>First half of another address for signing in: the person asks, and both addresses are written to.</summary>
internal sealed class ChangeAddress(PortalDbContext db, UserManager<PortalUser> users, AttemptLimiter limiter)
{
    public const string NeedsStepUp = OwnAccount.NeedsStepUp;
    public const string SameAddress = "SameAddress";
    public const string TooManyMails = "TooManyMails";

    public async Task<OwnAddressView?> ShowAsync(ClaimsPrincipal principal, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await users.GetUserAsync(principal) is not { } user)
        {
            return null;
        }

        var open = await db.Set<AddressChange>().AsNoTracking().Where(c => c.UserId == user.Id && c.DoneAt == null && c.ExpiresAt > now)
            .OrderByDescending(c => c.CreatedAt).FirstOrDefaultAsync(cancellationToken);
        return new OwnAddressView(user.Email!, open);
    }

    /// <param name="wanted">Normalized. Whether it is taken makes no difference: its owner is told, and never confirms.</param>
    /// <returns>Why not; null when both addresses are written to.</returns>
    public async Task<AddressProblem?> ExecuteAsync(
        ClaimsPrincipal principal, string wanted, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!FreshSignIn.IsFresh(principal, now) || await users.GetUserAsync(principal) is not { } user)
        {
            return new AddressProblem(NeedsStepUp);
        }

        if (string.Equals(wanted, user.Email, StringComparison.OrdinalIgnoreCase))
        {
            return new AddressProblem(SameAddress);
        }

        if (await limiter.RecordFailureAsync(AttemptSubjects.ForMailOf(LimitedMail.AddressChange, wanted, user.Id), now, cancellationToken)
            is { Allowed: false } refused)
        {
            return new AddressProblem(TooManyMails, refused.RetryAt);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT 1 FROM asp_net_users WHERE id = {user.Id} FOR UPDATE", cancellationToken);
        await WithdrawAsync(user.Id, now, cancellationToken);
        var change = new AddressChange
        {
            Id = Guid.CreateVersion7(now),
            UserId = user.Id,
            OldEmail = user.Email!,
            NewEmail = wanted,
            CreatedAt = now,
            ExpiresAt = now + LinkPurpose.AddressNew.Lifetime,
        };
        db.AddRange(change, MailRequests.Ask(WriteAddressChange.Kind, wanted, change.Id, user.Culture, now));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>A new wish takes the place of the one before.</summary>
    private async Task WithdrawAsync(Guid user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var id in await db.Set<AddressChange>().Where(c => c.UserId == user && c.DoneAt == null).Select(c => c.Id)
            .ToListAsync(cancellationToken))
        {
            await SecretLinks.ExpireAsync(db, LinkPurpose.AddressOld, id, now, cancellationToken);
            await SecretLinks.ExpireAsync(db, LinkPurpose.AddressNew, id, now, cancellationToken);
            await db.Set<AddressChange>().Where(c => c.Id == id).ExecuteDeleteAsync(cancellationToken);
        }
    }
}

/// <summary>Writes to both addresses; to the owner of a new one that is taken, what it was wanted for.</summary>
internal sealed class WriteAddressChange(Outbox outbox, PublicAddress address)
{
    public static readonly MailRequestKind Kind = new(
        "address-change",
        LimitedMail.AddressChange,
        (services, db, asked, now, cancellationToken) =>
            services.GetRequiredService<WriteAddressChange>().WriteAsync(db, asked, now, cancellationToken));

    private async Task WriteAsync(PortalDbContext db, MailRequest asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A later wish has taken its place.
        if (await db.Set<AddressChange>().AsNoTracking()
            .SingleOrDefaultAsync(c => c.Id == asked.RecordId, cancellationToken) is not { } change)
        {
            return;
        }

        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == change.UserId, cancellationToken);
        await outbox.EnqueueAsync(db, Mail(db, user, change, LinkPurpose.AddressOld, now), now, cancellationToken);
        if (await db.FindUserAsync(change.NewEmail, cancellationToken) is not { } taken)
        {
            await outbox.EnqueueAsync(db, Mail(db, user, change, LinkPurpose.AddressNew, now), now, cancellationToken);
        }
        else if (!(taken.LockoutEnd > now))
        {
            await outbox.EnqueueAsync(db, AccountExistsMail.For(taken, asked, address), now, cancellationToken);
        }
    }

    private AddressChangeMail Mail(PortalDbContext db, PortalUser user, AddressChange change, LinkPurpose purpose, DateTimeOffset now)
    {
        var isOld = purpose == LinkPurpose.AddressOld;
        var token = SecretLinks.Issue(db, purpose, change.Id, now, change.ExpiresAt - now);
        return new AddressChangeMail(new MailRecipient(isOld ? change.OldEmail : change.NewEmail, user.DisplayName, user.Culture))
        {
            ChangeId = change.Id,
            ToOld = isOld,
            NewAddress = change.NewEmail,
            AskedAt = change.CreatedAt,
            Link = new OneTimeLink(address.For($"/account/address/{token}"), change.ExpiresAt),
        };
    }
}
