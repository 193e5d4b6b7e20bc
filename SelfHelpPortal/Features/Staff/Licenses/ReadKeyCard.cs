using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;

namespace SelfHelpPortal.Features.Staff.Licenses;

/// <summary>A license with its key as a PDF, for its customer. It is the one way by which staff see a whole key, and is audited.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class ReadKeyCard(
    StaffReads reads, LicenseFactory maker, KeyCardRenderer renderer, IOptions<VendorOptions> vendor, LocalTimes times,
    PublicAddress address)
{
    public Task<StaffAnswer<byte[]>> ExecuteAsync(
        StaffActor actor, string number, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(typeof(ReadKeyCard), actor, new(AuditKind.KeyRead, number),
            db => RenderAsync(db, number, now, cancellationToken), now, cancellationToken);

    private async Task<byte[]?> RenderAsync(PortalDbContext db, string number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.Licenses.AsNoTracking().SingleOrDefaultAsync(l => l.Number == number, cancellationToken) is not { } license)
        {
            return null;
        }

        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == license.CustomerId, cancellationToken);
        var product = await db.Products.AsNoTracking().SingleAsync(p => p.Id == license.ProductId, cancellationToken);
        return renderer.Render(new KeyCard(
            vendor.Value.Name, product.Name, license.Number, customer.Company, maker.KeyOf(license), license.Seats,
            license.MaintenanceUntil, address.Root, customer.Language, DateOnly.FromDateTime(times.ToLocal(now).DateTime)));
    }
}
