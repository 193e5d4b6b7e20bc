using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Features.Customer.TransferStatus;

/// <summary>
/// Finds a request by its reference and the address typed with it. Every wrong pair is one answer, and wrong ones are limited.
/// </summary>
internal sealed class FindStatus(IDbContextFactory<PortalDbContext> contexts, AttemptLimiter limiter)
{
    /// <summary>The token of the status page; null when there is no such pair, or too many were tried.</summary>
    public async Task<(string? Token, DateTimeOffset? RetryAt)> ExecuteAsync(
        string reference, string email, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // What cannot be a reference is counted as one: how it is wrong is nobody's business.
        var normal = RequestReference.TryParse(reference, out var parsed) ? parsed.ToString()
            : CodeAlphabet.Normalize(reference.Length > 40 ? reference[..40] : reference);
        var address = MailAddresses.Normalize(email);
        var result = await limiter.TryAsync<object>(
            AttemptSubjects.ForStatus(caller.Address, normal), async () =>
                await FindAsync(normal, address, cancellationToken), now, cancellationToken);
        if (!result.Allowed)
        {
            return (null, result.RetryAt);
        }

        if (result.Value is not Guid id)
        {
            return (null, null);
        }

        if (await limiter.RecordFailureAsync([AttemptSubjects.DraftFor(LinkPurpose.TransferStatus, id)], now, cancellationToken)
            is { Allowed: false } refused)
        {
            return (null, refused.RetryAt);
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var token = SecretLinks.Issue(db, LinkPurpose.TransferStatus, id, now);
        await db.SaveChangesAsync(cancellationToken);
        return (token, null);
    }

    private async Task<object?> FindAsync(string reference, string? email, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.Transfers.AsNoTracking().Where(r => r.Reference == reference).Select(r => new { r.Id, r.Contact })
            .SingleOrDefaultAsync(cancellationToken);
        return found is { Contact: { } contact } && string.Equals(contact.Email, email, StringComparison.OrdinalIgnoreCase)
            ? found.Id
            : null;
    }
}
