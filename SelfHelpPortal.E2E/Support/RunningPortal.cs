using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.E2E.Support;

/// <summary>
/// The portal with the demo's data and the clock of the machine, since the browser has that one too; a journey may move it.
/// </summary>
public sealed partial class RunningPortal : IAsyncLifetime
{
    public RunningPortal()
    {
        Portal = new PortalFactory
        {
            Change = builder =>
            {
                builder.Services.RemoveAll<TimeProvider>();
                builder.Services.AddSingleton<TimeProvider>(Clock);
                builder.Logging.AddProvider(Log);
            },
        };
        Portal.Configuration["Logging:LogLevel:Default"] = "Information";
        Portal.Configuration["Brand:Folder"] = Repository.At("samples", "brand");
        // All browsers come from one address.
        Portal.Configuration["Guessing:MailsPerAddress:Count"] = "1000";
        Portal.Configuration["Guessing:DraftsPerAddress:Count"] = "1000";
    }

    internal PortalFactory Portal { get; }

    /// <summary>Whether it has the products and prices of the demo.</summary>
    internal bool HasDemo { get; init; } = true;

    internal CaughtLog Log { get; } = new();

    internal MovedClock Clock { get; } = new();

    /// <summary>As a browser writes it: an IP address would be another host than the one in links.</summary>
    internal Uri Address => new UriBuilder(Portal.Address) { Host = "localhost" }.Uri;

    public async Task InitializeAsync()
    {
        if (HasDemo)
        {
            await Portal.RunAsync("seed", "--demo");
        }

        await Portal.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await Portal.DisposeAsync();
        // What still runs while a portal ends finds its services gone; that is no news.
        TestNotes.Add(
            "The portal warned",
            [.. Log.Warnings.Where(line => !line.Contains(nameof(ObjectDisposedException), StringComparison.Ordinal))]);
    }

    /// <summary>Imports one license as an administrator does and returns its minted key.</summary>
    internal async Task<string> ImportAsync(string product, string number, int seats, string email)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file, $"product,license_number,seats,company,email,language\n{product},{number},{seats},Muster Technik GmbH,{email},de\n");
        var (exit, output) = await Portal.RunAsync("import", "licenses", file);
        File.Delete(file);
        exit.ShouldBe(0, output);
        return Key().Match(output).Value;
    }

    /// <summary>Whether people look at every order of the demo's tills.</summary>
    internal async Task ReviewTransfersAsync(TransferReview review)
    {
        await using var db = Portal.Open();
        var product = await db.Products.SingleAsync(p => p.Id == "muster-pos");
        product.ChangePolicies(product.Policies with { Transfer = product.Policies.Transfer with { Review = review } });
        await db.SaveChangesAsync();
        Portal.Services.GetRequiredService<ProductCatalog>().Forget();
    }

    /// <summary>
    /// An order that waits for staff: a business abroad with a VAT id, two dead tills of which one is identified. Returns its reference.
    /// </summary>
    internal async Task<string> OrderAsync(string tag)
    {
        using var http = Http();
        string[] numbers = [$"L-4{tag}1", $"L-4{tag}2", $"L-4{tag}3"];
        var tills = numbers.Select((_, i) => new LicensedProgram(http, "muster-pos", $"KASSE-{i + 1}-{tag}")).ToList();
        foreach (var (till, number) in tills.Zip(numbers))
        {
            await till.ActivateAsync(await ImportAsync("muster-pos", number, seats: 1, "inhaber@muster-gastro.example"));
        }

        await using var db = Portal.Open();
        var dead = await db.Licenses.Include(l => l.Activations).SingleAsync(l => l.Number == numbers[1]);
        var price = await db.PriceList.SingleAsync(e => e.Sku == "TRANSFER-muster-pos");
        var now = TimeProvider.System.GetUtcNow();
        var request = new TransferRequest { CreatedAt = now };
        var order = new TransferOrder
        {
            Remedy = TransferRemedy.Fee,
            Items =
            [
                new OrderedItem(NewHardware("A"), "KASSE-NEU-A", "2.0", null, dead.Id, dead.Activations.Single().Id,
                    TransferIdentification.Elimination),
                new OrderedItem(NewHardware("B"), "KASSE-NEU-B", "2.0", "L-9999", null, null, TransferIdentification.None),
            ],
            WorkingPcs = [new OrderedPc("Kasse 1", tills[0].Hardware), new OrderedPc("Kasse im Garten", NewHardware("C"))],
            Contact = new TransferContact
            {
                Company = "Muster Gastro GmbH",
                Name = "Einkauf",
                Email = "kasse@muster-gastro.example",
                Phone = "+43 1 0000000",
                Street = "Musterstraße 1",
                PostalCode = "1010",
                City = "Wien",
                Country = "AT",
                VatId = "ATU12345675",
                Remark = "Bitte bis Freitag, da haben wir eine Hochzeit.",
            },
            Price = new ShownPrice
            {
                EntryId = price.Id,
                UnitNetCents = price.NetCents,
                VatCase = VatCase.Domestic,
                VatRate = 19,
                GrossCents = 166_60,
                ShownAt = now
            },
            Language = "de",
            CustomerId = dead.CustomerId,
        };
        var reference = RequestReference.New();
        request.Order(order, reference, "muster-pos", VatIdCheck.OfFormat("ATU12345675", now), now).Succeeded.ShouldBeTrue();
        request.Confirm(now).Succeeded.ShouldBeTrue();
        request.Review([ReviewReason.NotIdentified, ReviewReason.VatIdNotConfirmed], now).Succeeded.ShouldBeTrue();
        db.Add(request);
        await db.SaveChangesAsync();
        return reference.ToString();

        HardwareCode NewHardware(string pc) => new LicensedProgram(http, "muster-pos", $"NEU-{pc}-{tag}").Hardware;
    }

    /// <summary>Issues a demo customer, or this one, an invoice over a fee of 70 euros and returns its number.</summary>
    internal async Task<string> IssueAsync(Guid? to = null)
    {
        await using var db = Portal.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var customer = await db.Customers.Where(c => to == null || c.Id == to).OrderBy(c => c.Number).FirstAsync();
        var now = TimeProvider.System.GetUtcNow();
        var order = new InvoiceOrder
        {
            CustomerId = customer.Id,
            Reference = "M-7F3K-20",
            Buyer = new InvoiceBuyer
            {
                CustomerNumber = customer.Number,
                Company = customer.Company,
                Email = customer.Email,
                Street = "Beispielweg 7",
                PostalCode = "54321",
                City = "Beispielstadt",
                Country = "DE",
            },
            Lines = [new InvoiceLine { Sku = "TRANSFER-muster-pos", Name = "Lizenz-Migration (Altgerät defekt)",
                Description = "Lizenz L-1044", Quantity = 1, UnitNet = new Money(7000) }],
            ServiceDate = DateOnly.FromDateTime(now.Date),
            Vat = new VatTreatment(VatCase.Domestic, "S", 19, ReasonCode: null, Reason: null),
            Language = "de",
        };
        var issued = await Portal.Services.GetRequiredService<IssueInvoice>()
            .ExecuteAsync(db, order, Actor.System, now, CancellationToken.None);
        issued.Succeeded.ShouldBeTrue();
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return issued.Value!.Number;
    }

    /// <summary>The newest mail of a kind to an address, as its file reads.</summary>
    internal async Task<string> MailAsync(string kind, string contains)
    {
        for (var attempt = 0; attempt < 300; attempt++)
        {
            if (Directory.Exists(Portal.MailFolder))
            {
                foreach (var file in Directory.EnumerateFiles(Portal.MailFolder, $"*-{kind}-*.eml").OrderDescending())
                {
                    var text = ReadableMail.From(await File.ReadAllTextAsync(file));
                    if (text.Contains(contains, StringComparison.Ordinal))
                    {
                        return text;
                    }
                }
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"No mail {kind} with {contains} arrived.");
    }

    internal HttpClient Http() => Portal.CreateClient();

    [GeneratedRegex(@"K[0-9A-Z]{4}(-[0-9A-Z]{5}){4}")]
    private static partial Regex Key();
}
