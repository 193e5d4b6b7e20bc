using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Backoffice.Kit;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Features.Backoffice.Licenses;

/// <summary>Shows a license to a program of the vendor's. It names no person, so the audit log does not tell of it.</summary>
internal sealed class ReadLicense(IDbContextFactory<PortalDbContext> contexts)
{
    public async Task<BackofficeAnswer<LicenseReply>> ExecuteAsync(string number, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.Licenses.AsNoTracking().Where(l => l.Number == number)
            .Select(l => new
            {
                License = l,
                Customer = db.Customers.Where(c => c.Id == l.CustomerId).Select(c => c.Number).Single(),
                InUse = db.Activations.Count(a => a.LicenseId == l.Id && a.State == ActivationState.Active && a.EndsAt == null),
            })
            .SingleOrDefaultAsync(cancellationToken);
        return found is null ? BackofficeRefusal.UnknownLicense : LicenseReply.From(found.License, found.Customer, found.InUse);
    }
}
