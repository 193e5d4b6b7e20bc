using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.People;

/// <param name="NeedsOperator">There are too few administrators for a reset by two of them.</param>
/// <param name="IsResetWanted">Somebody has asked for a reset already.</param>
internal sealed record StaffLine(StaffPerson Person, bool NeedsOperator, bool IsResetWanted);

/// <param name="PersonName">Whose account it is.</param>
internal sealed record WantedReset(
    Guid Id, Guid Person, string PersonName, Guid RequestedBy, string RequestedByName, DateTimeOffset ExpiresAt, string Reason);

/// <param name="Resets">That wait for a decision, oldest first.</param>
internal sealed record StaffList(IReadOnlyList<StaffLine> People, IReadOnlyList<WantedReset> Resets);

/// <summary>All staff accounts, and which of them somebody wants to reset.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class ShowStaff(StaffReads reads)
{
    public Task<StaffAnswer<StaffList>> ExecuteAsync(StaffActor actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync<StaffList>(typeof(ShowStaff), actor, audited: null, async db =>
        {
            var people = await StaffPeople.ListAsync(db, now, cancellationToken);
            var names = people.ToDictionary(p => p.Id, p => p.Name);
            var open = await db.StaffResets.AsNoTracking().Where(r => r.Decision == null && r.ExpiresAt > now).OrderBy(r => r.RequestedAt)
                .ToListAsync(cancellationToken);
            return new(
                [.. people.Select(p => new StaffLine(p, !people.CanReset(p.Id), open.Exists(r => r.UserId == p.Id)))],
                [
                    .. open.Select(r => new WantedReset(
                        r.Id, r.UserId, names.GetValueOrDefault(r.UserId, ""), r.RequestedBy, names.GetValueOrDefault(r.RequestedBy, ""),
                        r.ExpiresAt, r.Reason)),
                ]);
        }, now, cancellationToken);
}
