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
    /// <param name="page">Of whoever asked, or of the owner.</param>
    /// <returns>Null when there is no such page, or nothing was lent.</returns>
    public async Task<Begun?> ExecuteAsync(LinkPurpose page, string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var view = await show.ExecuteAsync(page, token, now, cancellationToken);
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
        return begun.Page is { } path ? new Begun($"/transfer/{path}/{DraftSteps.Remedy}") : begun;
    }
}
