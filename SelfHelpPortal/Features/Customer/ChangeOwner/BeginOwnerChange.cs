using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Ownership;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.ChangeOwner;

/// <param name="Token">Of the page with the document and the button; null when it was not begun.</param>
/// <param name="Key">Why the key that was typed leads nowhere.</param>
internal sealed record BeginResult(string? Token, DateTimeOffset? RetryAt = null, KeyAnswer? Key = null);

/// <summary>Which products it is offered for, and at which price; no license is known yet.</summary>
internal sealed class OwnerChangeOffers(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, OwnerChangePricing pricing)
{
    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<Product>> ProductsAsync(CancellationToken cancellationToken) =>
        [.. (await products.AllAsync(cancellationToken)).Values.Where(p => p.Policies.Ownership.IsOffered)
            .OrderBy(p => p.Name, StringComparer.Ordinal)];

    public async Task<OwnerChangeQuote> QuoteAsync(
        Product product, OwnerChangeKind kind, string language, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await pricing.QuoteAsync(db, product, kind, buyer: null, language, now, cancellationToken);
    }
}

/// <summary>
/// Keeps what was typed under an address of its own. Anybody may begin: whether a number or serial belongs to a license is said to nobody.
/// </summary>
internal sealed class BeginOwnerChange(IDbContextFactory<PortalDbContext> contexts, KeyLookUp keys, AttemptLimiter limiter)
{
    /// <param name="license">The number, serial or key as typed.</param>
    /// <param name="person">Whoever is signed in has limits that no stranger touches, and nothing else by it.</param>
    public async Task<BeginResult> ExecuteAsync(
        OwnerWish wish, string license, Caller caller, Guid? person, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var stated = await StatedLicense.ReadAsync(license, keys, caller, now, cancellationToken);
        if (stated.Wrong is { } wrong)
        {
            return new BeginResult(null, Key: wrong);
        }

        wish = wish with { StatedLicense = stated.Number, LicenseId = stated.LicenseId };
        var by = person is { } signedIn
            ? AttemptSubjects.DraftOf(LinkPurpose.OwnerChange, signedIn)
            : AttemptSubjects.DraftFrom(LinkPurpose.OwnerChange, caller.Address);
        if (await limiter.RecordFailureAsync([by], now, cancellationToken) is { Allowed: false } refused)
        {
            return new BeginResult(null, refused.RetryAt);
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var change = OwnerChange.Begin(wish, now);
        db.Add(change);
        var token = SecretLinks.Issue(db, LinkPurpose.OwnerChange, change.Id, now);
        await db.SaveChangesAsync(cancellationToken);
        return new BeginResult(token);
    }
}
