using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Account.Mails;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Requests;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account;

/// <summary>
/// Tells the owner of an account, if there is one that may sign in, that wrong passwords have locked the sign-in, and until when. Nobody
/// else learns of it: to whoever typed them, a lock looks like one more wrong password.
/// </summary>
internal sealed class WriteSignInLocked(Outbox outbox)
{
    /// <summary>For every device on which the owner has not signed in yet.</summary>
    public static readonly MailRequestKind Everywhere = KindOf("sign-in-locked", isEverywhere: true);

    /// <summary>For where the passwords were typed.</summary>
    public static readonly MailRequestKind Here = KindOf("sign-in-locked-here", isEverywhere: false);

    private static MailRequestKind KindOf(string name, bool isEverywhere) => new(
        name,
        LimitedMail.SignInLocked,
        (services, db, asked, now, cancellationToken) =>
            services.GetRequiredService<WriteSignInLocked>().WriteAsync(db, asked, isEverywhere, now, cancellationToken));

    private async Task WriteAsync(
        PortalDbContext db, MailRequest asked, bool isEverywhere, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.FindUserAsync(asked.Address, cancellationToken) is { } user && !(user.LockoutEnd > now) && asked.Until is { } until)
        {
            var mail = new SignInLockedMail(new MailRecipient(user.Email!, user.DisplayName, user.Culture))
            {
                RequestId = asked.Id,
                LockedAt = asked.AskedAt,
                Until = until,
                IsEverywhere = isEverywhere,
            };
            await outbox.EnqueueAsync(db, mail, now, cancellationToken);
        }
    }
}
