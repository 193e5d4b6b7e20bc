using System.Net;
using System.Reflection;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Transfers;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>What a stranger may leave with the portal: so long, so many, and in all no more than there is room for.</summary>
public sealed class DraftLimitTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private static readonly string Long = new('x', 100_000);

    [Fact]
    public void Every_text_of_a_draft_has_an_end()
    {
        var fields = new List<string>();
        foreach (var (record, put) in (IEnumerable<(object, Func<object, TransferDraft>)>)
        [
            (new TransferDraft(), d => (TransferDraft)d),
            (new DraftItem(null, null), d => new TransferDraft { Items = [(DraftItem)d] }),
            (new DraftPc(null, null), d => new TransferDraft { WorkingPcs = [(DraftPc)d] }),
            (new DraftContact(), d => new TransferDraft { Contact = (DraftContact)d }),
        ])
        {
            DraftLimits.Validate(put(record)).ShouldBeNull("the control");
            foreach (var property in record.GetType().GetProperties().Where(p => p.PropertyType == typeof(string)))
            {
                var copy = record.GetType().GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance)!.Invoke(record, null)!;
                property.SetValue(copy, Long);
                DraftLimits.Validate(put(copy)).ShouldBe(property.Name);
                fields.Add(property.Name);
            }
        }

        fields.Count.ShouldBe(20);
        DraftLimits.Validate(new TransferDraft { Items = [.. Enumerable.Repeat(new DraftItem(null, null), DraftLimits.Rows + 1)] })
            .ShouldNotBeNull();
        DraftLimits.Validate(new TransferDraft { WorkingPcs = [.. Enumerable.Repeat(new DraftPc(null, null), DraftLimits.Rows + 1)] })
            .ShouldNotBeNull();
    }

    [Fact]
    public void The_longest_draft_of_the_pages_fits()
    {
        var code = new string('x', DraftLimits.TypedCode);
        var draft = new TransferDraft
        {
            Items = [
                .. Enumerable.Repeat(new DraftItem(code, new string('x', DraftLimits.LicenseNumber)) { PcName =
                    new string('x', DraftLimits.PcName), AppVersion = new string('x', DraftLimits.AppVersion) }, DraftLimits.Rows)],
            WorkingPcs = [.. Enumerable.Repeat(new DraftPc(new string('x', DraftLimits.TillName), code), DraftLimits.Rows)],
            Contact = new DraftContact { Company = new string('x', DraftLimits.Line), Remark = new string('x', DraftLimits.Remark) },
        };
        DraftLimits.Validate(draft).ShouldBeNull();
    }

    [Fact]
    public async Task A_megabyte_in_a_field_is_refused_in_words_and_nothing_of_it_kept()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.BeginAsync(portal.Open());
        await browser.SubmitAsync(("Remedy", "fee"));
        foreach (var act in new[] { "add", "remove-1", "next" })
        {
            await browser.SubmitAsync(("HardwareCode", Long), ("Items[1].HardwareCode", Long), ("Act", act));
            browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, act);
            (await LongestAsync()).ShouldBeLessThan(2_000);
        }

        await browser.SubmitAsync(
            ("HardwareCode", Tills.Code("KASSE-NEU")), ("Items[1].HardwareCode", Tills.Code("KASSE-NEU-2")), ("Act", "next"));
        await browser.GetAsync(browser.Page.QuerySelector("main a.button")!.GetAttribute("href")!);
        await browser.SubmitAsync(("LicenseNumber", Long), ("Act", "next"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await browser.SubmitAsync(("LicenseNumber", ""), ("Act", "unknown"));
        foreach (var act in new[] { "add", "remove-1", "check", "go" })
        {
            await browser.SubmitAsync(
                ("WorkingPcs[0].Name", Long), ("WorkingPcs[0].HardwareCode", Long), ("WorkingPcs[1].Name", Long),
                ("WorkingPcs[1].HardwareCode", Long), ("Act", act));
            browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, act);
            (await LongestAsync()).ShouldBeLessThan(2_000);
        }

        await browser.SubmitAsync(
            ("WorkingPcs[0].HardwareCode", Tills.Code("KASSE-1")), ("WorkingPcs[0].Name", ""), ("WorkingPcs[1].HardwareCode", ""),
            ("WorkingPcs[1].Name", ""), ("Act", "go"));
        browser.Path.ShouldEndWith("/contact");
        await browser.SubmitAsync([.. Tills.Contact().Select(c => (c.Name, (string?)Long))]);
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await LongestAsync()).ShouldBeLessThan(2_000);
    }

    [Fact]
    public async Task A_pasted_file_is_kept_as_the_code_in_it_while_rows_are_added()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        var file = Licensing.Files.RequestFileTests.Sample with { Product = tills.ProductId };
        using var browser = await tills.BeginAsync(portal.Open());
        await browser.SubmitAsync(("Remedy", "fee"));
        await browser.SubmitAsync(("HardwareCode", file.Write()), ("Act", "add"));

        browser.Page.QuerySelector<IHtmlTextAreaElement>("#HardwareCode")!.Value.ShouldBe(file.HardwareCode);
        await browser.SubmitAsync(("Act", "remove-1"));
        await browser.SubmitAsync(("Act", "next"));
        browser.Words.ShouldContain("KASSE Łódź", customMessage: "what else the file said is not lost");
    }

    [Fact]
    public async Task One_address_begins_twenty_orders_an_hour_and_who_is_signed_in_or_has_a_key_is_not_among_them()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        var owner = await CustomerUser.CreateAsync(portal.Portal, tills.CustomerId);
        using var browser = portal.Open();
        var before = await CountAsync();
        for (var i = 0; i < 22; i++)
        {
            await browser.GetAsync($"/transfer?product={tills.ProductId}");
            await browser.SubmitAsync(("StillRuns", "no"));
        }

        browser.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        browser.Answer.Headers.RetryAfter.ShouldNotBeNull();
        browser.Words.ShouldContain("Gerade wurden sehr viele solcher Vorgänge begonnen. Bitte ab ");
        (await CountAsync()).ShouldBe(before + 20);

        await browser.GetAsync("/license");
        await browser.SubmitAsync(("ActivationKey", tills.Keys[0]));
        await browser.SubmitAsync(("Act", "transfer"));
        browser.Path.ShouldEndWith("/remedy");
        await browser.GetAsync("/account/sign-in");
        await browser.SubmitAsync(("Email", owner.Email), ("Password", CustomerUser.Password));
        await tills.BeginAsync(browser);
    }

    [Theory]
    [InlineData("/release")]
    [InlineData("/license")]
    public async Task With_a_key_sixty_pages_an_hour_are_enough(string page)
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-1");
        using var browser = portal.Open();
        await browser.GetAsync(page);
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 62; i++)
        {
            using var answer = await browser.PostAsync(typed: ("ActivationKey", license.Key));
            statuses.Add(answer.StatusCode);
        }

        statuses.ShouldBe(
            [.. Enumerable.Repeat(HttpStatusCode.SeeOther, 60), HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests]);
    }

    [Fact]
    public async Task When_the_room_is_used_up_strangers_wait_staff_are_warned_and_a_key_still_opens_an_order()
    {
        await using var small = new PortalFactory();
        small.Configuration["Drafts:MostOpen"] = "5";
        small.Configuration[Browser.Trusted.Key] = Browser.Trusted.Value;
        await small.InitializeAsync();
        var tills = await Tills.AddAsync(small);
        using var health = small.CreateClient();
        (await health.GetStringAsync("/healthz/ready")).ShouldBe("ready");
        for (var i = 0; i < 7; i++)
        {
            using var stranger = new Browser(small);
            await stranger.GetAsync($"/transfer?product={tills.ProductId}");
            await stranger.SubmitAsync(("StillRuns", "no"));
            stranger.Status.ShouldBe(
                i < 5 ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        small.Clock.Advance(TimeSpan.FromMinutes(2));
        (await health.GetStringAsync("/healthz/ready")).ShouldBe("degraded");
        using var holder = new Browser(small);
        await holder.GetAsync("/license");
        await holder.SubmitAsync(("ActivationKey", tills.Keys[0]));
        await holder.SubmitAsync(("Act", "transfer"));
        holder.Path.ShouldEndWith("/remedy");
    }

    private async Task<int> CountAsync()
    {
        await using var db = portal.Portal.Open();
        return await db.Transfers.CountAsync();
    }

    /// <summary>Of all drafts that are stored.</summary>
    private async Task<int> LongestAsync()
    {
        await using var db = portal.Portal.Open();
        return await db.Database.SqlQuery<int>($"SELECT coalesce(max(length(draft::text)), 0) AS \"Value\" FROM transfer_request")
            .SingleAsync();
    }
}
