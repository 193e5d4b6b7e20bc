using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account.Mails;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account;

/// <summary>What the owner of an account is told about it; added to the caller's unit of work.</summary>
internal sealed class AccountMails(Outbox outbox)
{
    public Task NotifyChangeAsync(
        PortalDbContext db, PortalUser user, SecurityChange what, DateTimeOffset now, CancellationToken cancellationToken) =>
        outbox.EnqueueAsync(db, new SecurityNoticeMail(To(user)) { ChangeId = Guid.CreateVersion7(now), What = what, ChangedAt = now }, now,
            cancellationToken);

    /// <summary>To the address that was left: there the owner is reached who did not do it.</summary>
    public Task NotifyOldAddressAsync(
        PortalDbContext db, PortalUser user, string oldAddress, DateTimeOffset now, CancellationToken cancellationToken) =>
        outbox.EnqueueAsync(
            db,
            new SecurityNoticeMail(To(user) with { Address = oldAddress })
            {
                ChangeId = Guid.CreateVersion7(now),
                What = SecurityChange.Address,
                ChangedAt = now
            },
            now,
            cancellationToken);

    public Task NotifyNewDeviceAsync(
        PortalDbContext db, PortalUser user, string network, DateTimeOffset now, CancellationToken cancellationToken) =>
        outbox.EnqueueAsync(db, new NewDeviceMail(To(user)) { SignInId = Guid.CreateVersion7(now), SignedInAt = now, Network = network },
            now, cancellationToken);

    public Task NotifyWrongCodesAsync(
        PortalDbContext db, PortalUser user, string network, DateTimeOffset now, CancellationToken cancellationToken) =>
        outbox.EnqueueAsync(db, new WrongCodeMail(To(user)) { TryId = Guid.CreateVersion7(now), TriedAt = now, Network = network }, now,
            cancellationToken);

    private static MailRecipient To(PortalUser user) => new(user.Email!, user.DisplayName, user.Culture);
}
