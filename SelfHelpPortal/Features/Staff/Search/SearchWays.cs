using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Features.Staff.Search;

/// <summary>
/// The ways to each kind of hit, as ids. Beginnings and ends of numbers are compared as bytes, in the order of their indexes, so that no
/// more is read than is shown, however many begin alike. What may stand anywhere is found in no order: an index of the order would be
/// read to its end when there are fewer than the planner believes. So the newest are looked through first, for what is common.
/// </summary>
internal sealed class SearchWays(PortalDbContext db, SearchTerm term, byte[][] foreignKeys)
{
    private const string Bytes = "C";

    private const int Newest = 500;

    /// <summary>The term is the whole number.</summary>
    public IEnumerable<IQueryable<Guid>> Exact(SearchKind kind) => kind switch
    {
        SearchKind.Licenses => foreignKeys is []
            ? [Numbered]
            : [Numbered, db.Licenses.Where(l => foreignKeys.Contains(l.Key.Hash)).Select(l => l.Id)],
        SearchKind.Customers => [db.Customers.Numbered(term.Numbered('C'))],
        SearchKind.Cases => [WithNumber(term.Numbered('F'))],
        SearchKind.Orders => [Referenced],
        SearchKind.Invoices => [db.Invoices.Where(i => i.Number == term.Upper).Select(i => i.Id)],
        SearchKind.Computers or SearchKind.Loans or SearchKind.Appointments => [],
    };

    /// <summary>The term is a part of it, or what else one knows of it; the likeliest first.</summary>
    public IEnumerable<IQueryable<Guid>> Parts(SearchKind kind) => kind switch
    {
        SearchKind.Licenses => Licenses(),
        SearchKind.Customers => Customers(),
        SearchKind.Cases => Cases(),
        SearchKind.Orders => Orders(),
        SearchKind.Invoices => Invoices(),
        SearchKind.Computers => Computers(),
        SearchKind.Loans => Loans(),
        SearchKind.Appointments => Appointments(),
    };

    private IQueryable<Guid> Numbered =>
        db.Licenses.Where(l => term.Licenses.Contains(l.Number) || term.Licenses.Contains(l.Serial!)).Select(l => l.Id);

    private IQueryable<Guid> Referenced => db.Transfers.Where(r => r.Reference == term.Reference).Select(r => r.Id);

    private IQueryable<Guid> WithNumber(string number) => db.Set<Flag>().Where(f => f.Number == number).Select(f => f.Id);

    private IEnumerable<IQueryable<Guid>> Licenses()
    {
        if (term.Part is not { } part)
        {
            yield break;
        }

        yield return db.Licenses.Where(l => l.Key.LastFive == part).Select(l => l.Id);
        foreach (var begins in new[] { part, term.Begins('L')! }.Distinct())
        {
            yield return db.Licenses.Where(l => EF.Functions.Collate(l.Number, Bytes).StartsWith(begins))
                .OrderBy(l => EF.Functions.Collate(l.Number, Bytes)).Select(l => l.Id);
        }

        foreach (var begins in new[] { part, "S-" + part }.Distinct())
        {
            yield return db.Licenses.Where(l => EF.Functions.Collate(SearchText.Upper(l.Serial), Bytes).StartsWith(begins))
                .OrderBy(l => EF.Functions.Collate(SearchText.Upper(l.Serial), Bytes)).Select(l => l.Id);
        }

        var ends = Reversed(part);
        yield return db.Licenses.Where(l => EF.Functions.Collate(EF.Functions.Reverse(l.Number), Bytes).StartsWith(ends))
            .OrderBy(l => EF.Functions.Collate(EF.Functions.Reverse(l.Number), Bytes)).Select(l => l.Id);
        yield return db.Licenses.Where(l => EF.Functions.Collate(EF.Functions.Reverse(SearchText.Upper(l.Serial)), Bytes).StartsWith(ends))
            .OrderBy(l => EF.Functions.Collate(EF.Functions.Reverse(SearchText.Upper(l.Serial)), Bytes)).Select(l => l.Id);
        if (term.Middle is { } middle)
        {
            yield return db.Licenses.Where(l => l.Number.Contains(middle)).Select(l => l.Id);
            yield return db.Licenses.Where(l => SearchText.Upper(l.Serial).Contains(middle)).Select(l => l.Id);
        }
    }

    private IEnumerable<IQueryable<Guid>> Customers()
    {
        if (term.Begins('C') is { } begins)
        {
            yield return db.Customers.Where(c => EF.Functions.Collate(c.Number, Bytes).StartsWith(begins))
                .OrderBy(c => EF.Functions.Collate(c.Number, Bytes)).Select(c => c.MergedIntoId ?? c.Id);
        }

        if (term.Middle is { } middle)
        {
            yield return db.Customers.Where(c => c.Number.Contains(middle)).Select(c => c.MergedIntoId ?? c.Id);
        }

        if (term.Words.Count > 0)
        {
            yield return db.Customers.OrderByDescending(c => c.Id).Take(Newest).Named(term.Text).Select(c => c.Id);
            yield return db.Customers.Named(term.Text).Select(c => c.Id);
        }
    }

    private IEnumerable<IQueryable<Guid>> Cases()
    {
        if (term.Begins('F') is { } begins)
        {
            yield return db.Set<Flag>().Where(f => EF.Functions.Collate(f.Number, Bytes).StartsWith(begins))
                .OrderBy(f => EF.Functions.Collate(f.Number, Bytes)).Select(f => f.Id);
        }

        if (term.Middle is { } middle)
        {
            yield return db.Set<Flag>().Where(f => f.Number.Contains(middle)).Select(f => f.Id);
        }
    }

    private IEnumerable<IQueryable<Guid>> Orders()
    {
        if (term.Begins('M') is { } begins)
        {
            yield return db.Transfers.Where(r => EF.Functions.Collate(r.Reference!, Bytes).StartsWith(begins))
                .OrderBy(r => EF.Functions.Collate(r.Reference!, Bytes)).Select(r => r.Id);
        }

        if (term.Middle is { } middle)
        {
            yield return db.Transfers.Where(r => r.Reference!.Contains(middle)).Select(r => r.Id);
        }

        if (term.Hardware is { } hardware)
        {
            yield return db.Set<TransferItem>().FromSql(
                $"""SELECT * FROM transfer_item WHERE new_hardware COLLATE "C" LIKE {hardware + "%"}""").Select(i => i.RequestId);
        }

        if (term.Words.Count > 0)
        {
            // What was never sent has no reference, and is nobody's business.
            var sent = db.Transfers.Where(r => r.Reference != null);
            yield return Of(sent.OrderByDescending(r => r.Id).Take(Newest)).Select(r => r.Id);
            yield return Of(sent).Select(r => r.Id);
        }
    }

    private IQueryable<TransferRequest> Of(IQueryable<TransferRequest> orders) =>
        orders.Matching(term.Words, r => SearchText.OfOrder(r.Contact));

    private IEnumerable<IQueryable<Guid>> Invoices()
    {
        if (term.Amount is { } amount)
        {
            yield return db.Invoices.Where(i => i.Gross == amount).OrderByDescending(i => i.Id).Select(i => i.Id);
        }

        if (term.Part is not { } part)
        {
            yield break;
        }

        yield return db.Invoices.Where(i => EF.Functions.Collate(i.Number, Bytes).StartsWith(part))
            .OrderBy(i => EF.Functions.Collate(i.Number, Bytes)).Select(i => i.Id);
        var ends = Reversed(part);
        yield return db.Invoices.Where(i => EF.Functions.Collate(EF.Functions.Reverse(i.Number), Bytes).StartsWith(ends))
            .OrderBy(i => EF.Functions.Collate(EF.Functions.Reverse(i.Number), Bytes)).Select(i => i.Id);
        if (term.Middle is { } middle)
        {
            yield return db.Invoices.Where(i => i.Number.Contains(middle)).Select(i => i.Id);
        }
    }

    private IEnumerable<IQueryable<Guid>> Computers()
    {
        if (term.Hardware is { } hardware)
        {
            yield return db.Activations.FromSql(
                $"""SELECT * FROM activation WHERE hardware_code COLLATE "C" LIKE {hardware + "%"}""").Select(a => a.Id);
        }

        if (term.Pc is not { } name)
        {
            yield break;
        }

        yield return db.Activations.Where(a => EF.Functions.Collate(SearchText.Upper(a.PcName), Bytes).StartsWith(name))
            .OrderBy(a => EF.Functions.Collate(SearchText.Upper(a.PcName), Bytes)).Select(a => a.Id);
        yield return db.Activations.Where(a => EF.Functions.Collate(SearchText.Upper(a.OwnName), Bytes).StartsWith(name))
            .OrderBy(a => EF.Functions.Collate(SearchText.Upper(a.OwnName), Bytes)).Select(a => a.Id);
    }

    /// <summary>Those that were sent, of a license that there is: nothing else has a page.</summary>
    private IEnumerable<IQueryable<Guid>> Loans()
    {
        if (term.Hardware is { } hardware)
        {
            yield return db.Loans.FromSql($"""SELECT * FROM loan WHERE hardware_code COLLATE "C" LIKE {hardware + "%"}""")
                .Where(l => l.LicenseId != null && l.State != LoanState.Draft).Select(l => l.Id);
        }

        if (term.Words.Count == 0)
        {
            yield break;
        }

        yield return db.Loans.Where(l => l.LicenseId != null && l.State != LoanState.Draft)
            .Matching(term.Words, l => SearchText.OfLoan(l.PcName, l.StatedLicense, l.Reason))
            .OrderByDescending(l => l.Id).Select(l => l.Id);
    }

    private IEnumerable<IQueryable<Guid>> Appointments()
    {
        if (term.Words.Count == 0)
        {
            yield break;
        }

        yield return db.Appointments.Matching(term.Words, a => SearchText.OfAppointment(a.Name, a.Email, a.Phone, a.StatedLicense))
            .OrderByDescending(a => a.StartsAt).Select(a => a.Id);
    }

    private static string Reversed(string text) => string.Concat(text.Reverse());
}
