using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Features.Staff.DataChecks;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Products;
using SelfHelpPortal.Features.Staff.Taxes;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.BrokenConnections;

/// <summary>
/// A portal whose things are prepared by one way to the database, and whose use cases are called by another: through a
/// <see cref="PostgresProxy"/> that ends the backend where a test wants it.
/// </summary>
public sealed class CutScene : IAsyncLifetime
{
    private SecondNode _cut = default!;
    private int _addresses;

    internal static Caller Somebody { get; } = new(IPAddress.Parse("192.0.2.77"));

    internal PortalFactory Portal { get; } = new();

    internal PostgresProxy Proxy { get; private set; } = default!;

    internal StaffUser Clerk { get; private set; } = default!;

    internal StaffUser Administrator { get; private set; } = default!;

    internal DateTimeOffset Now => Portal.Clock.Now;

    public async Task InitializeAsync()
    {
        await Portal.BuildAsync();
        Clerk = await StaffUser.CreateAsync(Portal);
        Administrator = await StaffUser.CreateAsync(Portal, StaffRoles.Administrator);
        Proxy = PostgresProxy.Start(Portal.Database);
        _cut = SecondNode.Beside(Portal, Proxy);
    }

    public async Task DisposeAsync()
    {
        await _cut.DisposeAsync();
        await Portal.DisposeAsync();
        await Proxy.DisposeAsync();
    }

    /// <summary>Of somebody who has sent nothing yet: mails are counted for each source.</summary>
    internal IPAddress NextAddress() =>
        new(BitConverter.GetBytes(IPAddress.HostToNetworkOrder(0x0A000000 + Interlocked.Increment(ref _addresses))));

    /// <summary>A use case whose connections may be ended.</summary>
    internal T Use<T>()
        where T : notnull => _cut.Services.GetRequiredService<T>();

    internal AsyncServiceScope Scope() => _cut.Services.CreateAsyncScope();

    /// <summary>
    /// The products are new, and the portal behind the proxy keeps those it knows for a while. What is prepared meets no connection
    /// that was cut before, nor a cut that was planned for the act before and not reached; each call begins with a new connection, so
    /// that it is counted alike. It begins on a day of its own: the order of the writers is drawn, and some move the clock by months.
    /// </summary>
    internal async Task<Func<Task>> PrepareAsync(Writer writer)
    {
        Proxy.Count();
        Recover();
        Portal.Clock.Advance(TimeSpan.FromDays(1));
        var act = await writer(this);
        Use<ProductCatalog>().Forget();
        Recover();
        return act;
    }

    /// <summary>The pool has no broken connection left, as some requests later.</summary>
    internal void Recover() => Use<NpgsqlDataSource>().Clear();

    /// <summary>What the database looks like to the daily check.</summary>
    internal async Task<IReadOnlyList<string>> ViolationsAsync() =>
        [.. (await Portal.Services.GetRequiredService<CheckData>().RunAsync(allDocuments: false, Now, default))
            .Select(v => $"{v.Rule}: {v.Subject}")];

    internal async Task<StaffAct> ActAsync(StaffUser? by = null) =>
        new(Guid.NewGuid(), await (by ?? Clerk).ActorAsync(), "Der Kunde hat angerufen");

    internal static async Task<CustomerAct> ActAsync(CustomerUser person) => new(Guid.NewGuid(), await person.ActorAsync());

    /// <summary>A license in use, and somebody of its customer.</summary>
    internal async Task<(SampleLicense License, Guid Computer, Guid Customer, CustomerUser Owner)> OwnedAsync()
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        var stored = await license.ReadAsync();
        return (license, stored.ActiveComputers.Single().Id, stored.CustomerId, await CustomerUser.CreateAsync(license));
    }

    /// <summary>A license whose old computer was seen beside the new one, and is therefore locked.</summary>
    /// <param name="byStages">By the rule under which there are emergency codes: it locks when the computer was seen three times.</param>
    internal async Task<(SampleLicense License, string Case, Guid Flag)> LockedAsync(bool byStages = false)
    {
        var license =
            await Portal.AddLicenseAsync(flag: byStages ? new FlagPolicy { HoursBetweenStages = 1 } : null, computers: ["KASSE-ALT"]);
        await license.ReleaseAsync("KASSE-ALT");
        Portal.Clock.Advance(TimeSpan.FromMinutes(5));
        await license.ActivateAsync("KASSE-NEU");
        Portal.Clock.Advance(TimeSpan.FromMinutes(5));
        var number = await license.SightAsync("KASSE-ALT");
        for (var stage = 1; byStages && stage < 3; stage++)
        {
            Portal.Clock.Advance(TimeSpan.FromHours(1));
            await license.SightAsync("KASSE-ALT");
        }

        return (license, number, (await license.ReadAsync()).Flags.Single().Id);
    }

    /// <summary>An invoice that is out, of an order that is done or, where the license follows the payment, waits for it.</summary>
    internal async Task<Invoice> InvoiceAsync(TransferSetting? setting = null)
    {
        var order = await Portal.AddTransferAsync(setting);
        (await Portal.Services.GetRequiredService<SelfHelpPortal.Features.Staff.Transfers.SettleTransfer>()
            .ExecuteAsync(await ActAsync(), order.Id, Now, default)).ShouldBe(StaffResult.Done);
        await using var db = Portal.Open();
        return await db.Invoices.AsNoTracking().SingleAsync(i => i.TransferRequestId == order.Id);
    }

    /// <summary>A product without a price, and one to set.</summary>
    internal async Task<(PriceTarget Target, PriceEntry Price)> NewPriceAsync()
    {
        var id = $"till-{Guid.NewGuid():n}"[..20];
        var act = await ActAsync(Administrator);
        (await Use<SaveProduct>().ExecuteAsync(
            act.Actor, act.CommandId, new ProductEntry(id, "My till", new ProductPolicies()), basedOn: 0, isNew: true, Now, default))
            .ShouldBe(StaffResult.Done);
        return (new PriceTarget(id, PriceArticle.Fee, BasedOn: 0),
            new PriceEntry(new Money(70_00), TermMonths: null, DateOnly.FromDateTime(Now.UtcDateTime), "Umzug", "Move"));
    }

    /// <summary>The version of the tax rates, and a day that none begins on.</summary>
    internal async Task<(int Version, DateOnly Day)> TaxesAsync()
    {
        var view = (await Use<ShowTaxRates>().ExecuteAsync((await ActAsync(Administrator)).Actor, Now, default)).Value!;
        return (view.Version, view.Plan.Rates.Select(r => r.ValidFrom).Append(view.Today).Max().AddDays(1));
    }

    /// <summary>A product with a price that nobody has ordered at.</summary>
    internal async Task<(PriceTarget Target, PriceListEntry Price)> PricedAsync()
    {
        var (target, price) = await NewPriceAsync();
        var act = await ActAsync(Administrator);
        (await Use<SetPrice>().ExecuteAsync(act.Actor, act.CommandId, target, price, Now, default)).ShouldBe(StaffResult.Done);
        await using var db = Portal.Open();
        return (target with { BasedOn = 1 }, await db.PriceList.AsNoTracking().SingleAsync(e => e.ProductId == target.Product));
    }
}
