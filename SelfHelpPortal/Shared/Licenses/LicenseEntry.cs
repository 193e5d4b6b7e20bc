using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Activations;

namespace SelfHelpPortal.Shared.Licenses;

/// <summary>A customer as the vendor knows it.</summary>
/// <param name="Number">Null: the next one.</param>
internal sealed record NewCustomer(string? Number, string Company, string Email)
{
    /// <summary>Null: the vendor's default.</summary>
    public string? Language { get; init; }

    public string? Street { get; init; }
    public string? PostalCode { get; init; }
    public string? City { get; init; }
    public string Country { get; init; } = "DE";
    public string? VatId { get; init; }
    public bool IsConsumer { get; init; }
    public InvoiceFormat InvoiceFormat { get; init; } = InvoiceFormat.Zugferd;
}

/// <summary>A license that the vendor has sold.</summary>
/// <param name="Number">Null: the next one.</param>
internal sealed record NewLicense(string? Number, string ProductId, Guid CustomerId, GivenKey Key)
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public int Seats { get; init; } = 1;
    public DateOnly? MaintenanceUntil { get; init; }
    public string? Serial { get; init; }
}

/// <summary>
/// Enters what was sold elsewhere into the portal, in the caller's transaction. The caller has checked the values, holds the peppers
/// (<see cref="Platform.Secrets.PepperWatch.HoldAsync"/>), and after numbers of its own calls <see cref="Numbers.MoveBehindAsync"/>.
/// </summary>
internal sealed class LicenseEntry(LicenseFactory maker, IOptions<VendorOptions> vendor)
{
    /// <summary>
    /// Held until the commit: two who add the same license or customer would not see each other's, and no license of a list may get
    /// another customer while it is imported.
    /// </summary>
    public static Task HoldAsync(PortalDbContext db, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended('import licenses', 0))", cancellationToken);

    /// <summary>Adds the customer without an event: an import tells of its licenses only.</summary>
    /// <param name="id">Where the caller has made it, so that the same form makes one customer.</param>
    public async Task<Customer> AddAsync(
        PortalDbContext db, NewCustomer given, CancellationToken cancellationToken, Guid? id = null)
    {
        var customer = new Customer
        {
            Id = id ?? Guid.CreateVersion7(),
            Number = given.Number ?? await Numbers.NextCustomerAsync(db, cancellationToken),
            Company = given.Company,
            IsConsumer = given.IsConsumer,
            Email = given.Email,
            Language = given.Language ?? vendor.Value.DefaultLanguage(),
            Street = given.Street,
            PostalCode = given.PostalCode,
            City = given.City,
            Country = given.Country,
            VatId = given.VatId,
            InvoiceFormat = given.InvoiceFormat,
        };
        db.Customers.Add(customer);
        return customer;
    }

    /// <summary>Adds the license and the first event of its history.</summary>
    public async Task<License> AddAsync(
        PortalDbContext db, NewLicense sold, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var number = sold.Number ?? await Numbers.NextLicenseAsync(db, cancellationToken);
        var license = maker.Make(
            number, sold.ProductId, sold.CustomerId, sold.Key.Normalized, sold.Key.Display, sold.Seats, now, sold.Id);
        license.MaintenanceUntil = sold.MaintenanceUntil;
        license.Serial = sold.Serial;
        db.Licenses.Add(license);
        EventLog.Begin(db, license.Id, EventKind.Imported, new EventData { After = license.State.ToString() }, actor, now);
        return license;
    }
}
