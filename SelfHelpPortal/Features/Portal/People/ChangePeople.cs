using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Portal.People;

/// <summary>Makes a member an owner, or an owner a member; or agrees that somebody who came with a key belongs to the customer.</summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class ChangeRole(PeopleActs acts, PeopleRules rules)
{
    public Task<PeopleAnswer> ExecuteAsync(CustomerAct act, Guid customer, Guid person, CustomerRole role, DateTimeOffset now,
        CancellationToken cancellationToken) => acts.RunAsync(
        typeof(ChangeRole), act, customer, new { person, role }, db =>
            rules.SetAsync(db, act, customer, person, role, now, cancellationToken), now, cancellationToken);
}

/// <summary>Takes somebody's access away. It ends at once: every act and every read asks the database who belongs.</summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class RemovePerson(PeopleActs acts, PeopleRules rules)
{
    public Task<PeopleAnswer> ExecuteAsync(
        CustomerAct act, Guid customer, Guid person, DateTimeOffset now, CancellationToken cancellationToken) => acts.RunAsync(
        typeof(RemovePerson), act, customer, person, db =>
            rules.SetAsync(db, act, customer, person, role: null, now, cancellationToken), now, cancellationToken);
}

/// <summary>Somebody gives up the own access.</summary>
[CustomerUseCase(CustomerRole.KeyHolder)]
internal sealed class LeaveCustomer(PeopleActs acts, PeopleRules rules)
{
    public Task<PeopleAnswer> ExecuteAsync(CustomerAct act, Guid customer, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
        typeof(LeaveCustomer), act, customer, customer, db =>
            rules.SetAsync(db, act, customer, act.Actor.Id, role: null, now, cancellationToken), now, cancellationToken);
}

internal sealed class PeopleRules(MembershipChanges people)
{
    /// <summary>Somebody who may decide stays, and whoever may no longer decide has invited nobody.</summary>
    public async Task<MembershipError?> SetAsync(
        PortalDbContext db, CustomerAct act, Guid customer, Guid person, CustomerRole? role, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var members = await db.CustomerMembers.AsNoTracking().Where(m => m.CustomerId == customer).ToListAsync(cancellationToken);
        var before = members.Find(m => m.UserId == person)?.Role;
        if (before is null && !await db.KeyAccesses.AnyAsync(k => k.CustomerId == customer && k.UserId == person, cancellationToken))
        {
            return MembershipError.Gone;
        }

        if (role != CustomerRole.Owner && before == CustomerRole.Owner && members.Count(m => m.Role == CustomerRole.Owner) == 1)
        {
            return MembershipError.LastOwner;
        }

        if (role != CustomerRole.Owner)
        {
            await Invitations.WithdrawAsync(db, r => r.CustomerId == customer && r.InvitedBy == person, now, cancellationToken);
        }

        await people.SetAsync(db, customer, person, role, act.Actor.AsActor(), now, cancellationToken);
        return null;
    }
}
