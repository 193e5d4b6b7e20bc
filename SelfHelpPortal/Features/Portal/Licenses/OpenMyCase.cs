using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Flags;

namespace SelfHelpPortal.Features.Portal.Licenses;

/// <summary>Leads an owner to the page on which the open case of a license is answered, as the link in the mail does.</summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class OpenMyCase(IDbContextFactory<PortalDbContext> contexts, FlagLinks links)
{
    /// <summary>The page's path, or back to the license when the case is settled meanwhile; null when it is not theirs.</summary>
    public async Task<string?> ExecuteAsync(CustomerActor actor, string number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await OwnLicense.FindAsync(db, actor, typeof(OpenMyCase), number, cancellationToken) is not { } own)
        {
            return null;
        }

        if (await db.Flags.SingleOrDefaultAsync(f => f.LicenseId == own.Id && f.Kind == FlagKind.Sighting
            && f.State != FlagState.Resolved, cancellationToken) is not { } flag)
        {
            return OwnLicense.PathOf(number);
        }

        var link = links.Issue(db, flag, now);
        await db.SaveChangesAsync(cancellationToken);
        return new Uri(link.Address).PathAndQuery;
    }
}
