using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.Appointments;

internal sealed record Booking(Appointment Appointment, Product Product);

/// <summary>What the link to an appointment shows.</summary>
internal sealed class ShowBooking(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products)
{
    /// <summary>Null when the link is none of ours, or too old.</summary>
    public async Task<Booking?> ExecuteAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await SecretLinks.FindAsync(db, LinkPurpose.Appointment, token, now, cancellationToken) is { State: LinkState.Valid } link
            && await db.Appointments.AsNoTracking().SingleOrDefaultAsync(a => a.Id == link.RecordId, cancellationToken) is { } found
                ? new Booking(found, await products.GetAsync(db, found.ProductId, cancellationToken))
                : null;
    }
}
