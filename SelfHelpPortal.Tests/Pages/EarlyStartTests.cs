using System.Net;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>
/// What a consumer agrees to where the vendor tells of the right of withdrawal: asked beside each button that orders, refused without the
/// tick with nothing of the rest lost, and kept with the order.
/// </summary>
public sealed class EarlyStartTests : IAsyncLifetime
{
    private readonly PortalFactory _portal = new()
    {
        Configuration =
        {
            [Browser.Trusted.Key] = Browser.Trusted.Value,
            ["Vendor:WithdrawalDe"] = "Sie haben das Recht, binnen vierzehn Tagen zu widerrufen.",
        },
    };

    public Task InitializeAsync() => _portal.InitializeAsync();

    public Task DisposeAsync() => _portal.DisposeAsync().AsTask();

    [Fact]
    public async Task A_consumer_who_orders_a_move_is_asked()
    {
        var tills = await Tills.AddAsync(_portal);
        using var browser = new Browser(_portal);
        await tills.ToContactAsync(browser);
        await browser.SubmitAsync([.. Tills.Contact().Where(f => f.Name != "Company"), ("Company", "")]);

        await browser.SubmitAsync(("Accept", "yes"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Page.QuerySelector("[name=EarlyStart]")!.GetAttribute("aria-invalid").ShouldBe("true");
        browser.Page.QuerySelector("[name=Accept]")!.HasAttribute("checked").ShouldBeTrue("the other tick was lost");

        await browser.SubmitAsync(("Accept", "yes"), ("EarlyStart", "yes"));
        browser.Outcome.ShouldBe("confirm-by-mail", browser.Words);
        var request = await tills.RequestAsync(browser);
        (await EarlyStartsAsync(request.Id)).ShouldBe([true]);
        var receipt = (await tills.MailsAsync(request.Reference!)).Single(m => m.Kind == "transfer-received");
        receipt.CopyText.ShouldContain("Widerrufsrecht erlischt");
        receipt.CopyText.ShouldContain("Widerruf: ");
    }

    [Fact]
    public async Task A_consumer_who_renews_is_asked()
    {
        var renewal = await _portal.AddRenewalAsync(customer: c => c.IsConsumer = true);
        using var browser = await renewal.Owner.SignInAsync();
        await browser.GetAsync($"/my/licenses/{renewal.License.Number}/renew");

        await browser.SubmitAsync(("OrderNumber", "4711"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Page.QuerySelector("[name=OrderNumber]")!.GetAttribute("value").ShouldBe("4711");

        await browser.SubmitAsync(("EarlyStart", "yes"));
        browser.Path.ShouldContain("/renewed/", customMessage: browser.Words);
        (await EarlyStartsAsync(renewal.License.Id)).ShouldBe([true]);
    }

    [Fact]
    public async Task A_business_is_not()
    {
        var tills = await Tills.AddAsync(_portal);
        using var browser = new Browser(_portal);
        await tills.ToCheckAsync(browser);
        browser.Page.QuerySelector("[name=EarlyStart]").ShouldBeNull();
        await browser.SubmitAsync(("Accept", "yes"));

        var request = await tills.RequestAsync(browser);
        (await EarlyStartsAsync(request.Id)).ShouldBeEmpty();
        (await tills.MailsAsync(request.Reference!)).Single(m => m.Kind == "transfer-received").CopyText
            .ShouldNotContain("Widerrufsrecht erlischt");
    }

    [Theory]
    [InlineData(true, 20_00, true)]
    [InlineData(true, null, false)]
    [InlineData(false, 20_00, false)]
    public async Task Whoever_pays_for_another_licensee_is_asked_as_a_consumer(bool isConsumer, int? cents, bool isAsked)
    {
        var change = await _portal.AddOwnerChangeAsync(
            OwnerChangeKind.Data,
            await _portal.AddHeldAsync(cents: cents),
            change: wish => wish with { Licensee = wish.Licensee with { IsConsumer = isConsumer } });
        using var browser = new Browser(_portal);
        await browser.GetAsync($"/owner/confirm/{await change.LinkAsync(LinkPurpose.OwnerConfirm)}");
        (browser.Page.QuerySelector("[name=EarlyStart]") is not null).ShouldBe(isAsked);

        await browser.SubmitAsync(("Confirmed", "yes"), ("Act", "agree"));
        if (isAsked)
        {
            browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await change.ReadAsync()).State.ShouldBe(OwnerChangeState.AwaitingConfirmation);
            await browser.SubmitAsync(("Confirmed", "yes"), ("EarlyStart", "yes"), ("Act", "agree"));
        }

        (await change.ReadAsync()).State.ShouldBe(OwnerChangeState.InReview);
        (await EarlyStartsAsync(change.Id)).ShouldBe(isAsked ? [true] : []);
    }

    private async Task<IEnumerable<bool>> EarlyStartsAsync(Guid stream)
    {
        await using var db = _portal.Open();
        var events = await db.Events.AsNoTracking().Where(e => e.Stream == stream).ToListAsync();
        return events.Select(e => EventLog.Read(e.Data).EarlyStart).OfType<bool>();
    }
}
