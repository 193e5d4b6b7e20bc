using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Loans;

namespace SelfHelpPortal.Features.Staff.Licenses;

/// <summary>Lends a license as it was asked for.</summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class GrantLoan(LicenseActs acts, LendLicense lend)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid license, Guid loan, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(GrantLoan), act, license, loan.ToString("n"), (db, locked) => DecideAsync(db, locked, act, loan, now, cancellationToken),
            now, cancellationToken);

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, License license, StaffAct act, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.LockLoanAsync(id, cancellationToken) is not { } loan || loan.LicenseId != license.Id)
        {
            return StaffRefusal.NotFound;
        }

        return await lend.GrantAsync(db, license, loan, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken) is null
            ? StaffResult.Done
            : StaffRefusal.Conflict;
    }
}
