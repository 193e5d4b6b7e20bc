using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.DataChecks;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Ownership;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Desk;

/// <summary>What waits for staff.</summary>
/// <param name="Flags">Oldest first, one page of them.</param>
/// <param name="HasMore">There are younger ones behind the last.</param>
/// <param name="Invoicing">Why no invoices can be issued.</param>
/// <param name="ClockAhead">Of the machine that answers, where its clock is too wrong to issue invoices; behind, if negative.</param>
/// <param name="UntrustedProxy">The address of a proxy that the configuration of the machine that answers does not name.</param>
/// <param name="Findings">The first of what the daily check of the data found wrong.</param>
/// <param name="Exclusions">Computers that a colleague wants to exclude for good, oldest first.</param>
/// <param name="Loans">That staff decide about, oldest first.</param>
/// <param name="HasResets">Somebody wants a colleague's account reset, and this administrator may decide.</param>
internal sealed record DeskView(
    DeskCounts Counts, IReadOnlyList<OpenFlag> Flags, bool HasMore, IReadOnlyList<InvoicingComplaint> Invoicing,
    TimeSpan? ClockAhead, string? UntrustedProxy, IReadOnlyList<DeskFinding> Findings,
    IReadOnlyList<AskedExclusion> Exclusions, IReadOnlyList<AskedLoan> Loans, bool HasResets, bool HasProducts);

/// <param name="Rule">By its name, which <c>check data</c> explains.</param>
/// <param name="Subject">Number or id.</param>
internal sealed record DeskFinding(string Rule, string Subject);

internal sealed record AskedExclusion(string LicenseNumber, string? PcName, string RequestedBy, DateTimeOffset ExpiresAt);

internal sealed record AskedLoan(string LicenseNumber, string Customer, DateOnly LastDay, DateTimeOffset AskedAt);

/// <param name="Transfers">That staff decide about.</param>
/// <param name="OwnerChanges">Of licensees, likewise.</param>
/// <param name="Loans">Likewise.</param>
/// <param name="FailedMails">That nothing will send any more without somebody's help.</param>
/// <param name="LastReminders">Invoices that are still open after the last reminder: a person decides.</param>
internal sealed record DeskCounts(
    int OpenFlags, int LockedLicenses, int Objections, int Transfers, int OwnerChanges, int Loans, int FailedMails, int LastReminders);

/// <param name="IsAnswered">The customer has said something, and staff have asked nothing since.</param>
internal sealed record OpenFlag(
    string Number, FlagKind Kind, FlagState State, FlagStage Stage, DateTimeOffset OpenedAt, string LicenseNumber,
    LicenseState LicenseState, string Customer, string Product,
    bool IsAnswered);

/// <summary>The desk: open cases, oldest first, and how much there is.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ShowDesk(StaffReads reads, VendorInvoicing invoicing, NodeClock clock, ProxyWatch proxies)
{
    public const int PageSize = 25;
    private const int FindingsShown = 10;

    /// <param name="after">The number of the last case of the page before.</param>
    public Task<StaffAnswer<DeskView>> ExecuteAsync(
        StaffActor actor, string? after, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(
            typeof(ShowDesk), actor, audited: null, db => ReadAsync(db, actor, invoicing.Complaints, after, now, cancellationToken),
            now, cancellationToken);

    private async Task<DeskView?> ReadAsync(
        PortalDbContext db, StaffActor actor, IReadOnlyList<InvoicingComplaint> complaints, string? after, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var open = db.Flags.AsNoTracking().Where(f => f.State != FlagState.Resolved);
        var counts = new DeskCounts(
            await open.CountAsync(cancellationToken),
            await open.CountAsync(f => f.Stage == FlagStage.LicenseLocked, cancellationToken),
            await open.CountAsync(f => f.Kind == FlagKind.Objection, cancellationToken),
            await SearchTransfers.CountForReviewAsync(db, cancellationToken),
            await SearchOwnerChanges.CountForReviewAsync(db, cancellationToken),
            await db.Loans.CountAsync(l => l.State == LoanState.AwaitingStaff, cancellationToken),
            await db.Set<OutboxMessage>().CountAsync(m => m.State == OutboxState.Failed, cancellationToken),
            await db.Invoices.CountAsync(i => i.State == InvoiceState.Issued && i.ReminderLevel == ReminderPlan.Levels, cancellationToken));

        var page = open;
        if (after is not null && await db.Flags.Where(f => f.Number == after).Select(f => new { f.OpenedAt, f.Id })
            .SingleOrDefaultAsync(cancellationToken) is { } last)
        {
            page = page.Where(f => f.OpenedAt > last.OpenedAt || (f.OpenedAt == last.OpenedAt && f.Id > last.Id));
        }

        var rows = await (
            from f in page
            join l in db.Licenses on f.LicenseId equals l.Id
            join c in db.Customers on l.CustomerId equals c.Id
            join p in db.Products on l.ProductId equals p.Id
            orderby f.OpenedAt, f.Id
            select new OpenFlag(
                f.Number, f.Kind, f.State, f.Stage, f.OpenedAt, l.Number, l.State, c.Company, p.Name, f.State == FlagState.Open
                && f.Messages.Any(m => m.Explanation != null)))
            .Take(PageSize + 1).ToListAsync(cancellationToken);
        var findings = await db.Set<DataFinding>().OrderBy(f => f.Id).Take(FindingsShown).Select(f => new DeskFinding(f.Rule, f.Subject))
            .ToListAsync(cancellationToken);
        var exclusions = await (
            from r in db.ExclusionRequests
            join l in db.Licenses on r.LicenseId equals l.Id
            join a in db.Activations on r.ActivationId equals a.Id
            join u in db.Users on r.RequestedBy equals u.Id into people
            from u in people.DefaultIfEmpty()
            where r.Decision == null && r.ExpiresAt > now
            orderby r.RequestedAt
            select new AskedExclusion(l.Number, a.PcName, u == null ? "" : u.DisplayName, r.ExpiresAt)).Take(PageSize)
                .ToListAsync(cancellationToken);
        var loans = await (
            from w in db.Loans
            join l in db.Licenses on w.LicenseId equals l.Id
            join c in db.Customers on l.CustomerId equals c.Id
            where w.State == LoanState.AwaitingStaff
            orderby w.AskedAt, w.Id
            select new AskedLoan(l.Number, c.Company, w.LastDay, w.AskedAt ?? w.CreatedAt)).Take(PageSize)
                .ToListAsync(cancellationToken);
        var hasResets = actor.Roles.Contains(StaffRoles.Administrator)
            && await db.StaffResets.AnyAsync(
                r => r.Decision == null && r.ExpiresAt > now && r.RequestedBy != actor.Id && r.UserId != actor.Id, cancellationToken);
        var ahead = await clock.AheadAsync(db, cancellationToken);
        return new DeskView(counts, [.. rows.Take(PageSize)], rows.Count > PageSize, complaints, NodeClock.IsWrong(ahead) ? ahead : null,
            proxies.Untrusted, findings, exclusions, loans, hasResets,
            await db.Products.AnyAsync(cancellationToken));
    }
}
