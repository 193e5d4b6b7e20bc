using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Products;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>A vendor's own products and prices, set in the browser.</summary>
public sealed class ProductTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private static readonly PriceEntry Seventy = new(new Money(70_00), null, default, "Umzug", "Move");

    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    private DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);

    [Fact]
    public async Task A_new_product_can_be_sold_as_soon_as_it_has_a_price()
    {
        var id = await AddAsync();

        (await PriceAsync(id, Seventy)).ShouldBe(StaffResult.Done);

        await using var db = Portal.Open();
        var product = await db.Products.SingleAsync(p => p.Id == id);
        product.Policies.Transfer.FeeSku.ShouldBe($"TRANSFER-{id}");
        (await PriceList.FindAsync(db, id, product.Policies.Transfer.FeeSku!, Today, default))!.NetCents.ShouldBe(70_00);
        product.Policies.Transfer.IsOffered.ShouldBeTrue();
    }

    [Fact]
    public async Task Every_change_is_a_version_with_its_author_and_an_entry_of_the_audit_log()
    {
        var id = await AddAsync();
        var entry = await EntryAsync(id);

        (await SaveAsync(entry with { Name = "Other", Policies = entry.Policies with { Release = new ReleasePolicy { RefillDays = 30 } } },
            basedOn: 1)).ShouldBe(StaffResult.Done);

        var view = (await ground.Use<ShowProduct>().ExecuteAsync(await ActorAsync(), id, Now, default)).Value!;
        view.Version.ShouldBe(2);
        view.History[0].By.ShouldBe(ground.Administrator.Id);
        view.History[0].Changes.Select(c => (c.Path, c.Before, c.After)).ShouldBe(
            [("name", "My till", "Other"), ("policies.release.refillDays", "180", "30")]);
        await using var db = Portal.Open();
        (await db.AuditEntries.CountAsync(e => e.Kind == AuditKind.SettingChanged && e.Subject == $"Product {id}")).ShouldBe(2);
    }

    [Fact]
    public async Task Of_two_administrators_who_change_one_version_the_second_is_told()
    {
        var id = await AddAsync();
        var entry = await EntryAsync(id);

        (await SaveAsync(entry with { Name = "First" }, basedOn: 1)).ShouldBe(StaffResult.Done);
        (await SaveAsync(entry with { Name = "Second" }, basedOn: 1)).Refused.ShouldBe(StaffRefusal.SettingChanged);

        (await EntryAsync(id)).Name.ShouldBe("First");
    }

    [Fact]
    public async Task Two_who_set_one_price_at_the_same_moment_set_it_once()
    {
        var id = await AddAsync();

        var results = await Task.WhenAll(Enumerable.Range(1, 8).Select(euros =>
            PriceAsync(id, Seventy with { Net = new Money(euros * 100) })));

        results.Count(r => r.Succeeded).ShouldBe(1);
        results.Count(r => r.Refused == StaffRefusal.SettingChanged).ShouldBe(7);
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_saves_once()
    {
        var id = await AddAsync();
        var entry = (await EntryAsync(id)) with { Name = "Twice" };
        var command = Guid.NewGuid();

        (await SaveAsync(entry, basedOn: 1, command: command)).ShouldBe(StaffResult.Done);
        (await SaveAsync(entry, basedOn: 1, command: command)).ShouldBe(StaffResult.Done);

        await using var db = Portal.Open();
        (await db.SettingVersions.CountAsync(v => v.Kind == SettingKind.Product && v.Key == id)).ShouldBe(2);
    }

    [Fact]
    public async Task What_cannot_hold_is_named_by_its_path_and_nothing_is_stored()
    {
        var id = await AddAsync();
        var entry = await EntryAsync(id);

        var result = await SaveAsync(
            entry with { Name = " ", Policies = entry.Policies with { Release = new ReleasePolicy { RefillDays = 0 } } }, basedOn: 1);

        result.Refused.ShouldBe(StaffRefusal.SettingInvalid);
        result.Broken!.Select(b => b.Id).ShouldBe(["name", "policies.release.refillDays"]);
        (await EntryAsync(id)).Name.ShouldBe("My till");
        (await SaveAsync(entry with { Policies = entry.Policies with { Transfer = new TransferPolicy { FeeSku = "NEVER" } } }, basedOn: 1))
            .Broken!.ShouldHaveSingleItem().Id
            .ShouldBe("policies.transfer.feeSku", "an article without a price could be ordered by nobody");
        (await SaveAsync(new ProductEntry("No Slug", "X", new ProductPolicies()), basedOn: 0, isNew: true))
            .Broken!.ShouldHaveSingleItem().Id.ShouldBe("id");
        (await SaveAsync(entry, basedOn: 1, isNew: true)).Broken!.ShouldHaveSingleItem().Id.ShouldBe("id");
    }

    [Fact]
    public async Task An_older_version_holds_again_as_a_new_one()
    {
        var id = await AddAsync();
        var before = await EntryAsync(id);
        (await SaveAsync(before with { Name = "Mistake" }, basedOn: 1)).ShouldBe(StaffResult.Done);
        var view = (await ground.Use<ShowProduct>().ExecuteAsync(await ActorAsync(), id, Now, default)).Value!;

        (await SaveAsync(SettingHistory.Read<ProductEntry>(view.History[1].Content), basedOn: 2)).ShouldBe(StaffResult.Done);

        (await EntryAsync(id)).ShouldBe(before);
    }

    [Fact]
    public async Task An_open_order_keeps_its_price()
    {
        var order = await (await Portal.AddTransferAsync()).ReadAsync();
        await using var db = Portal.Open();
        var paid = await db.PriceList.AsNoTracking().SingleAsync(e => e.Id == order.Price!.EntryId);

        (await PriceAsync(paid.ProductId, Seventy with { Net = new Money(99_00), ValidFrom = Today.AddDays(1) }))
            .ShouldBe(StaffResult.Done);

        var kept = await db.PriceList.AsNoTracking().SingleAsync(e => e.Id == paid.Id);
        (kept.NetCents, kept.ValidUntil).ShouldBe((paid.NetCents, Today));
        (await db.Transfers.AsNoTracking().SingleAsync(t => t.Id == order.Id)).Price!.UnitNetCents.ShouldBe(paid.NetCents);
        var version = (await ground.Use<ShowProduct>().ExecuteAsync(await ActorAsync(), paid.ProductId, Now, default)).Value!
            .Articles.Single(a => a.Remedy == PriceArticle.Fee).Version;
        (await ground.Use<TakeBackPrice>().ExecuteAsync(await ActorAsync(), Guid.NewGuid(),
            new(paid.ProductId, PriceArticle.Fee, version), paid.Id, Now, default)).Refused
            .ShouldBeOneOf(StaffRefusal.PriceOrdered, StaffRefusal.PriceDay);
    }

    [Fact]
    public async Task A_planned_price_is_taken_back_and_an_article_is_sold_no_longer()
    {
        var id = await AddAsync();
        (await PriceAsync(id, Seventy)).ShouldBe(StaffResult.Done);
        (await PriceAsync(id, Seventy with { Net = new Money(80_00), ValidFrom = Today.AddDays(9) }, basedOn: 1))
            .ShouldBe(StaffResult.Done);
        await using var db = Portal.Open();
        var planned = await db.PriceList.AsNoTracking().SingleAsync(e => e.ProductId == id && e.NetCents == 80_00);

        (await ground.Use<TakeBackPrice>().ExecuteAsync(
            await ActorAsync(), Guid.NewGuid(), new(id, PriceArticle.Fee, 2), planned.Id, Now, default)).ShouldBe(StaffResult.Done);
        (await ground.Use<EndPrice>().ExecuteAsync(
            await ActorAsync(), Guid.NewGuid(), new(id, PriceArticle.Fee, 3), Today.AddDays(2), Now, default)).ShouldBe(StaffResult.Done);

        var left = await db.PriceList.AsNoTracking().SingleAsync(e => e.ProductId == id);
        (left.NetCents, left.ValidUntil).ShouldBe((70_00, Today.AddDays(2)));
    }

    [Fact]
    public async Task Only_an_administrator_who_has_just_shown_the_factor_changes_a_setting()
    {
        var id = await AddAsync();
        var entry = (await EntryAsync(id)) with { Name = "Stolen" };
        foreach (var other in new[] { ground.Clerk, ground.Accountant })
        {
            (await SaveAsync(entry, basedOn: 1, by: other)).Refused.ShouldBe(StaffRefusal.NotPermitted);
            (await PriceAsync(id, Seventy, by: other)).Refused.ShouldBe(StaffRefusal.NotPermitted);
            (await ground.Use<ShowProduct>().ExecuteAsync(await other.ActorAsync(), id, Now, default)).Refused
                .ShouldBe(StaffRefusal.NotPermitted);
        }

        (await EntryAsync(id)).Name.ShouldBe("My till");
    }

    [Fact]
    public async Task No_version_is_ever_changed_or_deleted()
    {
        var id = await AddAsync();
        await using var db = Portal.Open();
        var versions = db.SettingVersions.Where(v => v.Key == id);

        await Should.ThrowAsync<Npgsql.PostgresException>(() => versions.ExecuteUpdateAsync(u => u.SetProperty(v => v.Content, "{}")));
        await Should.ThrowAsync<Npgsql.PostgresException>(() => versions.ExecuteDeleteAsync());
    }

    private async Task<StaffActor> ActorAsync(StaffUser? by = null) => await (by ?? ground.Administrator).ActorAsync();

    private async Task<string> AddAsync()
    {
        var id = $"my-till-{Guid.NewGuid():n}"[..20];
        (await SaveAsync(new ProductEntry(id, "My till", new ProductPolicies()), basedOn: 0, isNew: true)).ShouldBe(StaffResult.Done);
        return id;
    }

    private async Task<StaffResult> SaveAsync(
        ProductEntry entry, int basedOn, bool isNew = false, StaffUser? by = null, Guid? command = null) =>
        await ground.Use<SaveProduct>().ExecuteAsync(
            await ActorAsync(by), command ?? Guid.NewGuid(), entry, basedOn, isNew, Now, default);

    private async Task<StaffResult> PriceAsync(string product, PriceEntry price, int basedOn = 0, StaffUser? by = null) =>
        await ground.Use<SetPrice>().ExecuteAsync(
            await ActorAsync(by), Guid.NewGuid(), new(product, PriceArticle.Fee, basedOn),
            price.ValidFrom == default ? price with { ValidFrom = Today } : price, Now, default);

    private async Task<ProductEntry> EntryAsync(string id)
    {
        await using var db = Portal.Open();
        var product = await db.Products.AsNoTracking().SingleAsync(p => p.Id == id);
        return new ProductEntry(product.Id, product.Name, product.Policies);
    }
}
