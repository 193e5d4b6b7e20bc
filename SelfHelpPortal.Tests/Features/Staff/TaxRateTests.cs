using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Taxes;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>The rates of value added tax, set in the browser. There is one list, so each test looks at days of its own.</summary>
public sealed class TaxRateTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private DateTimeOffset Now => ground.Portal.Clock.Now;

    private DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);

    [Fact]
    public async Task A_planned_rate_begins_on_its_day_and_can_be_taken_back_until_then()
    {
        var day = Today.AddDays(400);

        (await SetAsync(16.5m, day)).ShouldBe(StaffResult.Done);

        await using var db = ground.Portal.Open();
        (await PriceList.VatRateAsync(db, day.AddDays(-1), default)).ShouldBe(19m);
        (await PriceList.VatRateAsync(db, day, default)).ShouldBe(16.5m);
        var view = await ShowAsync();
        view.History[0].By.ShouldBe(ground.Administrator.Id);
        view.History[0].Changes.Select(c => c.After).ShouldContain("16.5");

        (await ground.Use<TakeBackTaxRate>().ExecuteAsync(
            await ground.Administrator.ActorAsync(), Guid.NewGuid(), view.Version, day, Now, default)).ShouldBe(StaffResult.Done);

        (await PriceList.VatRateAsync(db, day, default)).ShouldBe(19m);
        (await db.AuditEntries.CountAsync(e => e.Kind == AuditKind.SettingChanged && e.Subject == nameof(SettingKind.TaxRates)))
            .ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task Another_rate_for_the_same_day_takes_its_place()
    {
        var day = Today.AddDays(500);
        (await SetAsync(20m, day)).ShouldBe(StaffResult.Done);

        (await SetAsync(21m, day)).ShouldBe(StaffResult.Done);

        (await ShowAsync()).Plan.Rates.Where(r => r.ValidFrom == day).Select(r => r.Percent).ShouldBe([21m]);
    }

    [Theory]
    [InlineData(19, 0, StaffRefusal.TaxRateDay)]
    [InlineData(19, -1, StaffRefusal.TaxRateDay)]
    [InlineData(0, 1, StaffRefusal.TaxRatePercent)]
    [InlineData(-5, 1, StaffRefusal.TaxRatePercent)]
    [InlineData(100, 1, StaffRefusal.TaxRatePercent)]
    [InlineData(19.125, 1, StaffRefusal.TaxRatePercent)]
    public async Task What_cannot_be_a_rate_is_refused_and_changes_nothing(double percent, int days, StaffRefusal refusal)
    {
        var before = (await ShowAsync()).Version;

        (await SetAsync((decimal)percent, Today.AddDays(days))).Refused.ShouldBe(refusal);

        (await ShowAsync()).Version.ShouldBe(before);
    }

    [Fact]
    public async Task What_has_begun_stays()
    {
        var view = await ShowAsync();
        var begun = view.Plan.On(Today)!.ValidFrom;
        var actor = await ground.Administrator.ActorAsync();

        (await ground.Use<TakeBackTaxRate>().ExecuteAsync(actor, Guid.NewGuid(), view.Version, begun, Now, default)).Refused
            .ShouldBe(StaffRefusal.TaxRateDay);
        (await ground.Use<TakeBackTaxRate>().ExecuteAsync(actor, Guid.NewGuid(), view.Version, Today.AddDays(3), Now, default)).Refused
            .ShouldBe(StaffRefusal.NotFound);
    }

    [Fact]
    public async Task Of_several_who_plan_at_the_same_moment_one_does()
    {
        var version = (await ShowAsync()).Version;
        var actor = await ground.Administrator.ActorAsync();

        var results = await Task.WhenAll(Enumerable.Range(1, 6).Select(n => ground.Use<SetTaxRate>().ExecuteAsync(
            actor, Guid.NewGuid(), version, n, Today.AddDays(600 + n), Now, default)));

        results.Count(r => r.Succeeded).ShouldBe(1);
        results.Count(r => r.Refused == StaffRefusal.SettingChanged).ShouldBe(5);
    }

    [Fact]
    public async Task Only_administrators_see_and_plan_rates()
    {
        foreach (var other in new[] { ground.Clerk, ground.Accountant })
        {
            (await SetAsync(7m, Today.AddDays(700), other)).Refused.ShouldBe(StaffRefusal.NotPermitted);
            (await ground.Use<ShowTaxRates>().ExecuteAsync(await other.ActorAsync(), Now, default)).Refused
                .ShouldBe(StaffRefusal.NotPermitted);
        }
    }

    private async Task<TaxRatesView> ShowAsync() =>
        (await ground.Use<ShowTaxRates>().ExecuteAsync(await ground.Administrator.ActorAsync(), Now, default)).Value!;

    private async Task<StaffResult> SetAsync(decimal percent, DateOnly from, StaffUser? by = null) =>
        await ground.Use<SetTaxRate>().ExecuteAsync(
            await (by ?? ground.Administrator).ActorAsync(), Guid.NewGuid(), (await ShowAsync()).Version, percent, from, Now, default);
}
