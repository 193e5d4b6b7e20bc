using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Features.Portal.Renew;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Tests.Support;

/// <summary>A license whose subscription its owner may renew.</summary>
internal sealed record SampleRenewal(SampleLicense License, Guid CustomerId, CustomerUser Owner)
{
    private PortalFactory Portal => License.Portal;

    /// <summary>What the page shows to the owner.</summary>
    public async Task<RenewalChoice> OfferAsync() =>
        (await Portal.Services.GetRequiredService<ShowRenewal>()
            .ExecuteAsync(await Owner.ActorAsync(), License.Number, "de", Portal.Clock.Now, default)).Value.ShouldNotBeNull().Choice;

    public async Task<RenewalOrder> OrderAsync() =>
        new(License.Number, (await OfferAsync()).Offer.ShouldNotBeNull().Shown, null, null, "de");

    public async Task<CustomerAct> ActAsync(CustomerUser? by = null) => new(Guid.NewGuid(), await (by ?? Owner).ActorAsync());

    /// <param name="with">The use case of another vendor than the portal's.</param>
    public async Task<RenewalAnswer> RenewAsync(RenewalOrder? order = null, CustomerAct? act = null, RenewSubscription? with = null) =>
        await (with ?? Portal.Services.GetRequiredService<RenewSubscription>())
            .ExecuteAsync(act ?? await ActAsync(), order ?? await OrderAsync(), Portal.Clock.Now, default);
}

internal static class SampleRenewals
{
    public const long Cents = 149_00;

    private static int _count;

    /// <param name="end">Of the subscription; null when there is none.</param>
    /// <param name="customer">Changes the customer, who is a business in Germany.</param>
    /// <param name="isOffered">False: the product has no renewal.</param>
    /// <param name="within">Days before the end from which it is offered; null: at any time.</param>
    public static async Task<SampleRenewal> AddRenewalAsync(
        this PortalFactory portal, DateOnly? end = null, long cents = Cents, Action<Customer>? customer = null, bool isOffered = true,
        LicenseIssue issue = LicenseIssue.OnSettlement, int? within = null,
        params string[] computers)
    {
        var number = Interlocked.Increment(ref _count);
        var productId = $"renewal-{number}";
        var policies = new ProductPolicies
        {
            Release = A.FreeRelease,
            Transfer = new TransferPolicy
            {
                RenewalSku = isOffered ? $"RENEWAL-{number}" : null,
                RenewalOfferedWithinDays = within,
                IssueLicense = issue,
            },
        };
        await using var db = portal.Open();
        var owner = new Customer
        {
            Number = await Numbers.NextCustomerAsync(db, default),
            Company = "Muster Gastro GmbH",
            Email = $"inhaber-{number}@muster-gastro.example",
            Street = "Musterstraße 1",
            PostalCode = "12345",
            City = "Musterstadt",
        };
        customer?.Invoke(owner);
        db.AddRange(Product.Create(productId, "Muster-POS", policies), owner,
            Entry(productId, number, cents, DateOnly.FromDateTime(portal.Clock.Now.UtcDateTime).AddDays(-10)));
        var key = ActivationKey.New();
        var license = portal.Services.GetRequiredService<LicenseFactory>().Make(
            await Numbers.NextLicenseAsync(db, default), productId, owner.Id, key.Normalized, key.ToString(),
            seats: Math.Max(1, computers.Length), portal.Clock.Now);
        license.MaintenanceUntil = end;
        db.Add(license);
        EventLog.Begin(db, license.Id, EventKind.Imported, new EventData { After = license.State.ToString() }, Actor.Operator,
            portal.Clock.Now);
        await db.SaveChangesAsync();
        portal.Services.GetRequiredService<ProductCatalog>().Forget();
        var sample = new SampleLicense(portal, license.Id, license.Number, key.ToString(), policies);
        foreach (var pc in computers)
        {
            await sample.ActivateAsync(pc);
        }

        return new SampleRenewal(sample, owner.Id, await CustomerUser.CreateAsync(portal, owner.Id));
    }

    private static PriceListEntry Entry(string product, int number, long cents, DateOnly from) => new()
    {
        ProductId = product,
        Sku = $"RENEWAL-{number}",
        NetCents = cents,
        TermMonths = 12,
        ValidFrom = from,
        NameDe = "Verlängerung der Subscription, 12 Monate",
        NameEn = "Renewal of the subscription, 12 months",
    };
}
