using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Audit;

/// <summary>Which entries are asked for; null is any.</summary>
/// <param name="Person">The account that acted; zero is the command line.</param>
/// <param name="From">First day, in the vendor's zone.</param>
/// <param name="To">Last day, included.</param>
internal sealed record AuditFilter(Guid? Person, AuditKind? Kind, DateOnly? From, DateOnly? To, string? Subject);

/// <param name="Person">Of the account or token that acted; null for the command line, and once the account is gone.</param>
/// <param name="Subject">A number, or the address of a staff account.</param>
internal sealed record AuditLine(long Id, DateTimeOffset At, AuditKind Kind, Guid Stream, string? Person, string? Subject, string? Text);

/// <param name="Lines">Newest first.</param>
/// <param name="People">All staff accounts with their roles.</param>
internal sealed record AuditView(IReadOnlyList<AuditLine> Lines, bool HasOlder, IReadOnlyList<StaffPerson> People);

/// <summary>The audit log, newest first, and who has which role.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class SearchAudit(StaffReads reads, LocalTimes times)
{
    public const int PageSize = 50;

    /// <param name="olderThan">The id of the last entry of the page before.</param>
    public Task<StaffAnswer<AuditView>> ExecuteAsync(
        StaffActor actor, AuditFilter filter, long? olderThan, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(typeof(SearchAudit), actor, new(AuditKind.AuditSearched, null),
            db => ReadAsync(db, filter, olderThan, now, cancellationToken), now, cancellationToken);

    private async Task<AuditView?> ReadAsync(
        PortalDbContext db, AuditFilter filter, long? olderThan, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var people = await StaffPeople.ListAsync(db, now, cancellationToken);
        var entries = Filtered(db, filter, times);
        var rows = await (olderThan is { } last ? entries.Where(e => e.Id < last) : entries).OrderByDescending(e => e.Id).Take(PageSize + 1)
            .ToListAsync(cancellationToken);
        return new AuditView([.. Lines(rows.Take(PageSize), people)], rows.Count > PageSize, people);
    }

    public static IQueryable<AuditEntry> Filtered(PortalDbContext db, AuditFilter filter, LocalTimes times)
    {
        var entries = db.AuditEntries.AsNoTracking();
        if (filter.Person is { } person)
        {
            entries = entries.Where(e => e.Stream == person);
        }

        if (filter.Kind is { } kind)
        {
            entries = entries.Where(e => e.Kind == kind);
        }

        if (filter.From is { } from)
        {
            var since = times.BeginningOf(from);
            entries = entries.Where(e => e.At >= since);
        }

        if (filter.To is { } to)
        {
            var until = times.EndOf(to);
            entries = entries.Where(e => e.At < until);
        }

        if (filter.Subject is not { Length: > 0 } subject)
        {
            return entries;
        }

        // Numbers are upper-case; of a staff account the address is typed and its id stands in the entry.
        var upper = subject.ToUpperInvariant();
        return entries.Where(e => e.Subject == upper || e.Text == subject
            || db.Users.Any(u => u.NormalizedEmail == upper && e.Subject == u.Id.ToString()));
    }

    public static IEnumerable<AuditLine> Lines(IEnumerable<AuditEntry> entries, IReadOnlyList<StaffPerson> people)
    {
        var known = people.ToDictionary(p => p.Id);
        return entries.Select(e => new AuditLine(
            e.Id,
            e.At,
            e.Kind,
            e.Stream,
            // The stream is a token, and the text names it.
            e.Kind == AuditKind.CustomerReadByApi ? e.Text : known.GetValueOrDefault(e.Stream)?.Name,
            Guid.TryParse(e.Subject, out var account) && known.TryGetValue(account, out var subject) ? subject.Email : e.Subject,
            e.Text));
    }
}
