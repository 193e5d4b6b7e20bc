using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Keys;

namespace SelfHelpPortal.Features.Customer.LicenseSummary;

/// <summary>Finds the license of a key and opens the page that shows it, whose address keeps the key out.</summary>
internal sealed class StartLicenseLookup(IDbContextFactory<PortalDbContext> contexts, KeyLookUp keys, AttemptLimiter limiter)
{
    /// <summary>The token of the page, or why there is none.</summary>
    public async Task<(string? Token, KeyAnswer Answer)> ExecuteAsync(
        string? typed, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answer = await keys.FindAsync(typed, caller, now, cancellationToken);
        if (answer is not KeyAnswer.Found found)
        {
            return (null, answer);
        }

        if (await limiter.RecordFailureAsync([AttemptSubjects.DraftFor(LinkPurpose.LicenseInformation, found.LicenseId)], now,
            cancellationToken) is { Allowed: false } refused)
        {
            return (null, new KeyAnswer.TooManyTries(refused.RetryAt));
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var token = SecretLinks.Issue(db, LinkPurpose.LicenseInformation, found.LicenseId, now);
        await db.SaveChangesAsync(cancellationToken);
        return (token, answer);
    }
}
