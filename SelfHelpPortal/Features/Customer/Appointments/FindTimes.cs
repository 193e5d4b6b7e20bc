using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Appointments;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.Appointments;

/// <summary>What the pages for booking show before anything is typed.</summary>
/// <param name="Free">The next time first.</param>
/// <param name="Renewal">What the renewal of the subscription costs today; null when it is not sold.</param>
internal sealed record BookableTimes(Product Product, IReadOnlyList<FreeTime> Free, Licensing.Billing.PriceListEntry? Renewal);

/// <summary>Which products are moved with help, and when there is time for it.</summary>
internal sealed class FindTimes(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, AppointmentTimes appointments, LocalTimes times)
{
    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<Product>> ProductsAsync(CancellationToken cancellationToken) =>
        [.. (await products.AllAsync(cancellationToken)).Values.Where(p => p.Policies.Appointments.IsOffered)
            .OrderBy(p => p.Name, StringComparer.Ordinal)];

    /// <param name="except">The appointment that is to be moved.</param>
    public async Task<BookableTimes> ExecuteAsync(Product product, Guid? except, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var free = await appointments.FreeAsync(db, product, except, now, cancellationToken);
        var renewal = product.Policies.Transfer.RenewalSku is { } sku
            ? await PriceList.FindAsync(db, product.Id, sku, times.Today(now), cancellationToken)
            : null;
        return new BookableTimes(product, free, renewal);
    }
}
