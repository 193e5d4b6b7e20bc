using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;

namespace SelfHelpPortal.Data;

/// <summary>
/// Loads a license to change it: first the row lock, then everything the rules look at, as of now. In one statement the rows beside the
/// license would be those from before the wait.
/// </summary>
internal static class LicenseLocking
{
    public static async Task<License?> LockLicenseAsync(this PortalDbContext db, Guid licenseId, CancellationToken cancellationToken)
    {
        return await db.LockRowAsync<License>(licenseId, cancellationToken)
            ? await db.LoadLicenseAsync(licenseId, cancellationToken)
            : null;
    }

    /// <summary>The whole aggregate with its open cases, without a lock: to show it.</summary>
    public static async Task<License?> LoadLicenseAsync(this PortalDbContext db, Guid licenseId, CancellationToken cancellationToken)
    {
        var license = await db.Licenses
            .Include(l => l.Activations)
            .Include(l => l.Grants)
            .Include(l => l.Flags.Where(f => f.State != FlagState.Resolved)).ThenInclude(f => f.Computers)
            .AsSplitQuery()
            .SingleOrDefaultAsync(l => l.Id == licenseId, cancellationToken);
        if (license is { State: LicenseState.Locked })
        {
            await db.Entry(license).Collection(l => l.EmergencyGrants).LoadAsync(cancellationToken);
        }

        return license;
    }
}
