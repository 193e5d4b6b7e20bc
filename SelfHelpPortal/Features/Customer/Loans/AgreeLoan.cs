using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Loans;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Customer.Loans;

/// <summary>The owner agrees to a loan by the link in the mail. Agreeing again changes nothing.</summary>
internal sealed class AgreeLoan(IDbContextFactory<PortalDbContext> contexts, LendLicense lend, ShowLoan show)
{
    /// <param name="chosen">Which computer is being repaired, when there are several.</param>
    /// <returns>Null when there is no such page.</returns>
    public async Task<LoanView?> ExecuteAsync(
        string token, Guid? chosen, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SecretLinks.FindAsync(db, LinkPurpose.Loan, token, now, cancellationToken) is not { } link
            || await db.Loans.AsNoTracking().SingleOrDefaultAsync(l => l.Id == link.RecordId, cancellationToken) is not { } found)
        {
            return null;
        }

        var view = await show.ForOwnerAsync(db, found, link, now, cancellationToken);
        if (view.Outcome != LoanOutcome.Check)
        {
            return view;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var license = await db.LockLicenseAsync(found.LicenseId ?? Guid.Empty, cancellationToken)
            ?? throw new MissingRowException("License", found.LicenseId ?? Guid.Empty, "a loan");
        var loan = await db.LockLoanAsync(found.Id, cancellationToken)
            ?? throw new MissingRowException("Loan", found.Id, "a link");
        if (loan.State == LoanState.AwaitingOwner)
        {
            if (await lend.ApproveAsync(
                db, license, loan, chosen, caller.As(ActorKind.Customer), now, cancellationToken) is { } refused)
            {
                return ShowLoan.Refused(view, refused);
            }

            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return await show.ForOwnerAsync(db, loan, link, now, cancellationToken);
    }
}
