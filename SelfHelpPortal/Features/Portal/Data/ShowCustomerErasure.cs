using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Portal.Data;

/// <summary>Invoices that the law keeps to the same day.</summary>
internal sealed record KeptInvoices(DateOnly Until, int Count);

/// <param name="Licenses">Those that go on being usable.</param>
/// <param name="Unpaid">Numbers of invoices that stand against it, as do <paramref name="Orders"/> under way and <paramref name="Flags"/>
/// that are open.</param>
internal sealed record CustomerErasure(
    Guid Id, string Number, string Company, string Email, int People, int Licenses, IReadOnlyList<KeptInvoices> Kept,
    IReadOnlyList<string> Unpaid,
    IReadOnlyList<string> Orders, IReadOnlyList<string> Flags)
{
    public bool MayBeErased => Unpaid.Count + Orders.Count + Flags.Count == 0;

    /// <param name="customers">Found by ownership.</param>
    public static async Task<CustomerErasure?> ReadAsync(
        PortalDbContext db, IQueryable<Licensing.Customer> customers, CancellationToken cancellationToken)
    {
        if (await customers.AsNoTracking().SingleOrDefaultAsync(cancellationToken) is not { ErasedAt: null } customer)
        {
            return null;
        }

        var invoices = db.Invoices.Where(i => i.CustomerId == customer.Id);
        var licenses = db.Licenses.Where(l => l.CustomerId == customer.Id);
        return new CustomerErasure(
            customer.Id,
            customer.Number,
            customer.Company,
            customer.Email,
            await db.CustomerMembers.CountAsync(m => m.CustomerId == customer.Id, cancellationToken),
            await licenses.CountAsync(l => l.State != LicenseState.Revoked, cancellationToken),
            await invoices.GroupBy(i => i.RetainUntil).OrderBy(g => g.Key).Select(g => new KeptInvoices(g.Key, g.Count()))
            .ToListAsync(cancellationToken),
            await invoices.Where(i => i.Kind == InvoiceKind.Invoice && i.State == InvoiceState.Issued).OrderBy(i => i.Number)
            .Select(i => i.Number).ToListAsync(cancellationToken),
            [
                .. await db.Transfers.Where(r => r.CustomerId == customer.Id && r.EndedAt == null && r.State != TransferState.Draft)
                    .OrderBy(r => r.Reference).Select(r => r.Reference!).ToListAsync(cancellationToken),
                // One that nobody has agreed to goes with the data; it may be a stranger's.
                .. await db.OwnerChanges.Where(c => c.CustomerId == customer.Id
                        && (c.State == OwnerChangeState.InReview || c.State == OwnerChangeState.NeedsAnswer))
                    .OrderBy(c => c.Reference).Select(c => c.Reference).ToListAsync(cancellationToken),
            ],
            await db.Flags.Where(f => f.State != FlagState.Resolved && licenses.Any(l => l.Id == f.LicenseId)).OrderBy(f => f.Number)
            .Select(f => f.Number).ToListAsync(cancellationToken));
    }
}

/// <summary>What goes with the data of a customer, what stays and until when, and what stands against it.</summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class ShowCustomerErasure(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>Null when there is no such customer whom this person owns.</summary>
    public async Task<CustomerErasure?> ExecuteAsync(CustomerActor actor, string number, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var mine = Customers.For(db, actor, CustomerUseCaseAttribute.RoleOf<ShowCustomerErasure>()).Where(c => c.Number == number);
        return await CustomerErasure.ReadAsync(db, mine, cancellationToken);
    }
}
