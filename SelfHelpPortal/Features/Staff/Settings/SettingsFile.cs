using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Paragraphs;
using SelfHelpPortal.Features.Staff.Products;
using SelfHelpPortal.Features.Staff.Taxes;
using SelfHelpPortal.Features.Staff.Vendor;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Settings;

/// <summary>The prices of one remedy of a product in the file of settings.</summary>
internal sealed record PriceSet(string Product, PriceArticle Remedy, IReadOnlyList<StoredPrice> Prices);

/// <summary>The vendor's paragraph in a kind of mail, in the file of settings.</summary>
/// <param name="Product">Null for all products that have none of their own.</param>
internal sealed record MailTextEntry(string Kind, string? Product, string? De, string? En)
{
    public MailTextTarget Target() => new(Kind, Product);

    public MailParagraph Paragraph() => new(De, En);
}

/// <summary>What <c>export settings</c> writes and <c>import settings</c> reads (docs/settings.md).</summary>
internal sealed record SettingSet
{
    public IReadOnlyList<ProductEntry> Products { get; init; } = [];

    public IReadOnlyList<PriceSet> Prices { get; init; } = [];

    /// <summary>Null where the file leaves the rates as they are.</summary>
    public IReadOnlyList<StoredTaxRate>? TaxRates { get; init; }

    public IReadOnlyList<MailTextEntry> MailTexts { get; init; } = [];

    /// <summary>Null where the file leaves the vendor's data as they are.</summary>
    public VendorSettings? Vendor { get; init; }
}

/// <summary>Reads and writes all that is set in the browser as one JSON file: all of it or nothing.</summary>
internal sealed class SettingsFile(
    IDbContextFactory<PortalDbContext> contexts, ProductCatalog catalog, CurrentVendor vendor, LocalTimes times)
{
    /// <returns>What the file has, and what is wrong with it, in English; nothing was stored then.</returns>
    public async Task<(SettingSet Set, IReadOnlyList<string> Problems)> ImportAsync(
        Stream file, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(file);
        var text = await reader.ReadToEndAsync(cancellationToken);
        // Before there were prices in the file it was the list of products alone.
        var (set, problem) = SettingJson.Read<SettingSet>(
            text.AsSpan().TrimStart() is ['[', ..] ? $"{{ \"products\": {text} }}" : text);
        if (set is null)
        {
            return (new SettingSet(), [problem!]);
        }

        var problems = Problems(set).ToList();
        return (set, problems.Count > 0 ? problems : await SaveAsync(set, now, cancellationToken));
    }

    /// <returns>What stands against it; nothing was stored then.</returns>
    public async Task<IReadOnlyList<string>> SaveAsync(SettingSet set, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        List<string> problems = [];
        foreach (var entry in set.Products)
        {
            await SettingHistory.LockAsync(db, SettingKind.Product, entry.Id, cancellationToken);
            await SaveProduct.StoreAsync(db, entry, AuditLog.CommandLine, now, cancellationToken);
        }

        for (var place = 0; place < set.Prices.Count; place++)
        {
            problems.AddRange((await SaveAsync(db, set.Prices[place], now, cancellationToken)).Select(p => $"prices[{place}]{p}"));
        }

        problems.AddRange(await UnknownArticlesAsync(db, set, cancellationToken));
        problems.AddRange(await SaveTaxRatesAsync(db, set, now, cancellationToken));
        for (var place = 0; place < set.MailTexts.Count; place++)
        {
            problems.AddRange((await SaveAsync(db, set.MailTexts[place], now, cancellationToken)).Select(p => $"mailTexts[{place}].{p}"));
        }

        if (set.Vendor is { } settings)
        {
            await SettingHistory.LockAsync(db, SettingKind.Vendor, "", cancellationToken);
            problems.AddRange((await SaveVendor.StoreAsync(db, vendor, settings, AuditLog.CommandLine, now, cancellationToken))
                .Select(rule => $"{rule.Id}: {rule.English}"));
        }

        if (problems.Count > 0)
        {
            return problems;
        }

        await transaction.CommitAsync(cancellationToken);
        catalog.Forget();
        await vendor.ReadAsync(contexts, cancellationToken);
        return [];
    }

    public async Task ExportAsync(Stream file, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var products = await db.Products.AsNoTracking().OrderBy(p => p.Id).ToListAsync(cancellationToken);
        var rows = (await db.PriceList.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(r => (r.ProductId, r.Sku));
        var set = new SettingSet
        {
            Products = [.. products.Select(p => new ProductEntry(p.Id, p.Name, p.Policies))],
            Prices =
            [
                .. from product in products
                   from remedy in Enum.GetValues<PriceArticle>()
                   where product.Policies.SkuOf(remedy) is not null
                   let prices = rows[(product.Id, product.Policies.SkuOf(remedy)!)]
                   where prices.Any()
                   select new PriceSet(product.Id, remedy, PriceActs.Stored(new PricePlan(prices))),
            ],
            TaxRates = TaxRateActs.Stored(
                new VatRatePlan(await PriceList.StandardRates(db).AsNoTracking().ToListAsync(cancellationToken))),
            MailTexts = [.. await MailTextsAsync(db, cancellationToken)],
            Vendor = VendorSettings.From(vendor.Value),
        };
        await JsonSerializer.SerializeAsync(file, set, PolicyJson.Options, cancellationToken);
    }

    private static async Task<IEnumerable<MailTextEntry>> MailTextsAsync(PortalDbContext db, CancellationToken cancellationToken) =>
        from version in await SettingHistory.Latest(db, SettingKind.MailText).ToListAsync(cancellationToken)
        let paragraph = SettingHistory.Read<MailParagraph>(version.Content)
        where paragraph is not { De: null, En: null }
        orderby version.Key
        let target = MailTextTarget.From(version.Key)
        select new MailTextEntry(target.Kind, target.Product, paragraph.De, paragraph.En);

    /// <returns>What is wrong, by path.</returns>
    private async Task<IReadOnlyList<string>> SaveTaxRatesAsync(
        PortalDbContext db, SettingSet set, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (set.TaxRates is not { } wanted)
        {
            return [];
        }

        await SettingHistory.LockAsync(db, SettingKind.TaxRates, "", cancellationToken);
        var rows = await PriceList.StandardRates(db).ToListAsync(cancellationToken);
        var today = times.Today(now);
        var plan = new VatRatePlan(rows.Where(r => r.ValidFrom <= today));
        List<string> problems = [];
        foreach (var (rate, place) in wanted.Select((rate, place) => (rate, place)))
        {
            if (plan.Rates.Any(r => r.ValidFrom == rate.ValidFrom && r.Percent == rate.Percent))
            {
                continue;
            }

            var (next, problem) = plan.Set(rate.Percent, rate.ValidFrom, today);
            plan = next ?? plan;
            problems.AddRange(problem switch
            {
                null => [],
                VatRateProblem.Percent => [$"taxRates[{place}].percent: above 0 and below 100, with at most two decimals."],
                _ => [$"taxRates[{place}].validFrom: only rates from tomorrow on can be set; the others are as the portal has them."],
            });
        }

        if (problems.Count == 0)
        {
            // What is there already is kept, so that only what differs is written.
            var rates = plan.Rates.Select(r => rows.Find(row => row.ValidFrom == r.ValidFrom && row.Percent == r.Percent) ?? r);
            await TaxRateActs.StoreAsync(db, rows, new VatRatePlan(rates), AuditLog.CommandLine, now, cancellationToken);
        }

        return problems;
    }

    /// <returns>What is wrong, each beginning with the rest of its path.</returns>
    private static async Task<IReadOnlyList<string>> SaveAsync(
        PortalDbContext db, MailTextEntry entry, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!MailTextKinds.All.Contains(entry.Kind))
        {
            return [$"kind: '{entry.Kind}' is no mail that takes a paragraph; those are {string.Join(", ", MailTextKinds.All)}."];
        }

        if (!await SaveMailText.ExistsAsync(db, entry.Target(), cancellationToken))
        {
            return [$"product: '{entry.Product}' is not known; it stands in the same file, or was imported before."];
        }

        var problems = SaveMailText.Problems(entry.Paragraph()).Select(rule => $"{rule.Id["text.".Length..]}: {rule.English}").ToList();
        if (problems.Count == 0)
        {
            await SettingHistory.LockAsync(db, SettingKind.MailText, entry.Target().Key, cancellationToken);
            await SettingHistory.AppendAsync(
                db, SettingKind.MailText, entry.Target().Key, before: null, entry.Paragraph(), AuditLog.CommandLine, now,
                cancellationToken);
        }

        return problems;
    }

    private static IEnumerable<string> Problems(SettingSet set)
    {
        for (var place = 0; place < set.Products.Count; place++)
        {
            foreach (var rule in SaveProduct.Problems(set.Products[place]))
            {
                yield return $"products[{place}].{rule.Id}: {rule.English}";
            }
        }

        foreach (var id in set.Products.GroupBy(p => p.Id).Where(g => g.Count() > 1).Select(g => g.Key))
        {
            yield return $"products: {id} stands in the file more than once.";
        }

        foreach (var twice in set.Prices.GroupBy(p => (p.Product, p.Remedy)).Where(g => g.Count() > 1).Select(g => g.Key))
        {
            yield return $"prices: {twice.Product} {twice.Remedy} stands in the file more than once.";
        }

        foreach (var twice in set.MailTexts.GroupBy(t => t.Target()).Where(g => g.Count() > 1).Select(g => g.Key))
        {
            yield return $"mailTexts: {twice.Key} stands in the file more than once.";
        }

        foreach (var twice in (set.TaxRates ?? []).GroupBy(r => r.ValidFrom).Where(g => g.Count() > 1).Select(g => g.Key))
        {
            yield return $"taxRates: {twice:yyyy-MM-dd} stands in the file more than once.";
        }
    }

    private static async Task<IEnumerable<string>> UnknownArticlesAsync(
        PortalDbContext db, SettingSet set, CancellationToken cancellationToken)
    {
        var ids = set.Products.Select(p => p.Id).ToArray();
        var known = (await db.PriceList.Where(p => ids.Contains(p.ProductId)).Select(p => new { p.ProductId, p.Sku }).Distinct()
            .ToListAsync(cancellationToken)).ToLookup(p => p.ProductId, p => p.Sku);
        return set.Products.SelectMany((product, place) =>
            SaveProduct.UnknownArticles(product, [.. known[product.Id]]).Select(rule => $"products[{place}].{rule.Id}: {rule.English}"));
    }

    /// <returns>What is wrong, each beginning with the rest of its path.</returns>
    private async Task<IReadOnlyList<string>> SaveAsync(
        PortalDbContext db, PriceSet set, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.Products.AsNoTracking().SingleOrDefaultAsync(p => p.Id == set.Product, cancellationToken) is not { } product)
        {
            return [$".product: '{set.Product}' is not known; it stands in the same file, or was imported before."];
        }

        if (product.Policies.SkuOf(set.Remedy) is not { } sku)
        {
            return [$".remedy: the product {set.Product} names no article for {set.Remedy} (policies.transfer, policies.ownership)."];
        }

        await SettingHistory.LockAsync(db, SettingKind.Prices, $"{set.Product}/{set.Remedy}", cancellationToken);
        var rows = await db.PriceList.Where(e => e.ProductId == set.Product && e.Sku == sku).ToListAsync(cancellationToken);
        var today = times.Today(now);
        List<string> problems = [];
        var wanted = new List<PriceListEntry>();
        foreach (var (price, place) in set.Prices.Select((price, place) => (price, place)))
        {
            var same = rows.Find(r => r.ValidFrom == price.ValidFrom && r.Net.Amount == price.Net && r.TermMonths == price.TermMonths
                && r.NameDe == price.NameDe && r.NameEn == price.NameEn);
            if (!Money.TryFrom(price.Net, out var net))
            {
                problems.Add($".prices[{place}].net: an amount has at most two decimals.");
            }

            var entry = Entry(same?.Id ?? Guid.CreateVersion7(), set.Product, sku, net, price);
            if (PricePlan.ProblemOf(entry, set.Remedy == PriceArticle.Renewal) is { } problem)
            {
                problems.Add($".prices[{place}]: {Sentence(problem)}");
            }

            if (price.ValidUntil < price.ValidFrom
                || (wanted.Count > 0 && (wanted[^1].ValidUntil is not { } last || last >= price.ValidFrom)))
            {
                problems.Add($".prices[{place}].validFrom: prices follow each other by day, and no two hold on the same.");
            }

            wanted.Add(entry);
        }

        var ordered = await PriceActs.OrderedAsync(db, [.. rows.Select(r => r.Id)], cancellationToken);
        problems.AddRange(rows.Where(r => wanted.TrueForAll(w => w.Id != r.Id) && (r.ValidFrom < today || ordered.Contains(r.Id)))
            .Select(r => $".prices: the price from {r.ValidFrom:yyyy-MM-dd} on holds or was ordered at and cannot go; add a later one "
                + "instead."));
        if (problems.Count == 0)
        {
            await PriceActs.StoreAsync(
                db, set.Product, set.Remedy, rows, new PricePlan(wanted), AuditLog.CommandLine, now, cancellationToken);
        }

        return problems;
    }

    private static PriceListEntry Entry(Guid id, string product, string sku, Money net, StoredPrice price) => new()
    {
        Id = id,
        ProductId = product,
        Sku = sku,
        NetCents = net.Cents,
        TermMonths = price.TermMonths,
        ValidFrom = price.ValidFrom,
        ValidUntil = price.ValidUntil,
        NameDe = price.NameDe ?? "",
        NameEn = price.NameEn ?? "",
    };

    private static string Sentence(PriceProblem problem) => problem switch
    {
        PriceProblem.Amount => "net is above 0 and at most 1000000.00.",
        PriceProblem.Term => "termMonths is 1 to 120 for a renewal, and null for a fee.",
        PriceProblem.Name => "nameDe and nameEn have 1 to 200 characters.",
        PriceProblem.DayIsOver or PriceProblem.Ordered or PriceProblem.NotFound =>
            throw new InvalidOperationException($"A price in a file was refused with {problem}, which is a matter of days."),
    };
}
