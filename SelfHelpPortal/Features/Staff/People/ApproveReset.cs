using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.People;

/// <summary>
/// The second administrator agrees: the colleague's password and second factor go, and the colleague is mailed a link that begins again.
/// </summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class ApproveReset(StaffAccountActs acts, StaffAccounts accounts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid person, Guid request, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(ApproveReset), act, person, request.ToString("n"), db => DecideAsync(db, act, person, request, now, cancellationToken),
            now, cancellationToken);

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, StaffAct act, Guid person, Guid request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.StaffResets.SingleOrDefaultAsync(r => r.Id == request && r.UserId == person, cancellationToken) is not { } asked)
        {
            return StaffRefusal.NotFound;
        }

        if (asked.WhyNotApproved(act.Actor, now) is { } stopped)
        {
            return stopped;
        }

        var (_, known, people) = await StaffAccounts.FindAsync(db, person, now, cancellationToken);

        // Whoever lost the account or the role meanwhile no longer counts as one of the two.
        if (known?.State != StaffState.Active || !people.Any(p => p.Id == asked.RequestedBy && p.IsActiveAdministrator))
        {
            return StaffRefusal.Conflict;
        }

        var result = StaffAccountActs.ResultOf(
            await accounts.ResetByMailAsync(db, person, act.Actor.Id, act.Reason.Trim(), now, cancellationToken));
        if (result.Succeeded)
        {
            asked.Approve(act.Actor, now);
        }

        return result;
    }
}
