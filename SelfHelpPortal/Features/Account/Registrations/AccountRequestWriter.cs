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

namespace SelfHelpPortal.Features.Account.Registrations;

/// <summary>Writes to whoever asked for an account: the link, or that there is an account already, or nothing at all.</summary>
internal sealed class AccountRequestWriter(Outbox outbox, PublicAddress address)
{
    public static readonly MailRequestKind Kind = new(
        "open-account",
        LimitedMail.AccountOpening,
        (services, db, asked, now, cancellationToken) =>
            services.GetRequiredService<AccountRequestWriter>().WriteAsync(db, asked, now, cancellationToken));

    private async Task WriteAsync(PortalDbContext db, MailRequest asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var user = await db.FindUserAsync(asked.Address, cancellationToken);
        if (user?.LockoutEnd > now)
        {
            return;
        }

        var registration = new Registration
        {
            Id = Guid.CreateVersion7(now),
            Email = asked.Address,
            LicenseId = asked.RecordId,
            CreatedAt = now,
            ExpiresAt = now + LinkPurpose.Registration.Lifetime,
        };
        var isStaff = user is not null && await db.IsStaffAsync(user.Id, cancellationToken);
        var customers = isStaff ? [] : await AcceptMembership.FindAsync(db, registration, user?.Id, cancellationToken);
        if (customers.Count > 0)
        {
            db.Add(registration);
            var link =
                new OneTimeLink(address.For($"/account/confirm/{SecretLinks.Issue(db, LinkPurpose.Registration, registration.Id, now)}"),
                    registration.ExpiresAt);
            await outbox.EnqueueAsync(
                db,
                new AccountConfirmMail(new MailRecipient(asked.Address, user?.DisplayName, user?.Culture ?? asked.Culture))
                {
                    RegistrationId = registration.Id,
                    AskedAt = asked.AskedAt,
                    HasAccount = user is not null,
                    Link = link,
                },
                now,
                cancellationToken);
        }
        else if (user is not null)
        {
            await outbox.EnqueueAsync(db, AccountExistsMail.For(user, asked, address), now, cancellationToken);
        }
    }
}
