using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Portal.Licenses;

/// <param name="OwnName">As it stands now.</param>
internal sealed record NamedComputer(string Product, string? OwnName, string? PcName);

/// <summary>Gives a computer the name its people know it by.</summary>
[CustomerUseCase(CustomerRole.Member)]
internal sealed class NameComputer(CustomerActs acts, IDbContextFactory<PortalDbContext> contexts)
{
    public const int Longest = 50;

    /// <summary>Null when there is no such computer for this person.</summary>
    public async Task<NamedComputer?> ShowAsync(CustomerActor actor, string number, Guid computer, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await OwnLicense.FindAsync(db, actor, typeof(NameComputer), number, cancellationToken) is not { } own ? null : await (
            from a in db.Activations
            join l in db.Licenses on a.LicenseId equals l.Id
            join p in db.Products on l.ProductId equals p.Id
            where a.Id == computer && a.LicenseId == own.Id
            select new NamedComputer(p.Name, a.OwnName, a.PcName)).SingleOrDefaultAsync(cancellationToken);
    }

    /// <param name="name">Empty: none of its own any more.</param>
    public async Task<CustomerAnswer<NamedComputer>> ExecuteAsync(
        CustomerAct act, string number, Guid computer, string? name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await OwnLicense.FindAsync(db, act.Actor, typeof(NameComputer), number, cancellationToken) is not { } own)
        {
            return CustomerRefusal.NotFound;
        }

        return await acts.RunAsync<NamedComputer>(
            typeof(NameComputer), act, own.CustomerId, new { computer, name }, NameAsync, now, cancellationToken);

        async Task<CustomerAnswer<NamedComputer>> NameAsync(PortalDbContext transaction)
        {
            if (await transaction.LockLicenseAsync(own.Id, cancellationToken) is not { } license
                || license.Activations.SingleOrDefault(a => a.Id == computer) is not { } named)
            {
                return CustomerRefusal.NotFound;
            }

            license.NameComputer(named, name);
            return new NamedComputer(license.ProductId, named.OwnName, named.PcName);
        }
    }
}
