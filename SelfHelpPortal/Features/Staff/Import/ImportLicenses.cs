using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Licenses;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Import;

internal sealed record ImportOptions(bool DryRun, bool SkipBadRows);

/// <summary>What an import did or, for a dry run, would do.</summary>
/// <param name="Existing">License numbers that were there already; they are left as they are.</param>
/// <param name="Minted">The keys that were made for rows without one.</param>
internal sealed record ImportReport(
    int Rows, int Imported, IReadOnlyList<BadRow> Bad, IReadOnlyList<string> Existing,
    IReadOnlyList<(string LicenseNumber, string Key)> Minted, bool Stored)
{
    /// <summary>Why whoever asked may not import; nothing was read then.</summary>
    public GateRefusal? Stopped { get; init; }
}

/// <summary>Imports a vendor's licenses. All of a file or nothing of it, unless bad rows may be skipped.</summary>
internal sealed class ImportLicenses(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, LicenseFactory maker, LicenseEntry entry,
    Peppers peppers)
{
    private const int Batch = 1000;

    /// <param name="file">Read from its beginning.</param>
    /// <param name="gate">Asks in the import's transaction whether it may go on; null for the operator.</param>
    public async Task<ImportReport> ExecuteAsync(
        Stream file, ImportOptions options, Actor actor, DateTimeOffset now, CancellationToken cancellationToken,
        Func<PortalDbContext, Task<GateRefusal?>>? gate = null)
    {
        var (rows, bad) = LicenseCsv.Read(file);
        var check = new LicenseRowCheck(await products.AllAsync(cancellationToken));
        List<GoodRow> good = [];
        foreach (var row in rows)
        {
            bad.AddRange(check.Check(row, out var accepted).Select(reason => new BadRow(row.Line, reason)));
            if (accepted is not null)
            {
                good.Add(accepted);
            }
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (gate is not null && await gate(db) is { } stopped)
        {
            return new ImportReport(0, 0, [], [], [], Stored: false) { Stopped = stopped };
        }

        await PepperWatch.HoldAsync(peppers, db, cancellationToken);
        List<string> existing = [];
        List<(string, string)> minted = [];
        var imported = 0;
        foreach (var batch in good.Chunk(Batch))
        {
            var known = await KnownAsync(db, batch, cancellationToken);
            foreach (var row in batch)
            {
                if (known.Numbers.Contains(row.Row.LicenseNumber))
                {
                    existing.Add(row.Row.LicenseNumber);
                }
                else if (maker.HashesOf(row.Key.Normalized).Any(hash => known.Keys.Contains(Convert.ToHexString(hash))))
                {
                    bad.Add(new BadRow(row.Row.Line, "activation_key: another license has it already."));
                }
                else
                {
                    var license = await AddAsync(db, row, known.Customers, actor, now, cancellationToken);
                    imported++;
                    if (row.Key.IsMinted)
                    {
                        minted.Add((license.Number, row.Key.Display));
                    }
                }
            }

            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
        }

        var stored = !options.DryRun && (bad.Count == 0 || options.SkipBadRows);
        if (stored)
        {
            await Numbers.MoveBehindAsync(db, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return new ImportReport(rows.Count, imported, [.. bad.OrderBy(b => b.Line)], existing, minted, stored);
    }

    private async Task<License> AddAsync(
        PortalDbContext db, GoodRow row, Dictionary<string, Guid> customers, Actor actor, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var name = CustomerKey(row);
        if (!customers.TryGetValue(name, out var customerId))
        {
            var customer = await LicenseEntry.AddAsync(
                db,
                new NewCustomer(Given(row.Row.CustomerNumber), row.Row.Company, row.Email)
                {
                    Language = row.Language,
                    Street = Given(row.Row.Street),
                    PostalCode = Given(row.Row.PostalCode),
                    City = Given(row.Row.City),
                    Country = row.Country,
                    VatId = Given(row.Row.VatId),
                },
                cancellationToken);
            customerId = customers[name] = customer.Id;
        }

        var sold = new NewLicense(Given(row.Row.LicenseNumber), row.Row.Product, customerId, row.Key)
        {
            Seats = row.Seats,
            MaintenanceUntil = row.MaintenanceUntil,
            Serial = Given(row.Row.Serial),
        };
        return await entry.AddAsync(db, sold, actor, now, cancellationToken);
    }

    private async Task<Known> KnownAsync(PortalDbContext db, GoodRow[] batch, CancellationToken cancellationToken)
    {
        var numbers = batch.Select(r => r.Row.LicenseNumber).Where(n => n.Length > 0).ToArray();
        var hashes = batch.SelectMany(r => maker.HashesOf(r.Key.Normalized)).ToArray();
        var customerNumbers = batch.Select(r => r.Row.CustomerNumber).Where(n => n.Length > 0).ToArray();
        var emails = batch.Where(r => r.Row.CustomerNumber is "").Select(r => r.Email).ToArray();
        var customers = await db.Customers.AsNoTracking()
            .Where(c => customerNumbers.Contains(c.Number) || emails.Contains(c.Email))
            .Select(c => new { c.Id, c.Number, c.Email, c.Company }).ToListAsync(cancellationToken);
        var byKey = new Dictionary<string, Guid>();
        foreach (var customer in customers)
        {
            byKey.TryAdd(customer.Number, customer.Id);
            byKey.TryAdd($"{customer.Email}\n{customer.Company}", customer.Id);
        }

        return new Known(
            [.. await db.Licenses.Where(l => numbers.Contains(l.Number)).Select(l => l.Number).ToListAsync(cancellationToken)],
            [.. (await db.Licenses.Where(l => hashes.Contains(l.Key.Hash)).Select(l => l.Key.Hash).ToListAsync(cancellationToken))
                .Select(Convert.ToHexString)],
            byKey);
    }

    /// <summary>Rows without a customer number belong together by address and company.</summary>
    private static string CustomerKey(GoodRow row) =>
        row.Row.CustomerNumber is "" ? $"{row.Email}\n{row.Row.Company}" : row.Row.CustomerNumber;

    private static string? Given(string text) => text.Length == 0 ? null : text;

    private sealed record Known(HashSet<string> Numbers, HashSet<string> Keys, Dictionary<string, Guid> Customers);
}
