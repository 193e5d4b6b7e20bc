using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Customer.ReleaseLicense;

/// <summary>First step of a release by key: finds the license and opens a request that the confirm page acts on.</summary>
internal sealed class BeginRelease(IDbContextFactory<PortalDbContext> contexts, KeyLookUp keys, AttemptLimiter limiter)
{
    /// <summary>The token of the request's page, or why there is none.</summary>
    public async Task<(string? Token, KeyAnswer Answer)> ExecuteAsync(
        string? typed, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answer = await keys.FindAsync(typed, caller, now, cancellationToken);
        if (answer is not KeyAnswer.Found found)
        {
            return (null, answer);
        }

        var begun =
            await OpenAsync(found.LicenseId, AttemptSubjects.DraftFor(LinkPurpose.ReleaseRequest, found.LicenseId), now, cancellationToken);
        return begun.Page is { } token ? (token, answer) : (null, new KeyAnswer.TooManyTries(begun.RetryAt));
    }

    /// <summary>For a page that has asked for the key already (<see cref="OpenRelease"/>).</summary>
    /// <param name="by">Who begins it.</param>
    public async Task<Begun> OpenAsync(Guid licenseId, AttemptSubject by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await limiter.RecordFailureAsync([by], now, cancellationToken) is { Allowed: false } refused)
        {
            return Begun.TooMany(refused.RetryAt);
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var request = new ReleaseRequest { LicenseId = licenseId, CreatedAt = now };
        db.Add(request);
        var token = SecretLinks.Issue(db, LinkPurpose.ReleaseRequest, request.Id, now);
        await db.SaveChangesAsync(cancellationToken);
        return new Begun(token);
    }
}
