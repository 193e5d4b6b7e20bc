using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Products;
using SelfHelpPortal.Features.Staff.Settings;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Activations;

namespace SelfHelpPortal.Features.Staff.SeedDemo;

/// <summary>A license of the demo, for whoever wants to try the portal.</summary>
internal sealed record DemoKey(string Product, string LicenseNumber, string Key, string Remark);

/// <summary>
/// Fills an empty database with two products, one for each of the two worlds the portal is made for, and customers who visibly do not
/// exist. The keys are made anew for every database.
/// </summary>
internal sealed class SeedDemo(
    IDbContextFactory<PortalDbContext> contexts, SettingsFile settings, LicenseFactory maker, ActivationSecretsFactory secrets)
{
    public static readonly IReadOnlyList<ProductEntry> Products =
    [
        new("muster-pos", "Muster-POS", new ProductPolicies
        {
            Release = new ReleasePolicy { DeadPc = DeadPcRule.PaidTransfer },
            Flag = new FlagPolicy { Rule = FlagRule.Staged },
            BusinessHours = new BusinessHours { From = new TimeOnly(8, 0), Until = new TimeOnly(17, 0) },
            Transfer = new TransferPolicy
            {
                FeeSku = "TRANSFER-muster-pos",
                RenewalSku = "RENEWAL-muster-pos-12M",
                RenewalInfoUrl = "https://muster-software.example/subscription",
                Review = TransferReview.Automatic,
                WhereIsTheHardwareCodeDe = "In der Software auf dem neuen PC: Hilfe → Lizenzinfo senden",
                WhereIsTheHardwareCodeEn = "In the software on the new PC: Help → Send license information",
            },
            Appointments = new AppointmentPolicy { IsOffered = true, Holidays = "DE-NW" },
            Ownership = new OwnershipPolicy { IsOffered = true, TransferSku = "OWNER-muster-pos" },
            Loans = new LoanPolicy { LongestDays = 42 },
            Checklists = new ChecklistPolicy { De = new() { Items = [.. Germany] }, At = new() { Items = [.. Austria] } },
            Links = new ProductLinks
            {
                DownloadUrl = "https://muster-software.example/download",
                VersionListUrl = "https://muster-software.example/versionen",
                HostSoftwareName = "Muster-Warenwirtschaft",
            },
        }),
        new("beamalign", "BeamAlign", new ProductPolicies
        {
            Release = new ReleasePolicy { DeadPc = DeadPcRule.Immediate, MinimumHoldMinutes = 0, AllowedUnproven = null },
            Flag = new FlagPolicy { Rule = FlagRule.Strict },
            Loans = new LoanPolicy { OverlapDays = 7 },
            Transfer = new TransferPolicy { FeeSku = "TRANSFER-beamalign", RenewalSku = "RENEWAL-beamalign-12M",
                RenewalOfferedWithinDays = null },
            Key = new KeyScheme { Pattern = "BA-[0-9]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}" },
            Links = new ProductLinks { DownloadUrl = "https://muster-software.example/beamalign" },
        }),
    ];

    /// <summary>Tills have to sign what they sell: in Germany with a TSE, in Austria with a signature unit.</summary>
    private static IEnumerable<ChecklistItem> Germany => Till(Item(
        "efr-tse", "Installieren Sie das EFR mit der TSE auf dem neuen PC.", "Install the EFR with the TSE on the new PC.",
        link: "https://muster-software.example/efr-tse"));

    private static IEnumerable<ChecklistItem> Austria => Till(Item(
        "efr-signature", "Installieren Sie das EFR mit der Signatureinheit auf dem neuen PC.",
        "Install the EFR with the signature unit on the new PC.", link: "https://muster-software.example/efr-signatureinheit"));

    private static readonly (string Product, PriceArticle Remedy, decimal Net, int? Months, string De, string En)[] Prices =
    [
        ("muster-pos", PriceArticle.Fee, 70.00m, null, "Lizenz-Migration (Altgerät defekt)", "License migration (old computer dead)"),
        ("muster-pos", PriceArticle.Renewal, 149.00m, 12, "Verlängerung der Subscription, 12 Monate",
            "Renewal of the subscription, 12 months"),
        ("muster-pos", PriceArticle.OwnershipTransfer, 49.00m, null, "Übertragung der Lizenz auf ein anderes Unternehmen",
            "Transfer of the license to another company"),
        ("beamalign", PriceArticle.Fee, 70.00m, null, "Lizenz-Migration (Altgerät defekt)", "License migration (old computer dead)"),
        ("beamalign", PriceArticle.Renewal, 190.00m, 12, "Verlängerung der Subscription, 12 Monate",
            "Renewal of the subscription, 12 months"),
    ];

    /// <summary>The demo's products, at prices that have held for a while.</summary>
    public static SettingSet Settings(DateTimeOffset now)
    {
        var since = DateOnly.FromDateTime(now.UtcDateTime).AddDays(-90);
        return new SettingSet
        {
            Products = Products,
            Prices = [.. Prices.Select(p => new PriceSet(
                p.Product, p.Remedy, [new StoredPrice(p.Net, p.Months, since, ValidUntil: null, p.De, p.En)]))],
        };
    }

    private static IEnumerable<ChecklistItem> Till(ChecklistItem install) =>
    [
        install,
        Item("efr-restore", "Stellen Sie die EFR-Daten der alten Festplatte auf dem neuen PC wieder her.",
            "Restore the EFR data of the old disk on the new PC.", ChecklistCondition.WithBackup,
            "https://muster-software.example/efr-datensicherung"),
        Item("efr-new", "Richten Sie das EFR auf dem neuen PC neu ein.", "Set the EFR up anew on the new PC.",
            ChecklistCondition.WithoutBackup, install.Link),
        Item("first-receipt", "Drucken Sie einen Bon und prüfen Sie, dass er signiert ist.",
            "Print a receipt and check that it is signed."),
    ];

    private static ChecklistItem Item(
        string id, string german, string english, ChecklistCondition when = ChecklistCondition.Always, string? link = null) =>
        new() { Id = id, TextDe = german, TextEn = english, Link = link, When = when };

    /// <summary>False when the database has products, customers or licenses already; nothing is changed then.</summary>
    public async Task<bool> ExecuteAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Products.AnyAsync(cancellationToken) || await db.Customers.AnyAsync(cancellationToken))
        {
            return false;
        }

        if (await settings.SaveAsync(Settings(now), now, cancellationToken) is { Count: > 0 } problems)
        {
            throw new InvalidOperationException($"The demo's settings were refused: {string.Join(' ', problems)}");
        }

        var restaurant = await CustomerAsync(
            "Muster Gastro GmbH", "inhaber@muster-gastro.example", "de", "Musterstraße 1", "12345", "Musterstadt", "DE");
        var dome =
            await CustomerAsync("Example Dome Ltd", "technician@example-dome.example", "en", "1 Example Road", "D02 X000", "Dublin", "IE");
        var museum = await CustomerAsync(
            "Museum Musterhausen", "technik@museum-musterhausen.example", "de", "Beispielplatz 2", "54321", "Musterhausen", "DE");
        for (var till = 1; till <= 3; till++)
        {
            await AddAsync(db, "muster-pos", restaurant, seats: 1, foreignKey: null, now, cancellationToken, $"KASSE-{till}");
        }

        await AddAsync(db, "beamalign", dome, seats: 1, foreignKey: null, now, cancellationToken, "PROJECTION-1");
        await AddAsync(db, "beamalign", museum, seats: 2, foreignKey: null, now, cancellationToken, "KUPPEL-LINKS", "KUPPEL-RECHTS");
        await AddAsync(db, "beamalign", museum, seats: 1, foreignKey: "BA-2019-O0B8-1I7Q", now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return true;

        async Task<Licensing.Customer> CustomerAsync(
            string company, string email, string language, string street, string postalCode, string city, string country)
        {
            var customer = new Licensing.Customer
            {
                Number = await Numbers.NextCustomerAsync(db, cancellationToken),
                Company = company,
                Email = email,
                Language = language,
                Street = street,
                PostalCode = postalCode,
                City = city,
                Country = country,
            };
            db.Customers.Add(customer);
            return customer;
        }
    }

    /// <summary>The keys of the demo's licenses, three a product.</summary>
    public async Task<IReadOnlyList<DemoKey>> KeysAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var licenses = await db.Licenses.AsNoTracking().Include(l => l.Activations).OrderBy(l => l.CreatedAt).ThenBy(l => l.Number).Take(6)
            .ToListAsync(cancellationToken);
        return [.. licenses.Select(l => new DemoKey(
            Products.FirstOrDefault(p => p.Id == l.ProductId)?.Name ?? l.ProductId,
            l.Number,
            maker.KeyOf(l),
            string.Join(", ", l.ActiveComputers.Select(a => a.PcName)) is { Length: > 0 } names
                ? $"active on {names}"
                : "not active yet"))];
    }

    private async Task AddAsync(
        PortalDbContext db, string product, Licensing.Customer customer, int seats, string? foreignKey, DateTimeOffset now,
        CancellationToken cancellationToken,
        params string[] computers)
    {
        var own = ActivationKey.New();
        var license = maker.Make(
            await Numbers.NextLicenseAsync(db, cancellationToken), product, customer.Id, foreignKey ?? own.Normalized, foreignKey
            ?? own.ToString(), seats, now);
        license.MaintenanceUntil = DateOnly.FromDateTime(now.UtcDateTime).AddMonths(1);
        db.Licenses.Add(license);
        EventLog.Begin(db, license.Id, EventKind.Imported, new EventData { After = license.State.ToString() }, Actor.Operator,
            now.AddDays(-90));
        var policy = Products.Single(p => p.Id == product).Policies.Hardware;
        foreach (var name in computers)
        {
            var at = now.AddDays(-60);
            var hardware = HardwareCode.From(
                product, HardwareComponents.Kinds.Select(kind => KeyValuePair.Create(kind, $"demo-{license.Number}-{name}-{kind}")));
            var activation = license.Activate(new Computer(hardware, name, "1.0"), secrets.Make(), policy, at).Value.Activation;
            db.ActivationsSeen.Add(new ActivationSeen { ActivationId = activation.Id, SeenAt = now.AddHours(-5) });
            var data = new EventData
            {
                Activation = activation.Id,
                Seat = activation.Seat,
                Generation = activation.Generation,
                After = activation.State.ToString()
            };
            await EventLog.AppendAsync(
                db, license.Id, EventKind.Activated, data, new Actor(ActorKind.Device), text: null, at, cancellationToken);
        }
    }
}
