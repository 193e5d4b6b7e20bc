using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail.Requests;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Shared.Loans;

/// <summary>
/// Asks the owner by the address on file whether the license may be lent. Whether a number that was typed belongs to a license is found out
/// here, after the answer, so that nothing tells.
/// </summary>
internal sealed class AskLoanOwner(ProductCatalog products, LoanMailer mailer, AttemptLimiter limiter)
{
    public static readonly MailRequestKind Kind = new(
        "loan-confirm",
        LimitedMail.Loan,
        (services, db, asked, now, cancellationToken) =>
            services.GetRequiredService<AskLoanOwner>().WriteAsync(db, asked, now, cancellationToken));

    private async Task WriteAsync(PortalDbContext db, MailRequest asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = asked.RecordId ?? Guid.Empty;
        if (await db.LockLoanAsync(id, cancellationToken) is not { State: LoanState.AwaitingOwner } loan)
        {
            return;
        }

        var license = await db.Licenses.AsNoTracking().SingleOrDefaultAsync(
            l => loan.LicenseId == null ? l.ProductId == loan.ProductId && l.Number == loan.StatedLicense : l.Id == loan.LicenseId,
            cancellationToken)
            ?? await BySerialAsync(db, loan, cancellationToken);
        if (license is null
            || await db.Customers.Where(c => c.Id == license.CustomerId && c.ErasedAt == null).Select(c => c.Email)
                .SingleOrDefaultAsync(cancellationToken) is not { } mailbox)
        {
            return;
        }

        // One writer on each node, so looking into the limiter from inside a transaction waits for nobody who waits for it.
        if (await limiter.RecordFailureAsync([AttemptSubjects.PerMailbox(LimitedMail.Loan, mailbox)], now, cancellationToken)
            is { Allowed: false })
        {
            return;
        }

        loan.LicenseId = license.Id;
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        await mailer.AskOwnerAsync(db, license, loan, product, asked.Culture, now, cancellationToken);
    }

    /// <summary>A serial that two licenses have names neither.</summary>
    private static async Task<Licensing.License?> BySerialAsync(PortalDbContext db, Loan loan, CancellationToken cancellationToken) =>
        await db.Licenses.AsNoTracking()
            .Where(l => loan.LicenseId == null && l.ProductId == loan.ProductId && l.Serial == loan.StatedLicense)
            .Take(2).ToListAsync(cancellationToken) is [var only] ? only : null;
}

internal static class LoanLocking
{
    /// <summary>Null when there is none.</summary>
    public static async Task<Loan?> LockLoanAsync(this PortalDbContext db, Guid loanId, CancellationToken cancellationToken)
    {
        return await db.LockRowAsync<Loan>(loanId, cancellationToken)
            ? await db.Loans.SingleAsync(l => l.Id == loanId, cancellationToken)
            : null;
    }
}
