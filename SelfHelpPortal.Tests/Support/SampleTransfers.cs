using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// An order in a running portal that waits for staff, with the licenses it moves: each was active on <c>KASSE-1 </c>, <c>KASSE-2 </c>, ….
/// </summary>
internal sealed record SampleTransfer(PortalFactory Portal, Guid Id, string Reference, IReadOnlyList<SampleLicense> Licenses)
{
    public const string Orderer = "kasse@muster-gastro.example";

    public async Task<TransferRequest> ReadAsync()
    {
        await using var db = Portal.Open();
        return (await db.LoadTransferAsync(Id, CancellationToken.None))!;
    }

    /// <summary>Changes it by its own rules, outside every page.</summary>
    public async Task ActAsync(Action<TransferRequest> act)
    {
        await using var db = Portal.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        act((await db.LockTransferAsync(Id, CancellationToken.None))!);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }
}

/// <param name="Contact">Changes the orderer, who is a business in Germany.</param>
/// <param name="Identified">False: nobody knows which license was on the dead PC.</param>
/// <param name="AddressOnFile">Of the owner, when it is not the orderer's.</param>
/// <param name="AwaitsOwner">It is not confirmed yet, and staff have not seen it.</param>
internal sealed record TransferSetting(
    TransferRemedy Remedy = TransferRemedy.Fee,
    LicenseIssue Issue = LicenseIssue.OnSettlement,
    TransferReview Review = TransferReview.ByStaff,
    int Licenses = 1,
    bool Identified = true,
    string Language = "de",
    string? AddressOnFile = null,
    bool AwaitsOwner = false,
    Func<TransferContact, TransferContact>? Contact = null);

internal static class SampleTransfers
{
    public const long FeeCents = 70_00;
    public const long RenewalCents = 149_00;

    private static int _count;

    public static async Task<SampleTransfer> AddTransferAsync(this PortalFactory portal, TransferSetting? given = null)
    {
        var setting = given ?? new TransferSetting();
        var now = portal.Clock.Now;
        var number = Interlocked.Increment(ref _count);
        var productId = $"transfer-{number}";
        var policies = new ProductPolicies
        {
            Release = A.FreeRelease,
            Flag = new FlagPolicy { Rule = FlagRule.Strict },
            Transfer = new TransferPolicy
            {
                FeeSku = $"TRANSFER-{productId}",
                RenewalSku = $"RENEWAL-{productId}-12M",
                RenewalOfferedWithinDays = null,
                Review = setting.Review,
                IssueLicense = setting.Issue,
            },
            Checklists = SampleChecklists.Policy,
        };
        await using var db = portal.Open();
        var customer = new Customer
        {
            Number = await Numbers.NextCustomerAsync(db, default),
            Company = "Muster Gastro GmbH",
            Email = setting.AddressOnFile ?? SampleTransfer.Orderer
        };
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var fee = Entry(policies.Transfer.FeeSku!, FeeCents, null, "Lizenz-Migration (Altgerät defekt)",
            "License migration (old computer dead)");
        var renewal = Entry(policies.Transfer.RenewalSku!, RenewalCents, 12, "Verlängerung der Subscription, 12 Monate",
            "Renewal of the subscription, 12 months");
        db.AddRange(Product.Create(productId, "Muster-POS", policies), customer, fee, renewal);
        var licenses = new List<SampleLicense>();
        for (var i = 1; i <= setting.Licenses; i++)
        {
            var key = ActivationKey.New();
            var license = portal.Services.GetRequiredService<LicenseFactory>().Make(
                await Numbers.NextLicenseAsync(db, default), productId, customer.Id, key.Normalized, key.ToString(), seats: 1, now);
            license.MaintenanceUntil = today.AddMonths(1);
            db.Add(license);
            EventLog.Begin(db, license.Id, EventKind.Imported, new EventData { After = license.State.ToString() }, Actor.Operator, now);
            licenses.Add(new SampleLicense(portal, license.Id, license.Number, key.ToString(), policies));
        }

        await db.SaveChangesAsync();
        portal.Services.GetRequiredService<ProductCatalog>().Forget();
        var items = new List<OrderedItem>();
        foreach (var (place, license) in licenses.Index())
        {
            var old = await license.ActivateAsync($"KASSE-{place + 1} {number}");
            var name = $"KASSE-NEU-{place + 1} {number}";
            items.Add(setting.Identified
                ? new OrderedItem(A.Hardware(name), name, "2.0", null, license.Id, old.Id, TransferIdentification.Elimination)
                : new OrderedItem(A.Hardware(name), name, "2.0", "L-9999", null, null, TransferIdentification.None));
        }

        var entry = setting.Remedy == TransferRemedy.Fee ? fee : renewal;
        var contact = new TransferContact
        {
            Company = "Muster Gastro GmbH",
            Name = "Einkauf",
            Email = SampleTransfer.Orderer,
            Street = "Musterstraße 1",
            PostalCode = "12345",
            City = "Musterstadt",
            Country = "DE",
        };
        contact = setting.Contact?.Invoke(contact) ?? contact;
        var request = new TransferRequest { CreatedAt = now };
        var order = new TransferOrder
        {
            Remedy = setting.Remedy,
            Items = items,
            Contact = contact,
            Price = new ShownPrice
            {
                EntryId = entry.Id,
                UnitNetCents = entry.NetCents,
                VatCase = VatCase.Domestic,
                VatRate = 19,
                GrossCents = InvoiceTotals.FromNet(entry.Net * setting.Licenses, 19).Gross.Cents,
                ShownAt = now,
            },
            Language = setting.Language,
            CustomerId = setting.Identified ? customer.Id : null,
        };
        request.Order(order, RequestReference.New(), productId, contact.VatId is null ? null : VatIdCheck.OfFormat(contact.VatId, now), now)
            .ShouldSucceed();
        if (!setting.AwaitsOwner)
        {
            if (setting.Identified)
            {
                request.Confirm(now).ShouldSucceed();
            }

            request.Review([ReviewReason.Policy], now).ShouldSucceed();
        }

        await using var store = portal.Open();
        store.Add(request);
        await store.SaveChangesAsync();
        return new SampleTransfer(portal, request.Id, request.Reference!, licenses);

        PriceListEntry Entry(string sku, long cents, int? months, string german, string english) => new()
        {
            ProductId = productId,
            Sku = sku,
            NetCents = cents,
            TermMonths = months,
            ValidFrom = today.AddDays(-10),
            NameDe = german,
            NameEn = english,
        };
    }
}
