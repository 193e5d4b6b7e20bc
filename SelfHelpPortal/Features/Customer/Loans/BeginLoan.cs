using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.Loans;

/// <param name="Token">Of the page that asks once more; null when something is wrong.</param>
/// <param name="Key">What the key led to, when it led nowhere.</param>
/// <param name="OtherProduct">The key belongs to this product.</param>
internal sealed record BegunLoan(string? Token, KeyAnswer? Key = null, string? OtherProduct = null, DateTimeOffset? RetryAt = null);

/// <summary>
/// Keeps what was typed for a loan, to be looked at once more before it is sent. Anybody may begin: whether a number belongs to a license
/// is not looked up before the answer.
/// </summary>
internal sealed class BeginLoan(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, KeyLookUp keys, AttemptLimiter limiter)
{
    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<Product>> ProductsAsync(CancellationToken cancellationToken) =>
        [.. (await products.AllAsync(cancellationToken)).Values.Where(p => p.Policies.Loans.IsOffered)
            .OrderBy(p => p.Name, StringComparer.Ordinal)];

    /// <param name="typed">The number, serial or key of the license.</param>
    public async Task<BegunLoan> ExecuteAsync(
        string productId, string typed, Computer computer, string reason, DateOnly lastDay, Caller caller, Guid? person, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var (number, licenseId, wrong) = await StatedLicense.ReadAsync(typed, keys, caller, now, cancellationToken);
        if (wrong is not null)
        {
            return new BegunLoan(null, wrong);
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (licenseId is not null)
        {
            var product = await db.Licenses.Where(l => l.Id == licenseId).Select(l => l.ProductId).SingleAsync(cancellationToken);
            if (product != productId)
            {
                return new BegunLoan(null, OtherProduct: (await products.GetAsync(db, product, cancellationToken)).Name);
            }
        }

        AttemptSubject subject = person is { } signedIn ? AttemptSubjects.DraftOf(LinkPurpose.LoanRequest, signedIn)
            : licenseId is { } proven ? AttemptSubjects.DraftFor(LinkPurpose.LoanRequest, proven)
            : AttemptSubjects.DraftFrom(LinkPurpose.LoanRequest, caller.Address);
        if (await limiter.RecordFailureAsync([subject], now, cancellationToken) is { Allowed: false } refused)
        {
            return new BegunLoan(null, RetryAt: refused.RetryAt);
        }

        var loan = new Loan
        {
            ProductId = productId,
            LicenseId = licenseId,
            StatedLicense = number,
            HardwareCode = computer.HardwareCode,
            PcName = computer.PcName,
            AppVersion = computer.AppVersion,
            Reason = reason,
            LastDay = lastDay,
            CreatedAt = now,
        };
        db.Add(loan);
        var token = SecretLinks.Issue(db, LinkPurpose.LoanRequest, loan.Id, now);
        await db.SaveChangesAsync(cancellationToken);
        return new BegunLoan(token);
    }
}
