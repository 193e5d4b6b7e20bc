using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using Buyer = SelfHelpPortal.Licensing.Customer;

namespace SelfHelpPortal.Features.Staff.Customers;

/// <summary>One of the two customers of a merge, with how much it has.</summary>
internal sealed record MergeSide(
    Guid Id, string Number, CustomerDetails Details, string Email, bool RemindersPaused, IReadOnlyList<string> Licenses, int Orders,
    int Invoices, int OpenInvoices, int Cases, int Mails, int Invitations, IReadOnlyList<CustomerPerson> People);

/// <summary>What a merge would do.</summary>
/// <param name="Source">Of which the number is left.</param>
/// <param name="Target">Which has everything afterwards.</param>
/// <param name="Result">The target's details then.</param>
internal sealed record MergeView(MergeSide Source, MergeSide Target, CustomerDetails Result)
{
    /// <summary>People of the source who do not belong to the target yet: somebody decides what they will see.</summary>
    public IReadOnlyList<CustomerPerson> Newcomers =>
        [.. Source.People.Where(p => p.Role != CustomerRole.KeyHolder && !Target.People.Any(own => IsMember(own) && own.Id == p.Id))];

    /// <summary>People of the target: they see the licenses of the source afterwards.</summary>
    public IReadOnlyList<CustomerPerson> Gainers => [.. Target.People.Where(IsMember)];

    private static bool IsMember(CustomerPerson person) => person.Role != CustomerRole.KeyHolder;
}

/// <param name="Likely">Customers with the same name or address, which may be the same.</param>
internal sealed record MergeChoice(string Number, string Company, string Email, IReadOnlyList<FoundCustomer> Likely);

/// <summary>Shows two customers side by side before they are merged, and what would move.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class ShowMerge(StaffReads reads)
{
    private const int MostLikely = 10;

    /// <summary>Null also when both are the same, or one of them was erased.</summary>
    public Task<StaffAnswer<MergeView>> ExecuteAsync(
        StaffActor actor, string number, string into, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(
            typeof(ShowMerge), actor, new(AuditKind.CustomerOpened, number, into),
            db => ReadAsync(db, number, into, now, cancellationToken), now, cancellationToken);

    /// <summary>Whom the customer may be merged with.</summary>
    public Task<StaffAnswer<MergeChoice>> FindAsync(
        StaffActor actor, string number, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(
            typeof(ShowMerge), actor, new(AuditKind.CustomerOpened, number), db => FindAsync(db, number, cancellationToken), now,
            cancellationToken);

    private static async Task<MergeChoice?> FindAsync(PortalDbContext db, string number, CancellationToken cancellationToken)
    {
        if (await Living(db, number).SingleOrDefaultAsync(cancellationToken) is not { } customer)
        {
            return null;
        }

        var likely = await db.Customers
            .FromSql($"SELECT * FROM customer WHERE lower(email) = lower({customer.Email}) OR lower(company) = lower({customer.Company})")
            .Where(c => c.Id != customer.Id && c.MergedIntoId == null && c.ErasedAt == null)
            .OrderBy(c => c.Id).Take(MostLikely)
            .Select(c => new FoundCustomer(
                c.Number, c.Company, c.Email, c.PostalCode, c.City, c.Country, db.Licenses.Count(l => l.CustomerId == c.Id), false))
            .ToListAsync(cancellationToken);
        return new(customer.Number, customer.Company, customer.Email, likely);
    }

    private static async Task<MergeView?> ReadAsync(
        PortalDbContext db, string number, string into, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await Living(db, number).SingleOrDefaultAsync(cancellationToken) is not { } source
            || await Living(db, into).SingleOrDefaultAsync(cancellationToken) is not { } target || source.Id == target.Id)
        {
            return null;
        }

        return new(
            await SideAsync(db, source, now, cancellationToken), await SideAsync(db, target, now, cancellationToken),
            CustomerDetails.From(target).FilledFrom(CustomerDetails.From(source)));
    }

    private static IQueryable<Buyer> Living(PortalDbContext db, string number) =>
        db.CustomersNumbered(number).AsNoTracking().Where(c => c.ErasedAt == null);

    private static async Task<MergeSide> SideAsync(
        PortalDbContext db, Buyer customer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = customer.Id;
        return new(
            id,
            customer.Number,
            CustomerDetails.From(customer),
            customer.Email,
            customer.RemindersPaused,
            await db.Licenses.Where(l => l.CustomerId == id).OrderBy(l => l.Id).Select(l => l.Number).ToListAsync(cancellationToken),
            await db.Transfers.CountAsync(r => r.CustomerId == id, cancellationToken),
            await db.Invoices.CountAsync(i => i.CustomerId == id, cancellationToken),
            await db.Invoices.CountAsync(
                i => i.CustomerId == id && i.Kind == InvoiceKind.Invoice && i.State == InvoiceState.Issued, cancellationToken),
            await db.Flags.CountAsync(
                f => f.State != FlagState.Resolved && db.Licenses.Any(l => l.Id == f.LicenseId && l.CustomerId == id), cancellationToken),
            await db.Set<OutboxMessage>().CountAsync(m => m.CustomerId == id, cancellationToken),
            await db.Set<Registration>().CountAsync(r => r.CustomerId == id && r.UsedAt == null && r.ExpiresAt > now, cancellationToken),
            await ShowCustomer.PeopleAsync(db, id, cancellationToken));
    }
}
