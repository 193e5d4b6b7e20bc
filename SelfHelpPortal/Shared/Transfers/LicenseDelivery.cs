using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>
/// Where the license file of an order goes: to the address on file. Whoever ordered gets it too when that is the same address, or when the
/// owner has allowed it on the page where he confirmed the order.
/// </summary>
internal static class LicenseDelivery
{
    /// <summary>The order was placed from another address than the one on file.</summary>
    public static bool IsElsewhere(TransferRequest request, Licensing.Customer customer) =>
        !string.Equals(request.Contact?.Email, customer.Email, StringComparison.OrdinalIgnoreCase);

    public static bool OrdererGetsIt(TransferRequest request, Licensing.Customer customer) =>
        request.OrdererGetsLicense || !IsElsewhere(request, customer);

    public static async Task<bool> OrdererGetsItAsync(PortalDbContext db, TransferRequest request, CancellationToken cancellationToken) =>
        request.OrdererGetsLicense
        || (await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.CustomerId, cancellationToken) is { } customer
            && !IsElsewhere(request, customer));
}
