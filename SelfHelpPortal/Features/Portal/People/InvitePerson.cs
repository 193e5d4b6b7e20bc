using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Portal.People;

/// <param name="Email">Normalized.</param>
/// <param name="Language">Of the owner's pages, and so of the mail.</param>
internal sealed record Invited(string Email, CustomerRole Role, string Language);

/// <summary>
/// Writes to somebody who is to belong to the customer. Whether the address has an account makes no difference here. Who invites stands on
/// the page behind the link: whoever reads the mail has confirmed nothing yet, so nothing that others typed stands in it.
/// </summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class InvitePerson(PeopleActs acts, AttemptLimiter limiter, Outbox outbox, PublicAddress address)
{
    public async Task<PeopleAnswer> ExecuteAsync(
        CustomerAct act, Guid customer, Invited invited, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var counted = await limiter.RecordFailureAsync(
            AttemptSubjects.ForMailOf(LimitedMail.Invitation, invited.Email, act.Actor.Id), now, cancellationToken);
        return counted.Allowed
            ? await acts.RunAsync(
                typeof(InvitePerson), act, customer, new { invited.Email, invited.Role }, db =>
                    DecideAsync(db, act, customer, invited, now, cancellationToken), now, cancellationToken)
            : new PeopleAnswer(MembershipError.TooManyTries, null, counted.RetryAt);
    }

    private async Task<MembershipError?> DecideAsync(
        PortalDbContext db, CustomerAct act, Guid customer, Invited invited, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.FindUserAsync(invited.Email, cancellationToken) is { } user
            && await db.CustomerMembers.AnyAsync(m => m.CustomerId == customer && m.UserId == user.Id, cancellationToken))
        {
            return MembershipError.Belongs;
        }

        var open = await db.Set<Registration>().Where(r => r.CustomerId == customer && r.UsedAt == null)
            .Select(r => new { r.Id, r.Email }).ToListAsync(cancellationToken);
        var same = open.Where(r => AccountLookUp.Normalize(r.Email) == AccountLookUp.Normalize(invited.Email)).Select(r => r.Id).ToList();
        await Invitations.WithdrawAsync(db, r => same.Contains(r.Id), now, cancellationToken);
        var registration = new Registration
        {
            Id = Guid.CreateVersion7(now),
            Email = invited.Email,
            CustomerId = customer,
            Role = invited.Role,
            InvitedBy = act.Actor.Id,
            CreatedAt = now,
            ExpiresAt = now + LinkPurpose.Invitation.Lifetime,
        };
        db.Add(registration);
        var token = SecretLinks.Issue(db, LinkPurpose.Invitation, registration.Id, now);
        var mail = new CustomerInvitationMail(new MailRecipient(invited.Email, null, invited.Language))
        {
            CustomerId = customer,
            RegistrationId = registration.Id,
            AsOwner = invited.Role == CustomerRole.Owner,
            Link = new OneTimeLink(address.For($"/account/confirm/{token}"), registration.ExpiresAt),
        };
        await outbox.EnqueueAsync(db, mail, now, cancellationToken);
        return null;
    }
}

/// <summary>Takes an invitation back that nobody has used.</summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class WithdrawInvitation(PeopleActs acts)
{
    public Task<PeopleAnswer> ExecuteAsync(
        CustomerAct act, Guid customer, Guid invitation, DateTimeOffset now, CancellationToken cancellationToken) => acts.RunAsync(
        typeof(WithdrawInvitation),
        act,
        customer,
        invitation,
        async db => await Invitations.WithdrawAsync(db, r => r.Id == invitation && r.CustomerId == customer, now, cancellationToken) > 0
        ? null
        : MembershipError.Gone,
        now,
        cancellationToken);
}
