using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Portal.Data;

/// <param name="RetryAt">With <paramref name="IsSent"/> false: the person has asked often enough for now.</param>
internal sealed record DataAsked(bool IsSent, DateTimeOffset? RetryAt = null);

/// <summary>
/// A person asks for everything the portal knows about them: the link goes to the address of the account, and opens only for whoever is
/// signed in to it. The file is made when it is downloaded, so that nothing lies around.
/// </summary>
[OwnAccountUseCase]
internal sealed class AskForData(
    IDbContextFactory<PortalDbContext> contexts, CustomerActs acts, AttemptLimiter limiter, Outbox outbox, PublicAddress address)
{
    public async Task<CustomerAnswer<DataAsked>> ExecuteAsync(CustomerAct act, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await AddressAsync(act, cancellationToken) is not { } mailbox)
        {
            return CustomerRefusal.SignInEnded;
        }

        var counted = await limiter.RecordFailureAsync(
            AttemptSubjects.ForMailOf(LimitedMail.DataExport, mailbox, act.Actor.Id), now, cancellationToken);
        return counted.Allowed
            ? await acts.RunOwnAsync(
                typeof(AskForData), act, "", db => DecideAsync(db, act, now, cancellationToken), now, cancellationToken)
            : new DataAsked(false, counted.RetryAt);
    }

    private async Task<CustomerAnswer<DataAsked>> DecideAsync(
        PortalDbContext db, CustomerAct act, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == act.Actor.Id, cancellationToken);
        await SecretLinks.ExpireAsync(db, LinkPurpose.DataExport, user.Id, now, cancellationToken);
        var token = SecretLinks.Issue(db, LinkPurpose.DataExport, user.Id, now);
        await outbox.EnqueueAsync(
            db,
            new DataReadyMail(new MailRecipient(user.Email!, user.DisplayName, user.Culture))
            {
                AskId = Guid.CreateVersion7(now),
                AskedAt = now,
                Link = new OneTimeLink(address.For($"/my/data/{token}"), now + LinkPurpose.DataExport.Lifetime),
            },
            now,
            cancellationToken);
        return new DataAsked(true);
    }

    private async Task<string?> AddressAsync(CustomerAct act, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Users.Where(u => u.Id == act.Actor.Id).Select(u => u.Email).SingleOrDefaultAsync(cancellationToken);
    }
}
