using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Loans;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Licenses;

/// <summary>Does not lend a license; the customer reads the reason.</summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class DeclineLoan(LicenseActs acts, LoanMailer mailer, ProductCatalog products)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid license, Guid loan, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(DeclineLoan), act, license, loan.ToString("n"),
            (db, locked) => DecideAsync(db, locked, act, loan, now, cancellationToken), now, cancellationToken);

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, License license, StaffAct act, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.LockLoanAsync(id, cancellationToken) is not { } loan || loan.LicenseId != license.Id)
        {
            return StaffRefusal.NotFound;
        }

        if (!loan.Decline(now).Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        var reason = act.Reason.Trim();
        var data = new EventData { Activation = loan.RepairedId };
        await EventLog.AppendAsync(db, license.Id, EventKind.LoanDeclined, data, act.Actor.AsActor(), reason, now, cancellationToken);
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        await mailer.DeclinedAsync(db, license, loan, product, reason, now, cancellationToken);
        return StaffResult.Done;
    }
}
