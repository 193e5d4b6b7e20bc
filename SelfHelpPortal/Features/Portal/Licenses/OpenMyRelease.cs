using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Portal.Licenses;

/// <summary>
/// Leads from a license to its release by key, without asking for the key: with a verification code, or confirmed by the owner's mail.
/// </summary>
[CustomerUseCase(CustomerRole.KeyHolder)]
internal sealed class OpenMyRelease(IDbContextFactory<PortalDbContext> contexts, OpenRelease release)
{
    /// <summary>The page's path; null when the license is not theirs.</summary>
    public async Task<Begun?> ExecuteAsync(CustomerActor actor, string number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await OwnLicense.FindAsync(db, actor, typeof(OpenMyRelease), number, cancellationToken) is { } own
            ? OpenRelease.PathOf(await release.OpenAsync(
                own.Id, AttemptSubjects.DraftOf(LinkPurpose.ReleaseRequest, actor.Id), now, cancellationToken), activation: null)
            : null;
    }
}
