using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail.Preview;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// A customer with several tills of a product whose licenses can be moved for money: KASSE-1 has the first license, and so on.
/// </summary>
internal sealed partial record Tills(
    PortalFactory Portal, string ProductId, Guid CustomerId, string Owner, IReadOnlyList<string> Numbers, IReadOnlyList<string> Keys)
{
    public static readonly TransferPolicy Policy = new() { FeeSku = "FEE", RenewalSku = "RENEWAL", RenewalOfferedWithinDays = null };

    private static int _count = Serial.Start;

    public static async Task<Tills> AddAsync(PortalFactory portal, int count = 3, TransferPolicy? policy = null, int? monthsLeft = 1)
    {
        var number = Interlocked.Increment(ref _count);
        var now = portal.Clock.Now;
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await using var db = portal.Open();
        var product = Product.Create(
            $"tills-{number}",
            $"Muster-POS {number}",
            new ProductPolicies
            {
                Release = new ReleasePolicy { DeadPc = DeadPcRule.PaidTransfer },
                Transfer = policy ?? Policy,
                Checklists = SampleChecklists.Policy,
            });
        var customer = new Customer
        {
            Number = await SelfHelpPortal.Data.Numbers.NextCustomerAsync(db, CancellationToken.None),
            Company = "Muster Gastro GmbH",
            Email = $"inhaber-{number}@muster-gastro.example",
        };
        db.AddRange(product, customer);
        db.PriceList.Add(Entry(product.Id, "FEE", 70_00, null, today));
        db.PriceList.Add(Entry(product.Id, "RENEWAL", 149_00, 12, today));
        var (numbers, keys) = (new List<string>(), new List<string>());
        for (var till = 1; till <= count; till++)
        {
            var key = ActivationKey.New();
            var license = portal.Services.GetRequiredService<LicenseFactory>().Make(
                await SelfHelpPortal.Data.Numbers.NextLicenseAsync(db, CancellationToken.None), product.Id, customer.Id, key.Normalized,
                key.ToString(), 1, now);
            license.MaintenanceUntil = monthsLeft is { } months ? today.AddMonths(months) : null;
            license.Activate(
                new Computer(A.Hardware($"KASSE-{till}"), $"KASSE-{till}", "1.0"),
                portal.Services.GetRequiredService<ActivationSecretsFactory>().Make(),
                product.Policies.Hardware, now).ShouldSucceed();
            db.Licenses.Add(license);
            numbers.Add(license.Number);
            keys.Add(key.ToString());
        }

        await db.SaveChangesAsync();
        portal.Services.GetRequiredService<ProductCatalog>().Forget();
        return new Tills(portal, product.Id, customer.Id, customer.Email, numbers, keys);
    }

    /// <summary>Another license of the owner's, which no computer uses.</summary>
    /// <returns>Its number.</returns>
    public async Task<string> AddFreeAsync()
    {
        var key = ActivationKey.New();
        await using var db = Portal.Open();
        var license = Portal.Services.GetRequiredService<LicenseFactory>().Make(
            await SelfHelpPortal.Data.Numbers.NextLicenseAsync(db, CancellationToken.None), ProductId, CustomerId, key.Normalized,
            key.ToString(), 1, Portal.Clock.Now);
        db.Licenses.Add(license);
        await db.SaveChangesAsync();
        return license.Number;
    }

    /// <summary>The till gives its license back in the software.</summary>
    public async Task ReleaseAsync(string number)
    {
        await using var db = Portal.Open();
        var id = await db.Licenses.Where(l => l.Number == number).Select(l => l.Id).SingleAsync();
        var license = (await db.LoadLicenseAsync(id, CancellationToken.None))!;
        var product = await Portal.Services.GetRequiredService<ProductCatalog>().GetAsync(ProductId, CancellationToken.None);
        license.Release(license.ActiveComputers.Single(), ReleaseMethod.InApp, product.Policies.Release, Portal.Clock.Now).ShouldSucceed();
        await db.SaveChangesAsync();
    }

    public static string Code(string pc) => A.Hardware(pc).ToString();

    /// <summary>Begins a draft of this product; the browser stands before the prices.</summary>
    public async Task<Browser> BeginAsync(Browser browser, string? hw = null)
    {
        await browser.GetAsync($"/transfer?product={ProductId}{(hw is null ? "" : "&hw=" + hw)}");
        await browser.SubmitAsync(("StillRuns", "no"));
        browser.Path.ShouldEndWith("/remedy");
        return browser;
    }

    /// <summary>On to the question for the license.</summary>
    public async Task<Browser> ToLicenseAsync(Browser browser, string remedy = "fee", string pc = "KASSE-NEU")
    {
        await BeginAsync(browser);
        await browser.SubmitAsync(("Remedy", remedy));
        await browser.SubmitAsync(("HardwareCode", Code(pc)), ("Act", "next"));
        browser.Path.ShouldEndWith("/read", customMessage: browser.Words);
        return await browser.GetAsync(browser.Page.QuerySelector("main a.button")!.GetAttribute("href")!);
    }

    /// <summary>On to the contact page, the dead one found by the codes of all others.</summary>
    public async Task<Browser> ToContactAsync(Browser browser, string remedy = "fee", int dead = 2)
    {
        await ToLicenseAsync(browser, remedy);
        await browser.SubmitAsync(("LicenseNumber", ""), ("Act", "unknown"));
        var rows = Enumerable.Range(1, Numbers.Count).Where(till => till != dead).Select((till, row) => (Row: row, Till: till));
        await browser.SubmitAsync([
            .. rows.SelectMany(r => ((string, string?)[])[
                ($"WorkingPcs[{r.Row}].Name", $"Kasse {r.Till}"), ($"WorkingPcs[{r.Row}].HardwareCode", Code($"KASSE-{r.Till}"))]),
            ("Act", "check"),
        ]);
        browser.Outcome.ShouldBe("identified", browser.Words);
        await browser.SubmitAsync(("Act", "yes"));
        browser.Path.ShouldEndWith("/contact");
        return browser;
    }

    public async Task<Browser> ToCheckAsync(
        Browser browser, string remedy = "fee", int dead = 2, string email = "kasse@muster-gastro.example")
    {
        await ToContactAsync(browser, remedy, dead);
        await browser.SubmitAsync(Contact(email));
        browser.Path.ShouldEndWith("/check", customMessage: browser.Words);
        return browser;
    }

    /// <summary>Ordered, and the owner has his mail.</summary>
    public async Task<TransferRequest> OrderAsync(
        Browser browser, string remedy = "fee", int dead = 2, string email = "kasse@muster-gastro.example")
    {
        await ToCheckAsync(browser, remedy, dead, email);
        await browser.SubmitAsync(("Accept", "yes"));
        browser.Outcome.ShouldBe("confirm-by-mail", browser.Words);
        return await RequestAsync(browser);
    }

    public async Task<TransferRequest> RequestAsync(Browser browser)
    {
        var reference = Browser.Text(browser.Page.QuerySelector("main .panel-reference .code")!);
        await using var db = Portal.Open();
        var id = await db.Transfers.Where(r => r.Reference == reference).Select(r => r.Id).SingleAsync();
        return (await db.LoadTransferAsync(id, CancellationToken.None))!;
    }

    public async Task<TransferRequest> ReadAsync(Guid id)
    {
        await using var db = Portal.Open();
        return (await db.LoadTransferAsync(id, CancellationToken.None))!;
    }

    /// <summary>Acts on a request as staff would.</summary>
    public async Task ActAsync(Guid id, Func<TransferRequest, Outcome<TransferRequest>> act)
    {
        await using var db = Portal.Open();
        act((await db.LoadTransferAsync(id, CancellationToken.None))!).ShouldSucceed();
        await db.SaveChangesAsync();
    }

    public async Task<IReadOnlyList<OutboxMessage>> MailsAsync(string reference)
    {
        await using var db = Portal.Open();
        return await db.Set<OutboxMessage>().AsNoTracking().Where(m => m.Reference == reference).OrderBy(m => m.CreatedAt).ToListAsync();
    }

    /// <summary>The path of the link that the last mail of this kind carries, as it was sent.</summary>
    public async Task<string> LinkAsync(string reference, string kind)
    {
        var mail = (await MailsAsync(reference)).Last(m => m.Kind == kind);
        string? file = null;
        await Eventually.BecomesTrueAsync(() => (file = Directory.Exists(Portal.MailFolder)
            ? Directory.EnumerateFiles(Portal.MailFolder, "*.eml")
            .FirstOrDefault(f => f.Contains(mail.Id.ToString(), StringComparison.Ordinal)
                || f.Contains(mail.Id.ToString("n"), StringComparison.Ordinal))
            : null) is not null);
        return Link().Match(EmlFile.Parse(await File.ReadAllTextAsync(file!)).Text).Value;
    }

    public static (string Name, string? Value)[] Contact(string email = "kasse@muster-gastro.example") =>
    [
        ("Company", "Muster Gastro GmbH"), ("Name", "Einkauf"), ("Email", email), ("Street", "Musterstraße 1"), ("PostalCode", "12345"),
            ("City", "Musterstadt"),
        ("Country", "DE"),
    ];

    private static PriceListEntry Entry(string product, string sku, long net, int? months, DateOnly today) => new()
    {
        ProductId = product,
        Sku = sku,
        NetCents = net,
        TermMonths = months,
        ValidFrom = today.AddDays(-1),
        NameDe = sku,
        NameEn = sku,
    };

    [GeneratedRegex(@"/transfer/(?:confirm|status)/[A-Za-z0-9_-]{43}")]
    private static partial Regex Link();
}
