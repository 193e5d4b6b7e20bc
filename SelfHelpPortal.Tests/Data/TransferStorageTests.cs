using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>The database is the last guard of prices and requests.</summary>
public class TransferStorageTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private static readonly DateOnly Day = new(2026, 3, 4);

    [Fact]
    public async Task Two_prices_of_an_article_never_hold_on_the_same_day()
    {
        var license = await portal.Portal.AddLicenseAsync();
        var product = (await license.ReadAsync()).ProductId;
        await AddAsync(Price(product, "FEE", Day, Day.AddDays(9)));
        await AddAsync(Price(product, "FEE", Day.AddDays(10), null));
        await AddAsync(Price(product, "RENEWAL", Day, null));

        foreach (var overlapping in new[] { Price(product, "FEE", Day.AddDays(9), Day.AddDays(9)),
            Price(product, "FEE", Day.AddYears(5), null), Price(product, "RENEWAL", Day.AddDays(-9), Day) })
        {
            var fault = await Should.ThrowAsync<DbUpdateException>(() => AddAsync(overlapping));
            ((PostgresException)fault.InnerException!).SqlState.ShouldBe(PostgresErrorCodes.ExclusionViolation);
        }

        await using var db = portal.Portal.Open();
        (await PriceList.FindAsync(db, product, "FEE", Day.AddDays(-1), default)).ShouldBeNull();
        (await PriceList.FindAsync(db, product, "FEE", Day.AddDays(9), default))!.ValidFrom.ShouldBe(Day);
        (await PriceList.FindAsync(db, product, "FEE", Day.AddDays(10), default))!.ValidFrom.ShouldBe(Day.AddDays(10));
        (await PriceList.FindAsync(db, "another", "FEE", Day, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_price_can_be_ended_or_taken_back_and_nothing_else()
    {
        var license = await portal.Portal.AddLicenseAsync();
        var price = Price((await license.ReadAsync()).ProductId, "FEE", Day, null);
        await AddAsync(price);
        await using var db = portal.Portal.Open();
        var same = db.PriceList.Where(e => e.Id == price.Id);

        (await same.ExecuteUpdateAsync(u => u.SetProperty(e => e.ValidUntil, Day.AddDays(3)))).ShouldBe(1);
        await Should.ThrowAsync<PostgresException>(() => same.ExecuteUpdateAsync(u => u.SetProperty(e => e.NetCents, 1)));
        await Should.ThrowAsync<PostgresException>(() => same.ExecuteUpdateAsync(u => u.SetProperty(e => e.ValidFrom, Day.AddDays(1))));
        (await same.ExecuteDeleteAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_price_that_somebody_has_ordered_at_cannot_go()
    {
        var order = await (await portal.Portal.AddTransferAsync()).ReadAsync();
        await using var db = portal.Portal.Open();

        await Should.ThrowAsync<PostgresException>(() => db.PriceList.Where(e => e.Id == order.Price!.EntryId).ExecuteDeleteAsync());
    }

    [Fact]
    public async Task The_rate_of_a_day_is_the_last_one_that_began()
    {
        await using var db = portal.Portal.Open();
        var far = Day.AddYears(50);
        db.Add(new VatRate { Country = "DE", Category = "S", ValidFrom = far, Percent = 10m });
        db.Add(new VatRate { Country = "DE", Category = "S", ValidFrom = far.AddDays(5), Percent = 12.5m });
        db.Add(new VatRate { Country = "DE", Category = "R", ValidFrom = far, Percent = 7m });
        db.Add(new VatRate { Country = "XX", Category = "S", ValidFrom = far, Percent = 30m });
        await db.SaveChangesAsync();

        (await PriceList.VatRateAsync(db, Day, default)).ShouldBe(19m);
        (await PriceList.VatRateAsync(db, new DateOnly(2006, 12, 31), default)).ShouldBeNull();
        (await PriceList.VatRateAsync(db, far.AddDays(4), default)).ShouldBe(10m);
        (await PriceList.VatRateAsync(db, far.AddDays(5), default)).ShouldBe(12.5m);
    }

    [Fact]
    public async Task A_request_comes_back_as_it_was_written()
    {
        var request = await OrderedAsync(await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT"));
        await using var db = portal.Portal.Open();
        var read = (await db.LoadTransferAsync(request.Id, default))!;

        read.Contact.ShouldBe(request.Contact);
        read.Price.ShouldBe(request.Price);
        read.VatIdCheck.ShouldBe(request.VatIdCheck);
        read.State.ShouldBe(TransferState.AwaitingConfirmation);
        read.Items.ShouldHaveSingleItem().NewHardware.ShouldBe(request.Items[0].NewHardware);
        read.WorkingPcs.ShouldHaveSingleItem().Name.ShouldBe("Kasse 1");

        read.Confirm(portal.Portal.Clock.Now).ShouldSucceed();
        read.Review([ReviewReason.Policy, ReviewReason.VatIdNotConfirmed], portal.Portal.Clock.Now).ShouldSucceed();
        read.Ask("Which till?", portal.Portal.Clock.Now).ShouldSucceed();
        await db.SaveChangesAsync();
        await using var again = portal.Portal.Open();
        read = (await again.LoadTransferAsync(request.Id, default))!;
        read.ReviewReasons.ShouldBe([ReviewReason.Policy, ReviewReason.VatIdNotConfirmed]);
        read.Messages.ShouldHaveSingleItem().Text.ShouldBe("Which till?");
    }

    [Fact]
    public async Task A_draft_is_kept_as_it_was_typed()
    {
        var draft = new TransferRequest
        {
            CreatedAt = portal.Portal.Clock.Now,
            Draft = new TransferDraft
            {
                Items = [new DraftItem("H…", "L-1")],
                WorkingPcs = [new DraftPc("Kasse 1", "?")],
                Contact = new DraftContact { Name = "Ł" }
            },
        };
        await using (var db = portal.Portal.Open())
        {
            db.Add(draft);
            await db.SaveChangesAsync();
            draft.Draft = draft.Draft with { Remedy = TransferRemedy.Renewal };
            await db.SaveChangesAsync();
        }

        await using var again = portal.Portal.Open();
        var read = (await again.LoadTransferAsync(draft.Id, default))!.Draft;
        read.Remedy.ShouldBe(TransferRemedy.Renewal);
        read.Items.ShouldBe(draft.Draft.Items);
        read.WorkingPcs.ShouldBe(draft.Draft.WorkingPcs);
        read.Contact.ShouldBe(draft.Draft.Contact);
    }

    [Fact]
    public async Task Two_confirmed_requests_for_one_computer_cannot_be()
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        var first = await OrderedAsync(license);
        await ActAsync(first, r => r.Confirm(portal.Portal.Clock.Now));
        var second = await OrderedAsync(license);

        var fault = await Should.ThrowAsync<DbUpdateException>(() => ActAsync(second, r => r.Confirm(portal.Portal.Clock.Now)));
        ((PostgresException)fault.InnerException!).ConstraintName.ShouldBe("ux_transfer_item_open");

        await ActAsync(first, r => r.Withdraw(portal.Portal.Clock.Now));
        await ActAsync(second, r => r.Confirm(portal.Portal.Clock.Now));
    }

    [Fact]
    public async Task Two_requests_for_one_license_cannot_wait_for_its_owner()
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        var first = await OrderedAsync(license);

        var fault = await Should.ThrowAsync<DbUpdateException>(() => OrderedAsync(license));
        ((PostgresException)fault.InnerException!).ConstraintName.ShouldBe("ux_transfer_item_waiting");

        await ActAsync(first, r => r.GiveWay(portal.Portal.Clock.Now));
        await OrderedAsync(license);
    }

    private static PriceListEntry Price(string product, string sku, DateOnly from, DateOnly? until) => new()
    {
        ProductId = product,
        Sku = sku,
        NetCents = 70_00,
        ValidFrom = from,
        ValidUntil = until,
        NameDe = "Umzug",
        NameEn = "Move",
    };

    private async Task AddAsync(PriceListEntry price)
    {
        await using var db = portal.Portal.Open();
        db.Add(price);
        await db.SaveChangesAsync();
    }

    private async Task<TransferRequest> OrderedAsync(SampleLicense sample)
    {
        var license = await sample.ReadAsync();
        var order = Transfers.Order() with { CustomerId = license.CustomerId };
        order = order with { Items = [order.Items[0] with { LicenseId = license.Id, ActivationId = license.Activations[0].Id }] };
        var request = new TransferRequest { CreatedAt = portal.Portal.Clock.Now };
        var check = new VatIdCheck("DE000000000", VatIdResult.FormatOnly, A.Morning, "format");
        request.Order(order, RequestReference.New(), license.ProductId, check, portal.Portal.Clock.Now).ShouldSucceed();
        await using var db = portal.Portal.Open();
        db.Add(request);
        await db.SaveChangesAsync();
        return request;
    }

    private async Task ActAsync(TransferRequest request, Func<TransferRequest, SelfHelpPortal.Licensing.Outcome<TransferRequest>> act)
    {
        await using var db = portal.Portal.Open();
        act((await db.LoadTransferAsync(request.Id, default))!).ShouldSucceed();
        await db.SaveChangesAsync();
    }
}
