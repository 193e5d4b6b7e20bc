using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Ownership;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail.Sending;

namespace SelfHelpPortal.Features.Staff.Desk;

/// <summary>All that waits for staff, from the tables in which it waits: there is no second list that could differ from them.</summary>
internal static class WorkList
{
    /// <summary>Whether something belongs to a view, for what was read already.</summary>
    private static readonly Dictionary<WorkView, Func<WorkItem, bool>> Belongs =
        Enum.GetValues<WorkView>().ToDictionary(view => view, view => WorkItem.In(view).Compile());

    /// <param name="me">Whose view of it.</param>
    /// <param name="endOfToday">Of the vendor's day (UTC).</param>
    public static IQueryable<WorkItem> Work(this PortalDbContext db, Guid me, DateTimeOffset now, DateTimeOffset endOfToday)
    {
        var waiting = Flags(db).Concat(Transfers(db)).Concat(OwnerChanges(db)).Concat(Loans(db)).Concat(Exclusions(db, now))
            .Concat(Appointments(db, endOfToday)).Concat(Mails(db)).Concat(Invoices(db));
        return
            from w in waiting
            join a in db.CaseAssignments on w.Subject equals a.Subject into taken
            from a in taken.DefaultIfEmpty()
            select new WorkItem
            {
                Kind = w.Kind,
                Subject = w.Subject,
                Key = w.Key,
                Since = w.Since,
                LicenseId = w.LicenseId,
                CustomerId = w.CustomerId,
                ProductId = w.ProductId,
                IsLocked = w.IsLocked,
                IsAnswered = w.IsAnswered,
                IsWaiting = w.IsWaiting,
                TakenBy = a == null ? null : a.UserId,
                IsMine = a != null && a.UserId == me,
            };
    }

    /// <summary>How many each view has. They are counted by what tells them apart, so all views cost one reading.</summary>
    public static async Task<IReadOnlyDictionary<WorkView, int>> CountAsync(IQueryable<WorkItem> work, CancellationToken cancellationToken)
    {
        var groups = await work.GroupBy(w => new { w.Kind, w.IsLocked, w.IsAnswered, w.IsWaiting, w.TakenBy, w.IsMine })
            .Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancellationToken);
        var alike = groups.ConvertAll(g => (
            Item: new WorkItem
            {
                Kind = g.Key.Kind,
                Subject = default,
                Key = "",
                Since = default,
                LicenseId = null,
                CustomerId = null,
                ProductId = null,
                IsLocked = g.Key.IsLocked,
                IsAnswered = g.Key.IsAnswered,
                IsWaiting = g.Key.IsWaiting,
                TakenBy = g.Key.TakenBy,
                IsMine = g.Key.IsMine,
            },
            g.Count));
        return Belongs.ToDictionary(view => view.Key, view => alike.Where(g => view.Value(g.Item)).Sum(g => g.Count));
    }

    /// <summary>Of the page of an item, behind <c>/staff/</c>.</summary>
    public static string PathOf(WorkKind kind, string key) => kind switch
    {
        WorkKind.Flag or WorkKind.Objection => "flags/",
        WorkKind.Transfer => "transfers/",
        WorkKind.OwnerChange => "ownership/",
        WorkKind.Loan or WorkKind.Exclusion => "licenses/",
        WorkKind.Appointment => "appointments/",
        WorkKind.Mail => "mails/",
        WorkKind.Invoice => "invoices/",
    }
    + Uri.EscapeDataString(key);

    private static IQueryable<WorkItem> Flags(PortalDbContext db) =>
        from f in db.Flags
        join l in db.Licenses on f.LicenseId equals l.Id
        where f.State != FlagState.Resolved
        select new WorkItem
        {
            Kind = f.Kind == FlagKind.Objection ? WorkKind.Objection : WorkKind.Flag,
            Subject = f.Id,
            Key = f.Number,
            Since = f.OpenedAt,
            LicenseId = l.Id,
            CustomerId = l.CustomerId,
            ProductId = l.ProductId,
            IsLocked = f.Stage == FlagStage.LicenseLocked,
            IsAnswered = f.State == FlagState.Open && f.Messages.Any(m => m.Explanation != null),
            IsWaiting = f.State == FlagState.AwaitingCustomer,
        };

    private static IQueryable<WorkItem> Transfers(PortalDbContext db)
    {
        TransferState[] states =
            [.. SearchTransfers.StatesOf(TransferQueue.Review), .. SearchTransfers.StatesOf(TransferQueue.Customer)];
        return
            from r in db.Transfers
            where r.Reference != null && states.Contains(r.State)
            select new WorkItem
            {
                Kind = WorkKind.Transfer,
                Subject = r.Id,
                Key = r.Reference!,
                Since = r.ChangedAt,
                LicenseId = r.Items.OrderBy(i => i.Position).Select(i => i.LicenseId).FirstOrDefault(),
                CustomerId = r.CustomerId,
                ProductId = r.ProductId,
                IsLocked = false,
                IsAnswered = r.State != TransferState.NeedsAnswer && r.Messages.Any(m => m.FromCustomer),
                IsWaiting = r.State == TransferState.NeedsAnswer,
            };
    }

    private static IQueryable<WorkItem> OwnerChanges(PortalDbContext db)
    {
        OwnerChangeState[] states =
            [.. SearchOwnerChanges.StatesOf(OwnerQueue.Review), .. SearchOwnerChanges.StatesOf(OwnerQueue.Customer)];
        return
            from c in db.OwnerChanges
            where states.Contains(c.State)
            select new WorkItem
            {
                Kind = WorkKind.OwnerChange,
                Subject = c.Id,
                Key = c.Reference,
                Since = c.ChangedAt,
                LicenseId = c.LicenseId,
                CustomerId = c.CustomerId,
                ProductId = db.Licenses.Where(l => l.Id == c.LicenseId).Select(l => l.ProductId).FirstOrDefault(),
                IsLocked = false,
                IsAnswered = false,
                IsWaiting = c.State == OwnerChangeState.NeedsAnswer,
            };
    }

    private static IQueryable<WorkItem> Loans(PortalDbContext db) =>
        from w in db.Loans
        join l in db.Licenses on w.LicenseId equals l.Id
        where w.State == LoanState.AwaitingStaff
        select new WorkItem
        {
            Kind = WorkKind.Loan,
            Subject = w.Id,
            Key = l.Number,
            Since = w.AskedAt ?? w.CreatedAt,
            LicenseId = l.Id,
            CustomerId = l.CustomerId,
            ProductId = l.ProductId,
            IsLocked = false,
            IsAnswered = false,
            IsWaiting = false,
        };

    private static IQueryable<WorkItem> Exclusions(PortalDbContext db, DateTimeOffset now) =>
        from r in db.ExclusionRequests
        join l in db.Licenses on r.LicenseId equals l.Id
        where r.Decision == null && r.ExpiresAt > now
        select new WorkItem
        {
            Kind = WorkKind.Exclusion,
            Subject = r.Id,
            Key = l.Number,
            Since = r.RequestedAt,
            LicenseId = l.Id,
            CustomerId = l.CustomerId,
            ProductId = l.ProductId,
            IsLocked = false,
            IsAnswered = false,
            IsWaiting = false,
        };

    private static IQueryable<WorkItem> Appointments(PortalDbContext db, DateTimeOffset endOfToday) =>
        from a in db.Appointments
        where a.State == AppointmentState.Booked && a.StartsAt < endOfToday
        select new WorkItem
        {
            Kind = WorkKind.Appointment,
            Subject = a.Id,
            Key = a.Id.ToString(),
            Since = a.StartsAt,
            LicenseId = a.LicenseId,
            CustomerId = db.Licenses.Where(l => l.Id == a.LicenseId).Select(l => (Guid?)l.CustomerId).FirstOrDefault(),
            ProductId = a.ProductId,
            IsLocked = false,
            IsAnswered = false,
            IsWaiting = false,
        };

    private static IQueryable<WorkItem> Mails(PortalDbContext db) =>
        from m in db.Set<OutboxMessage>()
        where m.State == OutboxState.Failed
        select new WorkItem
        {
            Kind = WorkKind.Mail,
            Subject = m.Id,
            Key = m.Id.ToString(),
            Since = m.CreatedAt,
            LicenseId = null,
            CustomerId = m.CustomerId,
            ProductId = null,
            IsLocked = false,
            IsAnswered = false,
            IsWaiting = false,
        };

    private static IQueryable<WorkItem> Invoices(PortalDbContext db) =>
        from i in db.Invoices
        where i.State == InvoiceState.Issued && i.ReminderLevel == ReminderPlan.Levels
        select new WorkItem
        {
            Kind = WorkKind.Invoice,
            Subject = i.Id,
            Key = i.Number,
            Since = i.CreatedAt,
            LicenseId = i.LicenseId,
            CustomerId = i.CustomerId,
            ProductId = null,
            IsLocked = false,
            IsAnswered = false,
            IsWaiting = false,
        };
}
