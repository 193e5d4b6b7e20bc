using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.Appointments;

internal sealed record Booking(Appointment Appointment, Product Product);

/// <summary>What the link to an appointment shows.</summary>
internal sealed class ShowBooking(ChangeBooking changes, ProductCatalog products)
{
    /// <summary>Null when the link is none of ours, or too old.</summary>
    public async Task<Booking?> ExecuteAsync(string token, DateTimeOffset now, CancellationToken cancellationToken) =>
        await changes.FindAsync(token, now, cancellationToken) is { } found
            ? new Booking(found, await products.GetAsync(found.ProductId, cancellationToken))
            : null;
}
