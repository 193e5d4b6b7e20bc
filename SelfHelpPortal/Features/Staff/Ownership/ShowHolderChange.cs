using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Platform.Uploads;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Ownership;

namespace SelfHelpPortal.Features.Staff.Ownership;

/// <summary>A case with everything a clerk needs to decide it.</summary>
internal sealed record HolderChangeView
{
    public required OwnerChange Change { get; init; }
    public required string Product { get; init; }

    /// <summary>Null while what was typed belongs to no license.</summary>
    public required string? LicenseNumber { get; init; }

    public required LicenseState? LicenseState { get; init; }

    /// <summary>Who has the license, or had it until this was settled.</summary>
    public required Licensing.Customer? Present { get; init; }

    /// <summary>Who has it since.</summary>
    public required string? NewCustomerNumber { get; init; }

    public required string? InvoiceNumber { get; init; }
    public required OwnerDocumentFacts? Document { get; init; }

    /// <summary>Customers with the address of the company that takes over: it may be one already.</summary>
    public required IReadOnlyList<KnownCustomer> SameAddress { get; init; }

    /// <summary>Newest first.</summary>
    public required History History { get; init; }
}

internal sealed record KnownCustomer(string Number, string Company);

[StaffUseCase(StaffWork.Any)]
internal sealed class ShowHolderChange(StaffReads reads)
{
    private const int MostKnown = 10;

    public Task<StaffAnswer<HolderChangeView>> ExecuteAsync(
        StaffActor actor, string reference, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(typeof(ShowHolderChange), actor, new(AuditKind.OwnerChangeOpened, reference),
            db => ReadAsync(db, reference, cancellationToken), now, cancellationToken);

    private static async Task<HolderChangeView?> ReadAsync(PortalDbContext db, string reference, CancellationToken cancellationToken)
    {
        if (await db.OwnerChanges.AsNoTracking().SingleOrDefaultAsync(c => c.Reference == reference && c.SentAt != null, cancellationToken)
            is not { } change)
        {
            return null;
        }

        var license = await db.Licenses.Where(l => l.Id == change.LicenseId).Select(l => new { l.Number, l.State })
            .SingleOrDefaultAsync(cancellationToken);
        return new HolderChangeView
        {
            Change = change,
            Product = await db.Products.Where(p => p.Id == change.ProductId).Select(p => p.Name).SingleAsync(cancellationToken),
            LicenseNumber = license?.Number,
            LicenseState = license?.State,
            Present = await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == change.CustomerId, cancellationToken),
            NewCustomerNumber = await db.Customers.Where(c => c.Id == change.NewCustomerId).Select(c => c.Number)
                .SingleOrDefaultAsync(cancellationToken),
            InvoiceNumber = await db.Invoices.Where(i => i.Id == change.InvoiceId).Select(i => i.Number)
                .SingleOrDefaultAsync(cancellationToken),
            Document = await OwnerDocumentFacts.ReadAsync(db, change.Id, cancellationToken),
            SameAddress = change.Licensee.Email is not { } email ? [] : await db.Customers
                .FromSql($"SELECT * FROM customer WHERE lower(email) = lower({email})").AsNoTracking()
                .Where(c => c.MergedIntoId == null && c.ErasedAt == null && c.Id != change.CustomerId)
                .OrderBy(c => c.Number).Take(MostKnown).Select(c => new KnownCustomer(c.Number, c.Company)).ToListAsync(cancellationToken),
            History = await History.ReadAsync(db, change.Id, [], cancellationToken),
        };
    }
}
