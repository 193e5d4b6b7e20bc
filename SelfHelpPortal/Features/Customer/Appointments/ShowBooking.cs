using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Shared.Appointments;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.Appointments;

internal sealed record Booking(Appointment Appointment, Product Product, ShownChecklist Checklist);

/// <summary>What the link to an appointment shows.</summary>
internal sealed class ShowBooking(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products)
{
    /// <summary>Null when the link is none of ours, or too old.</summary>
    public async Task<Booking?> ExecuteAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await ChangeBooking.FindAsync(db, token, now, cancellationToken) is not { } found)
        {
            return null;
        }

        var product = await products.GetAsync(db, found.ProductId, cancellationToken);
        return new Booking(found, product, await AppointmentChecklist.ReadAsync(db, found, product, cancellationToken));
    }
}
