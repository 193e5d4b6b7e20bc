using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Desk;

internal sealed record OpenedBy(string Name, DateTimeOffset At);

/// <param name="People">Latest first.</param>
internal sealed record WhoElse(IReadOnlyList<OpenedBy> People);

/// <summary>Which colleagues have opened the same case within the hour, as the audit log has it: two would do the same work.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ShowWhoElse(StaffReads reads)
{
    private const int Most = 5;

    private static readonly TimeSpan Lately = TimeSpan.FromHours(1);

    /// <param name="subject">The number or id by which the page of the case is found.</param>
    public Task<StaffAnswer<WhoElse>> ExecuteAsync(
        StaffActor actor, string subject, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync<WhoElse>(
            typeof(ShowWhoElse), actor, audited: null,
            async db =>
            {
                var since = now - Lately;
                return new(await (
                    from e in db.AuditEntries
                    join u in db.Users on e.Stream equals u.Id
                    where e.Subject == subject && e.At > since && e.Stream != actor.Id
                    group e.At by u.DisplayName into opened
                    orderby opened.Max() descending
                    select new OpenedBy(opened.Key, opened.Max())).Take(Most).ToListAsync(cancellationToken));
            },
            now, cancellationToken);
}
