using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Mails;

/// <summary>Which mails are asked for. Its words stand in the address.</summary>
internal enum MailFilter
{
    /// <summary>Nothing will send them any more without somebody's help.</summary>
    Failed,

    /// <summary>To be sent, or tried again.</summary>
    Waiting,
    Sent,
    All,
}

internal sealed record FoundMail(
    Guid Id, OutboxState State, AttemptResult? LastResult, string ToAddress, string Subject, string? Reference,
    DateTimeOffset CreatedAt);

/// <param name="Mails">Newest first.</param>
/// <param name="Queue">How sending is doing.</param>
internal sealed record MailsView(IReadOnlyList<FoundMail> Mails, bool HasOlder, MailQueueState Queue);

/// <summary>What the portal has written, by state and by address or by the number of a license or case.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class SearchMails(StaffReads reads, LocalTimes times)
{
    public const int PageSize = 25;
    private const int LongestTerm = 254;

    /// <param name="period">When they were written; null for all days.</param>
    /// <param name="before">The last mail of the page before.</param>
    public Task<StaffAnswer<MailsView>> ExecuteAsync(
        StaffActor actor, MailFilter filter, string term, DayRange? period, Guid? before, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        reads.SearchAsync(
            typeof(SearchMails), actor, AuditKind.MailsSearched, term, isFirstPage: before is null,
            db => ReadAsync(db, filter, term, period, before, now, cancellationToken), now, cancellationToken);

    public static string Clean(string? term) => UntrustedText.Shorten((term ?? "").Trim(), LongestTerm);

    private async Task<MailsView?> ReadAsync(
        PortalDbContext db, MailFilter filter, string term, DayRange? period, Guid? before, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var outbox = db.Set<OutboxMessage>();
        var number = term.ToUpperInvariant();
        var mails = Filtered(
            term.Length == 0 ? outbox
            : MailAddresses.Normalize(term) is { } address
                ? outbox.FromSql($"SELECT * FROM outbox WHERE lower(to_address) = lower({address})")
            : outbox.Where(m => m.Reference == number),
            filter).AsNoTracking();

        if (period?.In(times) is var (from, until))
        {
            mails = mails.Where(m => m.CreatedAt >= from && m.CreatedAt < until);
        }

        // Ids grow with time, so they are the order and the place in it.
        if (before is { } last)
        {
            mails = mails.Where(m => m.Id < last);
        }

        var rows = await mails.OrderByDescending(m => m.Id).Take(PageSize + 1).Select(m => new FoundMail(
            m.Id, m.State, m.LastResult, m.ToAddress, m.Subject, m.Reference, m.CreatedAt)).ToListAsync(cancellationToken);
        return new MailsView([.. rows.Take(PageSize)], rows.Count > PageSize, await MailQueueState.LookAsync(db, now, cancellationToken));
    }

    private static IQueryable<OutboxMessage> Filtered(IQueryable<OutboxMessage> mails, MailFilter filter) => filter switch
    {
        MailFilter.Failed => mails.Where(m => m.State == OutboxState.Failed),
        MailFilter.Waiting => mails.Where(
            m => m.State == OutboxState.Pending || m.State == OutboxState.Sending || m.State == OutboxState.Unknown),
        MailFilter.Sent => mails.Where(m => m.State == OutboxState.Sent),
        MailFilter.All => mails,
    };
}
