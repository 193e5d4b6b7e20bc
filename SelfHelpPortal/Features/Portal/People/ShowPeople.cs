using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Portal.People;

/// <param name="Keys">Of somebody who only had keys: the numbers of those licenses. Whoever belongs to the customer needs none.</param>
internal sealed record PersonView(Guid Id, string Name, string Email, CustomerRole Role, DateTimeOffset Since, IReadOnlyList<string> Keys);

internal sealed record InvitationView(Guid Id, string Email, CustomerRole Role, DateTimeOffset ExpiresAt);

/// <param name="Own">What the reader is there; people and invitations are shown to owners only.</param>
internal sealed record PeopleView(
    Guid Customer, string Company, CustomerRole Own, IReadOnlyList<PersonView> People, IReadOnlyList<InvitationView> Invitations);

/// <summary>Who belongs to the customers of whoever is signed in.</summary>
[CustomerUseCase(CustomerRole.KeyHolder)]
internal sealed class ShowPeople(IDbContextFactory<PortalDbContext> contexts)
{
    public async Task<IReadOnlyList<PeopleView>> ExecuteAsync(CustomerActor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var own = await Customers.KnownTo(db, actor).OrderBy(c => c.Company).ThenBy(c => c.Number)
            .Select(c => new
            {
                c.Id,
                c.Company,
                Role = db.CustomerMembers.Where(m => m.CustomerId == c.Id && m.UserId == actor.Id)
                .Select(m => (CustomerRole?)m.Role).SingleOrDefault()
            })
            .ToListAsync(cancellationToken);
        var owned = Customers.For(db, actor, CustomerRole.Owner).Select(c => c.Id);
        var people = await (
            from m in db.CustomerMembers
            join u in db.Users on m.UserId equals u.Id
            where owned.Contains(m.CustomerId)
            orderby u.DisplayName, u.Email
            select new { m.CustomerId, Person = new PersonView(u.Id, u.DisplayName, u.Email!, m.Role, m.Since, Array.Empty<string>()) })
                .ToListAsync(cancellationToken);
        var keys = await (
            from k in db.KeyAccesses
            join u in db.Users on k.UserId equals u.Id
            join l in db.Licenses on k.LicenseId equals l.Id
            where owned.Contains(k.CustomerId)
            orderby u.DisplayName, u.Email, l.Number
            select new { k.CustomerId, u.Id, u.DisplayName, u.Email, k.Since, l.Number }).ToListAsync(cancellationToken);
        var holders = keys.GroupBy(k => (k.CustomerId, k.Id)).Select(g => new
        {
            g.Key.CustomerId,
            Person = new PersonView(g.Key.Id, g.First().DisplayName, g.First().Email!, CustomerRole.KeyHolder, g.Min(k => k.Since),
                [.. g.Select(k => k.Number)]),
        });
        var invitations = await db.Set<Registration>()
            .Where(r => r.CustomerId != null && owned.Contains(r.CustomerId.Value) && r.UsedAt == null && r.ExpiresAt > now)
            .OrderBy(r => r.ExpiresAt)
            .Select(r => new { r.CustomerId, Invitation = new InvitationView(r.Id, r.Email, r.Role ?? CustomerRole.Member, r.ExpiresAt) })
            .ToListAsync(cancellationToken);
        return
        [
            .. own.Select(c => new PeopleView(
                c.Id, c.Company, c.Role ?? CustomerRole.KeyHolder,
                [.. people.Concat(holders).Where(p => p.CustomerId == c.Id).Select(p => p.Person)],
                [.. invitations.Where(i => i.CustomerId == c.Id).Select(i => i.Invitation)])),
        ];
    }
}
