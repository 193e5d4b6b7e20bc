using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail.Requests;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Loans;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Customer.Loans;

/// <summary>
/// Sends the request: the owner is asked by mail, unless the key was typed and would release the license at once. Sent again it changes
/// nothing.
/// </summary>
internal sealed class SendLoan(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, LendLicense lend, ShowLoan show, AttemptLimiter limiter)
{
    /// <param name="chosen">Which computer is being repaired, when there are several.</param>
    /// <returns>Null when there is no such page.</returns>
    public async Task<LoanView?> ExecuteAsync(
        string token, Guid? chosen, Caller caller, Guid? person, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SecretLinks.FindAsync(db, LinkPurpose.LoanRequest, token, now, cancellationToken) is not { State: LinkState.Valid } link
            || await db.Loans.AsNoTracking().SingleOrDefaultAsync(l => l.Id == link.RecordId, cancellationToken) is not { } found)
        {
            return null;
        }

        var view = await show.ForAskerAsync(db, found, now, cancellationToken);
        if (view.Outcome != LoanOutcome.Check)
        {
            return view;
        }

        var needsOwner = found.NeedsOwner((await products.GetAsync(db, found.ProductId, cancellationToken)).Policies.Release);
        if (needsOwner && await CountAsync(found, caller, person, now, cancellationToken) is { Allowed: false } counted)
        {
            return view with { Outcome = LoanOutcome.TooManyTries, NextAllowedAt = counted.RetryAt };
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var license = found.LicenseId is { } id ? await db.LockLicenseAsync(id, cancellationToken) : null;
        var loan = await db.LockLoanAsync(found.Id, cancellationToken)
            ?? throw new MissingRowException("Loan", found.Id, "a link");
        if (loan.State != LoanState.Draft)
        {
            return await show.ForAskerAsync(db, loan, now, cancellationToken);
        }

        if (needsOwner)
        {
            loan.AskOwner(now);
            db.Add(MailRequests.Ask(AskLoanOwner.Kind, "", loan.Id, Languages.Current, now));
        }
        else if (await lend.ApproveAsync(
            db, license!, loan, chosen, caller.As(ActorKind.Customer), now, cancellationToken) is { } refused)
        {
            return ShowLoan.Refused(view, refused);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return await show.ForAskerAsync(db, loan, now, cancellationToken);
    }

    /// <summary>A number that does not exist is counted like one that does, so that nothing tells them apart.</summary>
    private Task<LimitedResult<object>> CountAsync(
        Loan loan, Caller caller, Guid? person, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var mailbox = loan.LicenseId?.ToString("n") ?? loan.StatedLicense!;
        IReadOnlyList<AttemptSubject> subjects = person is { } signedIn
            ? AttemptSubjects.ForMailOf(LimitedMail.Loan, mailbox, signedIn)
            : loan.HasKey
            ? [AttemptSubjects.PerAsker(LimitedMail.Loan, mailbox, mailbox)]
            : AttemptSubjects.ForMail(LimitedMail.Loan, mailbox, caller.Address);
        return limiter.RecordFailureAsync(subjects, now, cancellationToken);
    }
}
