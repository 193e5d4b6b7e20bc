using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Features.Customer.AnswerFlag;

/// <summary>Acts by the link of a case, under the lock of its license. The link can be used again and again while it lives.</summary>
internal sealed class LockedCases(IDbContextFactory<PortalDbContext> contexts)
{
    /// <param name="act">Decides and adds event and mail; a refusal leaves nothing behind.</param>
    /// <returns>Null when the link is none of ours or too old, or the case is resolved.</returns>
    public async Task<Outcome<T>?> ChangeAsync<T>(
        string token, Func<PortalDbContext, License, Flag, Task<Outcome<T>>> act, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SecretLinks.FindAsync(db, LinkPurpose.Flag, token, now, cancellationToken) is not { State: LinkState.Valid } link)
        {
            return null;
        }

        var licenseId = await db.Flags.Where(f => f.Id == link.RecordId).Select(f => f.LicenseId).SingleAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var license = await db.LockLicenseAsync(licenseId, cancellationToken)
            ?? throw new MissingRowException("License", licenseId, "a flag");

        // Only open cases are loaded with the license.
        if (license.Flags.SingleOrDefault(f => f.Id == link.RecordId) is not { } flag)
        {
            return null;
        }

        var outcome = await act(db, license, flag);
        if (outcome.Succeeded)
        {
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return outcome;
    }
}
