using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Contacts;

namespace SelfHelpPortal.Shared.Access;

/// <summary>
/// Changes who belongs to a customer and lets the address on file and the owners know, so that nobody takes a customer over unseen.
/// </summary>
internal sealed class MembershipChanges(OwnerMails owners, PublicAddress address)
{
    /// <summary>As <see cref="Memberships.SetMemberAsync"/>; whoever did it themselves gets no copy.</summary>
    public async Task SetAsync(
        PortalDbContext db, Guid customer, Guid user, CustomerRole? role, Actor actor, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (await db.SetMemberAsync(customer, user, role, actor, now, cancellationToken) is not { } change)
        {
            return;
        }

        var told = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == customer, cancellationToken);
        var person = await db.Users.Where(u => u.Id == user).Select(u => u.Email).SingleOrDefaultAsync(cancellationToken);
        if (told.ErasedAt is not null || person is null
            || (actor.Id == user && await IsAloneAsync(db, told, user, person, cancellationToken)))
        {
            return;
        }

        var mail = new AccessChangedMail(told.AsRecipient())
        {
            CustomerId = customer,
            ChangeId = Guid.CreateVersion7(now),
            CustomerNumber = told.Number,
            Person = MailAddresses.Mask(person),
            Before = Of(change.Before),
            After = Of(change.After),
            By = actor.Id == user ? null : actor.Name,
            ChangedAt = now,
            PeopleAddress = address.For("/my/people"),
        };
        await owners.EnqueueAsync(db, customer, mail, owner => owner.UserId != actor.Id, now, cancellationToken);
    }

    /// <summary>Whoever has the address on file and is the only owner would be told of nobody but themselves.</summary>
    private static async Task<bool> IsAloneAsync(
        PortalDbContext db, Licensing.Customer customer, Guid user, string email, CancellationToken cancellationToken) =>
        string.Equals(customer.Email, email, StringComparison.OrdinalIgnoreCase)
        && !await db.CustomerMembers.AnyAsync(
            m => m.CustomerId == customer.Id && m.Role == CustomerRole.Owner && m.UserId != user, cancellationToken);

    private static AccessOf Of(CustomerRole? given) => given is not { } role ? AccessOf.None : role switch
    {
        CustomerRole.KeyHolder => AccessOf.KeyHolder,
        CustomerRole.Member => AccessOf.Member,
        CustomerRole.Owner => AccessOf.Owner,
    };
}
