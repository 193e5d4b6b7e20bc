using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Desk;

/// <summary>By what the work list is ordered.</summary>
internal enum WorkOrder
{
    /// <summary>What waits longest comes first.</summary>
    Age,
    Kind,
    Customer,
    TakenBy,
}

/// <param name="ProductId">Only of this product; null for all.</param>
/// <param name="Key">Only what has this number or id, in whatever view; null for all.</param>
internal sealed record WorkQuestion(
    WorkView View, string? ProductId, WorkOrder Order, bool Descending, int Skip, int Take, string? Key = null);

/// <param name="Total">How many the view has.</param>
/// <param name="Counts">Of every view, whatever the product.</param>
internal sealed record WorkPage(IReadOnlyList<WorkLine> Lines, int Total, IReadOnlyDictionary<WorkView, int> Counts);

/// <summary>A part of the work list: so many lines from some place on.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ListWork(StaffReads reads, LocalTimes times)
{
    /// <summary>More than any screen shows.</summary>
    public const int MostLines = 200;

    public Task<StaffAnswer<WorkPage>> ExecuteAsync(
        StaffActor actor, WorkQuestion question, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(
            typeof(ListWork), actor, audited: null, db => ReadAsync(db, actor, question, now, cancellationToken), now, cancellationToken);

    private async Task<WorkPage?> ReadAsync(
        PortalDbContext db, StaffActor actor, WorkQuestion question, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var all = db.Work(actor.Id, now, times.EndOf(times.Today(now)));
        var counts = await WorkList.CountAsync(all, cancellationToken);
        var found = question.Key is { } key ? all.Where(w => w.Key == key) : all.Where(WorkItem.In(question.View));
        var total = counts[question.View];
        if (question.ProductId is { } product)
        {
            found = found.Where(w => w.ProductId == product);
            total = await found.CountAsync(cancellationToken);
        }

        var items = await Ordered(db, found, question).Skip(question.Skip).Take(Math.Min(question.Take, MostLines))
            .ToListAsync(cancellationToken);
        return new WorkPage(await LinesAsync(db, items, cancellationToken), total, counts);
    }

    /// <summary>The last word has the row itself, so that no line is shown twice or left out.</summary>
    private static IOrderedQueryable<WorkItem> Ordered(PortalDbContext db, IQueryable<WorkItem> work, WorkQuestion question) =>
        (question.Order, question.Descending) switch
        {
            (WorkOrder.Age, false) => work.OrderBy(w => w.Since).ThenBy(w => w.Subject),
            (WorkOrder.Age, true) => work.OrderByDescending(w => w.Since).ThenBy(w => w.Subject),
            (WorkOrder.Kind, false) => work.OrderBy(w => w.Kind).ThenBy(w => w.Since).ThenBy(w => w.Subject),
            (WorkOrder.Kind, true) => work.OrderByDescending(w => w.Kind).ThenBy(w => w.Since).ThenBy(w => w.Subject),
            (WorkOrder.Customer, false) => work
                .OrderBy(w => db.Customers.Where(c => c.Id == w.CustomerId).Select(c => c.Company).FirstOrDefault())
                .ThenBy(w => w.Since).ThenBy(w => w.Subject),
            (WorkOrder.Customer, true) => work
                .OrderByDescending(w => db.Customers.Where(c => c.Id == w.CustomerId).Select(c => c.Company).FirstOrDefault())
                .ThenBy(w => w.Since).ThenBy(w => w.Subject),
            (WorkOrder.TakenBy, false) => work.OrderBy(w => w.TakenBy).ThenBy(w => w.Since).ThenBy(w => w.Subject),
            (WorkOrder.TakenBy, true) => work.OrderByDescending(w => w.TakenBy).ThenBy(w => w.Since).ThenBy(w => w.Subject),
        };

    /// <summary>What a line says besides is looked up for the lines that are shown, and not for the whole list.</summary>
    private static async Task<IReadOnlyList<WorkLine>> LinesAsync(
        PortalDbContext db, List<WorkItem> items, CancellationToken cancellationToken)
    {
        var (licenseIds, customerIds) = (items.ConvertAll(w => w.LicenseId), items.ConvertAll(w => w.CustomerId));
        var licenses = await db.Licenses.Where(l => licenseIds.Contains(l.Id)).Select(l => new { l.Id, l.Number })
            .ToDictionaryAsync(l => l.Id, l => l.Number, cancellationToken);
        var customers = await db.Customers.Where(c => customerIds.Contains(c.Id)).Select(c => new { c.Id, c.Company })
            .ToDictionaryAsync(c => c.Id, c => c.Company, cancellationToken);
        var products = await db.Products.Select(p => new { p.Id, p.Name }).ToDictionaryAsync(p => p.Id, p => p.Name, cancellationToken);
        var people = items.ConvertAll(w => w.TakenBy);
        var names = await db.Users.Where(u => people.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.DisplayName, cancellationToken);

        // An order of somebody whose license nobody knows yet has only what was typed; appointments have the name of whoever comes.
        var strangers = items.Where(w => w.CustomerId is null).Select(w => w.Subject).ToList();
        var stated = strangers.Count == 0 ? [] : await StatedAsync(db, strangers, cancellationToken);
        var mails = items.Where(w => w.Kind == WorkKind.Mail).Select(w => w.Subject).ToList();
        var references = mails.Count == 0 ? [] : await db.Set<Platform.Mail.Sending.OutboxMessage>().Where(m => mails.Contains(m.Id))
            .Select(m => new { m.Id, m.Reference }).ToDictionaryAsync(m => m.Id, m => m.Reference, cancellationToken);
        return items.ConvertAll(w => new WorkLine(
            w.Kind, w.Subject, WorkList.PathOf(w.Kind, w.Key),
            w.Kind switch
            {
                WorkKind.Appointment => null,
                WorkKind.Mail => references.GetValueOrDefault(w.Subject),
                _ => w.Key,
            },
            w.Since, w.LicenseId is { } license ? licenses.GetValueOrDefault(license) : null,
            w.CustomerId is { } customer ? customers.GetValueOrDefault(customer) : stated.GetValueOrDefault(w.Subject),
            w.ProductId is { } product ? products.GetValueOrDefault(product, product) : null,
            w.IsLocked, w.IsAnswered, w.IsWaiting, w.TakenBy, w.TakenBy is { } user ? names.GetValueOrDefault(user) : null));
    }

    private static async Task<Dictionary<Guid, string>> StatedAsync(
        PortalDbContext db, List<Guid> subjects, CancellationToken cancellationToken)
    {
        var orders = await db.Transfers.AsNoTracking().Where(r => subjects.Contains(r.Id)).Select(r => new { r.Id, r.Contact })
            .ToListAsync(cancellationToken);
        var stated = orders.ToDictionary(r => r.Id, r => r.Contact!.Company ?? r.Contact.Name);
        foreach (var visitor in await db.Appointments.Where(a => subjects.Contains(a.Id)).Select(a => new { a.Id, a.Name })
            .ToListAsync(cancellationToken))
        {
            stated[visitor.Id] = visitor.Name;
        }

        return stated;
    }
}
