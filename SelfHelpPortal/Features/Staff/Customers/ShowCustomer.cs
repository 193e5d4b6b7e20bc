using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Customers;

internal sealed record CustomerView
{
    public required Guid Id { get; init; }
    public required string Number { get; init; }

    /// <summary>Of customers that were merged into this one.</summary>
    public required IReadOnlyList<string> FormerNumbers { get; init; }

    public required CustomerDetails Details { get; init; }
    public required string Email { get; init; }
    public required bool RemindersPaused { get; init; }
    public required DateTimeOffset? ErasedAt { get; init; }
    public required IReadOnlyList<CustomerLicense> Licenses { get; init; }

    /// <summary>Owners first.</summary>
    public required IReadOnlyList<CustomerPerson> People { get; init; }

    /// <summary>Orders that are under way, oldest first.</summary>
    public required IReadOnlyList<CustomerOrder> Orders { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<CustomerInvoice> Invoices { get; init; }

    public required IReadOnlyList<string> Cases { get; init; }

    /// <summary>There are more licenses or invoices than are shown.</summary>
    public required bool HasMoreLicenses { get; init; }

    public required bool HasMoreInvoices { get; init; }

    /// <summary>Newest first.</summary>
    public required History History { get; init; }
}

internal sealed record CustomerLicense(string Number, string Product, LicenseState State, int Seats, int InUse, DateOnly? MaintenanceUntil);

/// <param name="Keys">Of somebody who only has keys: the numbers of those licenses.</param>
internal sealed record CustomerPerson(
    Guid Id, string Name, string Email, CustomerRole Role, DateTimeOffset Since, IReadOnlyList<string> Keys);

internal sealed record CustomerOrder(string Reference, TransferState State, DateTimeOffset CreatedAt);

internal sealed record CustomerInvoice(string Number, InvoiceKind Kind, InvoiceState State, DateOnly IssueDate, Money Gross);

/// <summary>A customer with its licenses, people, orders and invoices.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ShowCustomer(StaffReads reads)
{
    private const int Most = 25;

    /// <param name="number">Also that of a customer that was merged into it.</param>
    public Task<StaffAnswer<CustomerView>> ExecuteAsync(
        StaffActor actor, string number, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(
            typeof(ShowCustomer), actor, new(AuditKind.CustomerOpened, number), db => ReadAsync(db, number, cancellationToken), now,
            cancellationToken);

    private static async Task<CustomerView?> ReadAsync(PortalDbContext db, string number, CancellationToken cancellationToken)
    {
        if (await db.CustomersNumbered(number).AsNoTracking().SingleOrDefaultAsync(cancellationToken) is not { } customer)
        {
            return null;
        }

        var id = customer.Id;
        var licenses = await (
            from l in db.Licenses
            join p in db.Products on l.ProductId equals p.Id
            where l.CustomerId == id
            orderby l.Id descending
            select new CustomerLicense(
                l.Number, p.Name, l.State, l.Seats,
                l.Activations.Count(a => a.State == ActivationState.Active && a.EndsAt == null), l.MaintenanceUntil))
            .Take(Most + 1).ToListAsync(cancellationToken);
        var invoices = await db.Invoices.AsNoTracking().Where(i => i.CustomerId == id).OrderByDescending(i => i.Id)
            .Select(i => new CustomerInvoice(i.Number, i.Kind, i.State, i.IssueDate, i.Gross)).Take(Most + 1)
            .ToListAsync(cancellationToken);
        return new CustomerView
        {
            Id = id,
            Number = customer.Number,
            FormerNumbers = await db.Customers.Where(c => c.MergedIntoId == id).OrderBy(c => c.Number).Select(c => c.Number)
                .ToListAsync(cancellationToken),
            Details = CustomerDetails.From(customer),
            Email = customer.Email,
            RemindersPaused = customer.RemindersPaused,
            ErasedAt = customer.ErasedAt,
            Licenses = [.. licenses.Take(Most)],
            HasMoreLicenses = licenses.Count > Most,
            People = await PeopleAsync(db, id, cancellationToken),
            Orders = await db.Transfers.Where(r => r.CustomerId == id && r.EndedAt == null && r.Reference != null).OrderBy(r => r.Id)
                .Select(r => new CustomerOrder(r.Reference!, r.State, r.CreatedAt)).ToListAsync(cancellationToken),
            Invoices = [.. invoices.Take(Most)],
            HasMoreInvoices = invoices.Count > Most,
            Cases = await db.Flags.Where(f => f.State != FlagState.Resolved && db.Licenses.Any(
                    l => l.Id == f.LicenseId && l.CustomerId == id)).OrderBy(f => f.OpenedAt).Select(f => f.Number)
                .ToListAsync(cancellationToken),
            History = await History.ReadAsync(db, id, [], cancellationToken),
        };
    }

    /// <returns>Whoever belongs to the customer, then whoever only has a key.</returns>
    public static async Task<IReadOnlyList<CustomerPerson>> PeopleAsync(
        PortalDbContext db, Guid customer, CancellationToken cancellationToken)
    {
        var members = await (
            from m in db.CustomerMembers
            join u in db.Users on m.UserId equals u.Id
            where m.CustomerId == customer
            orderby m.Role descending, u.DisplayName, u.Email
            select new CustomerPerson(u.Id, u.DisplayName, u.Email!, m.Role, m.Since, Array.Empty<string>()))
            .ToListAsync(cancellationToken);
        var keys = await (
            from k in db.KeyAccesses
            join u in db.Users on k.UserId equals u.Id
            join l in db.Licenses on k.LicenseId equals l.Id
            where k.CustomerId == customer
            orderby u.DisplayName, u.Email, l.Number
            select new { u.Id, u.DisplayName, u.Email, k.Since, l.Number }).ToListAsync(cancellationToken);
        return
        [
            .. members,
            .. keys.GroupBy(k => k.Id).Select(own => new CustomerPerson(
                own.Key, own.First().DisplayName, own.First().Email!, CustomerRole.KeyHolder, own.Min(k => k.Since),
                [.. own.Select(k => k.Number)])),
        ];
    }
}
