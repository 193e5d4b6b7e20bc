using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Portal.Licenses;

/// <param name="Customers">Those the person belongs to, by name.</param>
/// <param name="Next">The number of the last license shown, when there are more.</param>
internal sealed record MyLicensesView(IReadOnlyList<MyCustomer> Customers, string? Next);

/// <param name="IsByKey">The person sees single licenses of it, those whose keys he had, and belongs to it only once somebody
/// agrees.</param>
/// <param name="Licenses">Of this page; oldest first.</param>
internal sealed record MyCustomer(
    Guid Id, string Number, string Company, bool IsByKey, bool IsOwner, IReadOnlyList<MyLicense> Licenses);

internal sealed record MyLicense(
    Guid Id, Guid CustomerId, string Number, string ProductId, string Product, string LastFive, LicenseState State, int Seats,
    DateTimeOffset? ExpiresAt, DateOnly? MaintenanceUntil, string? CaseNumber)
{
    /// <summary>The subscription has ended or soon will, and the reader may renew it.</summary>
    public bool IsRenewalDue { get; init; }

    /// <summary>Those that use it now.</summary>
    public IReadOnlyList<MyComputer> Computers { get; init; } = [];

    public int SeatsInUse => Computers.Count(c => c.HasSeat);
}

/// <param name="Name">The owner's own name for it, else what the computer calls itself.</param>
/// <param name="HasSeat">One that ends by itself has none.</param>
internal sealed record MyComputer(Guid LicenseId, string? Name, DateTimeOffset ActivatedAt, DateTimeOffset? SeenAt, bool HasSeat);

/// <summary>The licenses of everybody the person belongs to, with the computers that use them.</summary>
[CustomerUseCase(CustomerRole.KeyHolder)]
internal sealed class ShowMyLicenses(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, LocalTimes times)
{
    public const int PageSize = 50;

    /// <param name="after">The number of a license: what follows it.</param>
    public async Task<MyLicensesView> ExecuteAsync(
        CustomerActor actor, string? after, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var customers = await Customers.KnownTo(db, actor).OrderBy(c => c.Company).ThenBy(c => c.Number)
            .Select(c => new MyCustomer(c.Id, c.Number, c.Company,
                !db.CustomerMembers.Any(m => m.CustomerId == c.Id && m.UserId == actor.Id),
                db.CustomerMembers.Any(m => m.CustomerId == c.Id && m.UserId == actor.Id && m.Role == CustomerRole.Owner),
                Array.Empty<MyLicense>()))
            .ToListAsync(cancellationToken);
        if (customers is [])
        {
            return new MyLicensesView([], null);
        }

        var licenses = Customers.LicensesOf(db, actor, CustomerUseCaseAttribute.RoleOf<ShowMyLicenses>());
        if (after is not null && await licenses.Where(l => l.Number == after).Select(l => new { l.CustomerId, l.Id })
            .SingleOrDefaultAsync(cancellationToken) is { } from)
        {
            licenses = licenses.Where(l => l.CustomerId > from.CustomerId || (l.CustomerId == from.CustomerId && l.Id > from.Id));
        }

        var found = await (
            from l in licenses.OrderBy(l => l.CustomerId).ThenBy(l => l.Id)
            join p in db.Products on l.ProductId equals p.Id
            select new MyLicense(
                l.Id, l.CustomerId, l.Number, p.Id, p.Name, l.Key.LastFive, l.State, l.Seats, l.ExpiresAt, l.MaintenanceUntil,
                l.Flags.Where(f => f.State != FlagState.Resolved).OrderBy(f => f.OpenedAt).Select(f => f.Number).FirstOrDefault()))
            .Take(PageSize + 1).ToListAsync(cancellationToken);
        var page = found.Take(PageSize).ToList();
        var ids = page.Select(l => l.Id).ToList();
        var computers = (await (
            from a in db.Activations
            where ids.Contains(a.LicenseId) && a.State == ActivationState.Active
            orderby a.Seat
            join s in db.ActivationsSeen on a.Id equals s.ActivationId into seen
            from s in seen.DefaultIfEmpty()
            select new MyComputer(a.LicenseId, a.OwnName ?? a.PcName, a.ActivatedAt, (DateTimeOffset?)s.SeenAt, a.EndsAt == null))
                .ToListAsync(cancellationToken)).ToLookup(c => c.LicenseId);
        var due = await RenewableAsync(db, page, times.Today(now), cancellationToken);
        var owned = customers.Where(c => c.IsOwner).Select(c => c.Id).ToHashSet();
        var byCustomer = page.ToLookup(l => l.CustomerId, l => l with
        {
            Computers = [.. computers[l.Id]],
            IsRenewalDue = due.Contains(l.Id) && owned.Contains(l.CustomerId),
        });
        return new MyLicensesView(
            [.. customers.Select(c =>
                c with { Licenses = [.. byCustomer[c.Id].Select(l => c.IsByKey ? l with { Computers = [.. Masked(l.Computers)] } : l)] })],
            found.Count > PageSize ? page[^1].Number : null);
    }

    /// <summary>Those whose subscription has ended, or ends within the days of the product's policy.</summary>
    private async Task<HashSet<Guid>> RenewableAsync(
        PortalDbContext db, IReadOnlyList<MyLicense> licenses, DateOnly today, CancellationToken cancellationToken)
    {
        var due = new HashSet<Guid>();
        var ending = licenses.Where(l => l is { State: LicenseState.Active, MaintenanceUntil: not null });
        foreach (var ofProduct in ending.GroupBy(l => l.ProductId))
        {
            var policy = (await products.GetAsync(db, ofProduct.Key, cancellationToken)).Policies.Transfer;
            foreach (var license in ofProduct.Where(l => policy.OffersRenewal(l.MaintenanceUntil, today)))
            {
                // Its page offers none for days that were billed already, though the license itself has them only once they are paid.
                if (policy.OffersRenewal(
                    await SubscriptionEnd.FindAsync(db, license.Id, license.MaintenanceUntil, cancellationToken), today))
                {
                    due.Add(license.Id);
                }
            }
        }

        return due;
    }

    /// <summary>As on the page that asks for the key.</summary>
    private static IEnumerable<MyComputer> Masked(IReadOnlyList<MyComputer> computers) =>
        computers.Zip(PcNames.MaskedApart([.. computers.Select(c => c.Name)]), (computer, name) => computer with { Name = name });
}
