using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Portal.Settings;

/// <param name="Culture">Of the person's pages and mails.</param>
/// <param name="Owned">The customers whose owner the person is, by name.</param>
internal sealed record MySettings(string Culture, string Email, IReadOnlyList<MyMailSettings> Owned);

/// <param name="Language">Of the mails to the customer's address on file.</param>
internal sealed record MyMailSettings(Guid Customer, string Number, string Company, string Language, bool CopiesReleases, bool CopiesLocks);

/// <summary>
/// The language of somebody's pages and mails and, for owners, of the customer's mails, and which of those come as a copy to the own
/// address.
/// </summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class SaveMySettings(IDbContextFactory<PortalDbContext> contexts, CustomerGate gate)
{
    public async Task<MySettings?> ShowAsync(CustomerActor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Users.Where(u => u.Id == actor.Id).Select(u => new { u.Culture, u.Email })
            .SingleOrDefaultAsync(cancellationToken) is not { } person)
        {
            return null;
        }

        var owned = await (
            from c in Customers.For(db, actor, CustomerUseCaseAttribute.RoleOf<SaveMySettings>())
            join m in db.CustomerMembers on c.Id equals m.CustomerId
            where m.UserId == actor.Id
            orderby c.Company, c.Number
            select new MyMailSettings(c.Id, c.Number, c.Company, c.Language, m.CopiesReleases, m.CopiesLocks))
                .ToListAsync(cancellationToken);
        return new MySettings(person.Culture, person.Email!, owned);
    }

    /// <summary>Saved as often as wanted, it is the same. A customer that is not the person's own is left alone.</summary>
    /// <returns>Why nothing was saved; else null.</returns>
    public async Task<CustomerRefusal?> ExecuteAsync(
        CustomerActor actor, MySettings wanted, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await gate.CheckAccountAsync(db, actor, now, cancellationToken) is not null)
        {
            return CustomerRefusal.SignInEnded;
        }

        await db.Users.Where(u => u.Id == actor.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(u => u.Culture, wanted.Culture), cancellationToken);
        var mine = Customers.For(db, actor, CustomerUseCaseAttribute.RoleOf<SaveMySettings>());
        foreach (var one in wanted.Owned.OrderBy(o => o.Customer))
        {
            await mine.Where(c => c.Id == one.Customer)
                .ExecuteUpdateAsync(s => s.SetProperty(c => c.Language, one.Language), cancellationToken);
            await db.CustomerMembers.Where(m => m.UserId == actor.Id && m.CustomerId == one.Customer && mine.Any(c => c.Id == m.CustomerId))
                .ExecuteUpdateAsync(s => s.SetProperty(m => m.CopiesReleases, one.CopiesReleases)
                    .SetProperty(m => m.CopiesLocks, one.CopiesLocks), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
