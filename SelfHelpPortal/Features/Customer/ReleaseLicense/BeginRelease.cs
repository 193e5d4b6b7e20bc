using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Common;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Features.Customer.ReleaseLicense;

/// <summary>First step of a release by key: finds the license and opens a request that the confirm page acts on.</summary>
internal sealed class BeginRelease(IDbContextFactory<PortalDbContext> contexts, KeyLookUp keys)
{
    /// <summary>The token of the request's page, or why there is none.</summary>
    public async Task<(string? Token, KeyAnswer Answer)> ExecuteAsync(string? typed, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answer = await keys.FindAsync(typed, caller, now, cancellationToken);
        if (answer is not KeyAnswer.Found found)
        {
            return (null, answer);
        }

        return (await OpenAsync(found.LicenseId, now, cancellationToken), answer);
    }

    /// <summary>For a page that has asked for the key already (<see cref="OpenRelease"/>).</summary>
    public async Task<string> OpenAsync(Guid licenseId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var request = new ReleaseRequest { LicenseId = licenseId, CreatedAt = now };
        db.Add(request);
        var token = SecretLinks.Issue(db, LinkPurpose.ReleaseRequest, request.Id, now);
        await db.SaveChangesAsync(cancellationToken);
        return token;
    }
}
