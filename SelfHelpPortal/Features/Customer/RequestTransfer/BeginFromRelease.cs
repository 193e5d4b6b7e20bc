using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Customer.RequestTransfer;

/// <summary>
/// Goes on from a release that needs a transfer: the key was typed there, so the license is known and not asked for again.
/// </summary>
internal sealed class BeginFromRelease(IDbContextFactory<PortalDbContext> contexts, TransferDrafts drafts)
{
    /// <param name="releaseToken">Of the release's page.</param>
    /// <returns>The token of the draft; null when there is no such release.</returns>
    public async Task<Begun?> ExecuteAsync(string releaseToken, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SecretLinks.FindAsync(db, LinkPurpose.ReleaseRequest, releaseToken, now, cancellationToken)
            is not { State: not LinkState.Expired } link)
        {
            return null;
        }

        var license = await (
            from r in db.Set<ReleaseRequest>()
            join l in db.Licenses on r.LicenseId equals l.Id
            where r.Id == link.RecordId
            select new { l.Id, l.ProductId }).SingleAsync(cancellationToken);
        return await drafts.BeginAsync(new TransferDraft { ProductId = license.ProductId, LicenseId = license.Id, LicenseAsked = true },
            AttemptSubjects.DraftFor(LinkPurpose.TransferDraft, license.Id), now, cancellationToken);
    }
}
