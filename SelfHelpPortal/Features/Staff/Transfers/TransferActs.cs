using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>Acts of staff on one transfer request, in the order of <see cref="StaffActs"/>.</summary>
internal sealed class TransferActs(StaffActs acts)
{
    /// <summary>
    /// What one use case adds: the decision on the request, locked with its licenses, with its event and mail. It does not commit.
    /// </summary>
    public delegate Task<StaffResult> Decision(PortalDbContext db, LockedTransfer transfer);

    /// <param name="useCase">Whose <see cref="Shared.Access.StaffUseCaseAttribute"/> counts.</param>
    /// <param name="content">What is asked for besides the request, so that a repetition with another content is noticed.</param>
    public Task<StaffResult> RunAsync(
        Type useCase, StaffAct act, Guid requestId, string content, Decision decide, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        acts.RunAsync(
            useCase,
            act,
            new(requestId, async db => await db.LockTransferAsync(requestId, cancellationToken) is not null),
            content,
            async db =>
                await db.LockTransferWithLicensesAsync(requestId, cancellationToken) is { Request.State: not TransferState.Draft } locked
                ? await decide(db, locked)
                : StaffRefusal.NotFound,
            now,
            cancellationToken);
}

internal static class SettlingResults
{
    public static StaffResult AsStaffResult(this SettlementResult settled) =>
        settled.Refused is not { } refused ? StaffResult.Done : refused switch
        {
            SettlementError.State => StaffRefusal.Conflict,
            SettlementError.NotIdentified => StaffRefusal.NotIdentified,
            SettlementError.LicenseStanding => StaffRefusal.LicenseStanding,
            SettlementError.NoInvoicing => StaffRefusal.NoInvoicing,
            SettlementError.TaxUndecided or SettlementError.TotalChanged => StaffRefusal.TaxUndecided,
            SettlementError.InvoiceInvalid => new StaffResult(StaffRefusal.InvoiceInvalid, settled.Broken),
        };
}
