using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Loans;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.Loans;

/// <summary>What the pages of a loan show. It changes nothing, however often they are opened.</summary>
internal sealed class ShowLoan(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products)
{
    /// <param name="page">Of whoever asked, or of the owner, by the link in a mail.</param>
    /// <returns>Null when there is no such page.</returns>
    public async Task<LoanView?> ExecuteAsync(LinkPurpose page, string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await SecretLinks.FindAsync(db, page, token, now, cancellationToken) is { } link
            && await db.Loans.AsNoTracking().SingleOrDefaultAsync(l => l.Id == link.RecordId, cancellationToken) is { } loan
            ? page == LinkPurpose.Loan ? await ForOwnerAsync(db, loan, link, now, cancellationToken)
                : link.State == LinkState.Valid ? await ForAskerAsync(db, loan, now, cancellationToken)
                : null
            : null;
    }

    /// <summary>Whoever has only typed a number is told nothing that depends on there being such a license.</summary>
    public async Task<LoanView> ForAskerAsync(PortalDbContext db, Loan loan, DateTimeOffset now, CancellationToken cancellationToken) =>
        loan.HasKey
            ? await ViewAsync(db, loan, loan.State == LoanState.AwaitingOwner ? LoanOutcome.MailSent : null, now, cancellationToken)
            : new LoanView(
                loan, await products.GetAsync(db, loan.ProductId, cancellationToken),
                loan.State == LoanState.Draft ? LoanOutcome.Check : LoanOutcome.Noted, []);

    public async Task<LoanView> ForOwnerAsync(
        PortalDbContext db, Loan loan, FoundLink link, DateTimeOffset now, CancellationToken cancellationToken) =>
        await ViewAsync(
            db, loan, link.State == LinkState.Expired ? LoanOutcome.Expired : null, now, cancellationToken);

    private async Task<LoanView> ViewAsync(
        PortalDbContext db, Loan loan, LoanOutcome? known, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var license = await db.LoadLicenseAsync(loan.LicenseId ?? Guid.Empty, cancellationToken)
            ?? throw new InvalidOperationException("The license of a loan was not found; run check data.");
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var holders = license.ActiveComputers.Where(a => a.HasSeat).OrderBy(a => a.Seat).ToList();
        var lent = license.Activations.SingleOrDefault(a => a.Id == loan.ActivationId);
        var runs = lent is { IsActive: true, EndsAs: EndKind.Loan } && !lent.IsOver(now);
        var view = new LoanView(loan, product, LoanOutcome.Check, holders.Count > 1
            ? [.. holders.Select(a => new LoanComputer(a.Id, a.PcName, a.ActivatedAt))]
            : [])
        {
            LicenseNumber = license.Number,
            LeadsToTransfer = lent is not null && lent is not { State: ActivationState.Superseded }
                && product.Policies.Transfer.IsOffered && holders.Count > 0,
        };
        if (known is { } outcome)
        {
            return view with { Outcome = outcome };
        }

        switch (loan.State)
        {
            case LoanState.Granted:
                return view with { Outcome = runs ? LoanOutcome.Granted : LoanOutcome.Ended };
            case LoanState.AwaitingStaff:
                return view with { Outcome = LoanOutcome.Submitted };
            case LoanState.Declined:
                return view with { Outcome = LoanOutcome.Declined };
        }

        if (license is { State: LicenseState.Active, HasFreeSeat: true })
        {
            return view with { Outcome = LoanOutcome.JustActivate };
        }

        return holders is [var first, ..]
            && await LendLicense.CheckAsync(db, license, loan, first, product, now, cancellationToken) is { } refused
            ? Refused(view, refused)
            : view;
    }

    public static LoanView Refused(LoanView view, RefusalDetail refused) => view with
    {
        Outcome = LoanOutcomes.From(refused.Refusal),
        NextAllowedAt = refused.NextAllowedAt,
        CaseNumber = refused.CaseNumber,
        ReadableParts = refused.ReadableParts,
    };
}
