using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Customer.Loans;

/// <summary>
/// The repaired computer is not coming back: begins a transfer in which the license and the code of the new computer stand already.
/// </summary>
internal sealed class MakeLoanPermanent(IDbContextFactory<PortalDbContext> contexts, ShowLoan show, TransferDrafts drafts)
{
    /// <summary>From the page of whoever asked; null when there is no such page, or nothing was lent.</summary>
    public async Task<Begun?> ForAskerAsync(string token, DateTimeOffset now, CancellationToken cancellationToken) =>
        await BeginAsync(await show.ForAskerAsync(token, now, cancellationToken), now, cancellationToken);

    /// <summary>From the owner's page.</summary>
    public async Task<Begun?> ForOwnerAsync(string token, DateTimeOffset now, CancellationToken cancellationToken) =>
        await BeginAsync(await show.ForOwnerAsync(token, now, cancellationToken), now, cancellationToken);

    private async Task<Begun?> BeginAsync(LoanView? view, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (view is not { LeadsToTransfer: true, Outcome: LoanOutcome.Granted or LoanOutcome.Ended, Loan: { LicenseId: { } license } loan })
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        // The code as the computer has it now: a part may have changed since.
        var code = await db.Activations.Where(a => a.Id == loan.ActivationId).Select(a => a.HardwareCode).SingleAsync(cancellationToken);
        var draft = new TransferDraft
        {
            ProductId = loan.ProductId,
            LicenseId = license,
            LicenseAsked = true,
            Items = [new DraftItem(code.ToString(), null) { PcName = loan.PcName, AppVersion = loan.AppVersion }],
            HardwareRead = true,
        };
        var begun = await drafts.BeginAsync(
            draft, AttemptSubjects.DraftFor(LinkPurpose.TransferDraft, license), now, cancellationToken);
        return begun.Page is { } page ? new Begun($"/transfer/{page}/{DraftSteps.Remedy}") : begun;
    }
}
