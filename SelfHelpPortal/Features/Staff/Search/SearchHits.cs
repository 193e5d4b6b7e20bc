using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Search;

/// <summary>What the page shows of each hit, and where the term stands in it.</summary>
internal sealed class SearchHits(PortalDbContext db, SearchTerm term, StaffTexts texts)
{
    /// <param name="ids">The likeliest first; the hits are in that order.</param>
    public async Task<IReadOnlyList<SearchHit>> ReadAsync(SearchKind kind, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var hits = await (kind switch
        {
            SearchKind.Licenses => LicensesAsync(ids, cancellationToken),
            SearchKind.Customers => CustomersAsync(ids, cancellationToken),
            SearchKind.Cases => CasesAsync(ids, cancellationToken),
            SearchKind.Orders => OrdersAsync(ids, cancellationToken),
            SearchKind.Invoices => InvoicesAsync(ids, cancellationToken),
            SearchKind.Computers => ComputersAsync(ids, cancellationToken),
            SearchKind.Loans => LoansAsync(ids, cancellationToken),
            SearchKind.Appointments => AppointmentsAsync(ids, cancellationToken),
        });
        return [.. ids.Where(hits.ContainsKey).Select(id => hits[id])];
    }

    private async Task<Dictionary<Guid, SearchHit>> LicensesAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        (await (from l in db.Licenses
                join c in db.Customers on l.CustomerId equals c.Id
                join p in db.Products on l.ProductId equals p.Id
                where ids.Contains(l.Id)
                select new { l.Id, l.Number, l.Serial, l.Key.LastFive, l.State, c.Company, Product = p.Name })
            .ToListAsync(cancellationToken))
        .ToDictionary(l => l.Id, l => new SearchHit(
            l.Number, $"/staff/licenses/{l.Number}", $"{l.Company} · {l.Product}", l.State,
            Matches(
                (SearchField.Number, l.Number), (SearchField.Serial, l.Serial),
                (SearchField.KeyEnd, l.LastFive == term.Upper ? l.LastFive : null))));

    private async Task<Dictionary<Guid, SearchHit>> CustomersAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        (await db.Customers.Where(c => ids.Contains(c.Id))
            .Select(c => new
            {
                c.Id,
                c.Number,
                c.Company,
                c.Email,
                c.Street,
                c.PostalCode,
                c.City,
                c.VatId,
            })
            .ToListAsync(cancellationToken))
        .ToDictionary(c => c.Id, c => new SearchHit(
            c.Number, $"/staff/customers/{c.Number}", c.City is { } city ? $"{c.Company} · {city}" : c.Company, State: null,
            Matches(
                (SearchField.Number, c.Number), (SearchField.Company, c.Company), (SearchField.Email, c.Email),
                (SearchField.Street, c.Street), (SearchField.PostalCode, c.PostalCode), (SearchField.City, c.City),
                (SearchField.VatId, c.VatId))));

    private async Task<Dictionary<Guid, SearchHit>> CasesAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        (await (from f in db.Set<Flag>()
                join l in db.Licenses on f.LicenseId equals l.Id
                join c in db.Customers on l.CustomerId equals c.Id
                where ids.Contains(f.Id)
                select new { f.Id, f.Number, f.State, License = l.Number, c.Company })
            .ToListAsync(cancellationToken))
        .ToDictionary(f => f.Id, f => new SearchHit(
            f.Number, $"/staff/flags/{f.Number}", $"{f.Company} · {f.License}", f.State, Matches((SearchField.Number, f.Number))));

    private async Task<Dictionary<Guid, SearchHit>> OrdersAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        (await db.Transfers.Where(r => ids.Contains(r.Id))
            .Select(r => new
            {
                r.Id,
                Reference = r.Reference!,
                r.State,
                Contact = r.Contact!,
                Product = db.Products.Where(p => p.Id == r.ProductId).Select(p => p.Name).SingleOrDefault() ?? r.ProductId,
                Hardware = r.Items.OrderBy(i => i.Position).Select(i => i.NewHardware).ToList(),
            })
            .ToListAsync(cancellationToken))
        .ToDictionary(r => r.Id, r => new SearchHit(
            r.Reference, $"/staff/transfers/{r.Reference}", $"{r.Contact.Company ?? r.Contact.Name} · {r.Product}", r.State,
            Matches(
                (SearchField.Number, r.Reference), (SearchField.Company, r.Contact.Company), (SearchField.Name, r.Contact.Name),
                (SearchField.Email, r.Contact.Email), (SearchField.Street, r.Contact.Street),
                (SearchField.PostalCode, r.Contact.PostalCode), (SearchField.City, r.Contact.City), (SearchField.Phone, r.Contact.Phone),
                (SearchField.HardwareCode, r.Hardware.Select(h => h.Normalized).FirstOrDefault(IsHardware)))));

    private async Task<Dictionary<Guid, SearchHit>> InvoicesAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        (await (from i in db.Invoices
                join c in db.Customers on i.CustomerId equals c.Id
                where ids.Contains(i.Id)
                select new { i.Id, i.Number, i.State, i.Gross, i.IssueDate, c.Company })
            .ToListAsync(cancellationToken))
        .ToDictionary(i => i.Id, i => new SearchHit(
            i.Number, $"/staff/invoices/{i.Number}",
            $"{i.Company} · {StaffTexts.Amount(i.Gross)} · {LocalTimes.Date(i.IssueDate, CultureInfo.CurrentUICulture)}", i.State,
            [
                .. Matches((SearchField.Number, i.Number)),
                .. term.Amount == i.Gross ? [Whole(SearchField.Amount, StaffTexts.Amount(i.Gross))] : Array.Empty<SearchMatch>(),
            ]));

    private async Task<Dictionary<Guid, SearchHit>> ComputersAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        (await (from a in db.Activations
                join l in db.Licenses on a.LicenseId equals l.Id
                join c in db.Customers on l.CustomerId equals c.Id
                where ids.Contains(a.Id)
                select new { a.Id, a.PcName, a.OwnName, a.HardwareCode, a.State, License = l.Number, c.Company })
            .ToListAsync(cancellationToken))
        .ToDictionary(a => a.Id, a => new SearchHit(
            texts.Pc(a.PcName), $"/staff/licenses/{a.License}", $"{a.Company} · {a.License}", a.State,
            Matches(
                (SearchField.PcName, a.PcName), (SearchField.OwnName, a.OwnName),
                (SearchField.HardwareCode, IsHardware(a.HardwareCode.Normalized) ? a.HardwareCode.Normalized : null))));

    private async Task<Dictionary<Guid, SearchHit>> LoansAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        (await (from w in db.Loans
                join l in db.Licenses on w.LicenseId equals l.Id
                join c in db.Customers on l.CustomerId equals c.Id
                where ids.Contains(w.Id)
                select new { w.Id, w.PcName, w.HardwareCode, w.StatedLicense, w.Reason, w.State, License = l.Number, c.Company })
            .ToListAsync(cancellationToken))
        .ToDictionary(w => w.Id, w => new SearchHit(
            texts.Pc(w.PcName), $"/staff/licenses/{w.License}", $"{w.Company} · {w.License}", w.State,
            Matches(
                (SearchField.PcName, w.PcName), (SearchField.StatedLicense, w.StatedLicense), (SearchField.Reason, w.Reason),
                (SearchField.HardwareCode, IsHardware(w.HardwareCode.Normalized) ? w.HardwareCode.Normalized : null))));

    private async Task<Dictionary<Guid, SearchHit>> AppointmentsAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        (await db.Appointments.Where(a => ids.Contains(a.Id))
            .Select(a => new
            {
                a.Id,
                a.StartsAt,
                a.State,
                a.Name,
                a.Email,
                a.Phone,
                a.StatedLicense,
                Product = db.Products.Where(p => p.Id == a.ProductId).Select(p => p.Name).SingleOrDefault() ?? a.ProductId,
            })
            .ToListAsync(cancellationToken))
        .ToDictionary(a => a.Id, a => new SearchHit(
            texts.DateAndTime(a.StartsAt), $"/staff/appointments/{a.Id}", $"{a.Name} · {a.Product}", a.State,
            Matches(
                (SearchField.Name, a.Name), (SearchField.Email, a.Email), (SearchField.Phone, a.Phone),
                (SearchField.StatedLicense, a.StatedLicense))));

    private bool IsHardware(string normalized) =>
        term.Hardware is { } beginning && normalized.StartsWith(beginning, StringComparison.Ordinal);

    /// <summary>Of these fields, those in which the term stands.</summary>
    private IReadOnlyList<SearchMatch> Matches(params (SearchField Field, string? Text)[] fields) =>
    [
        .. fields.Where(f => !string.IsNullOrEmpty(f.Text))
            .Select(f => new SearchMatch(f.Field, f.Text!.Normalize(), PlacesIn(f.Field, f.Text!.Normalize())))
            .Where(m => m.Places.Count > 0),
    ];

    private IReadOnlyList<(int Start, int Length)> PlacesIn(SearchField field, string text) => field switch
    {
        SearchField.Number or SearchField.Serial or SearchField.KeyEnd or SearchField.OwnName
            or SearchField.HardwareCode => term.PlacesIn(text),

        // Of a computer by its beginning, of a loan by its words.
        SearchField.PcName => term.PlacesIn(text) is [_, ..] whole ? whole : SearchText.PlacesOf(term.Words, text),
        SearchField.Company or SearchField.Email or SearchField.Street or SearchField.PostalCode or SearchField.City or SearchField.VatId
            or SearchField.Amount or SearchField.Name or SearchField.Phone or SearchField.StatedLicense or SearchField.Reason =>
            SearchText.PlacesOf(term.Words, text),
    };

    private static SearchMatch Whole(SearchField field, string text) => new(field, text, [(0, text.Length)]);
}
