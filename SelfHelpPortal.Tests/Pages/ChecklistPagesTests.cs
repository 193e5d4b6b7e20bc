using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>The checklist of an order and of an appointment, as a browser without scripts ticks it.</summary>
public class ChecklistPagesTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private readonly PortalFactory _portal = portal.Portal;

    [Theory]
    [InlineData("de", "Checkliste für den neuen PC", "Stellen Sie zuerst die Fiskaleinheit wieder her.")]
    [InlineData("en", "Checklist for the new PC", "Restore the fiscal unit first.")]
    public async Task The_ticks_of_an_order_are_kept_and_shown_wherever_the_order_is_shown(string language, string heading, string item)
    {
        var tills = await Tills.AddAsync(_portal);
        using var browser = portal.Open(language);
        var request = await tills.OrderAsync(browser);
        using var owner = portal.Open(language);
        await owner.GetAsync(await tills.LinkAsync(request.Reference!, "transfer-confirm"));
        await owner.ConfirmAsync(("LastFive", tills.Keys[1][^5..]));
        owner.Outcome.ShouldBe("submitted");
        owner.Words.ShouldContain(item);
        owner.Page.QuerySelectorAll("main form").ShouldBeEmpty("ticks are kept by the order's own pages");

        // The page of the draft that was ordered.
        await browser.GetAsync(browser.Path);
        browser.Words.ShouldContain(heading);
        browser.Page.QuerySelector("main a[href='https://muster-software.example/tse']").ShouldNotBeNull();
        browser.Page.QuerySelectorAll("main [name=country]").ShouldBeEmpty("the customer is in Germany");
        await SendAsync(browser, ("item", "tse"), ("backup", "yes"));
        Ticked(browser).ShouldBe(["tse"]);
        Listed(browser).ShouldBe(["tse", "restore"]);

        // The page behind the link in the mail, and signed in.
        using var status = portal.Open(language);
        await status.GetAsync(await tills.LinkAsync(request.Reference!, "transfer-received"));
        Ticked(status).ShouldBe(["tse"]);
        var old = FormOf(status);
        await SendAsync(status, ("item", "tse"), ("item", "restore"));
        Ticked(status).ShouldBe(["tse", "restore"]);
        using var member = await (await CustomerUser.CreateAsync(_portal, tills.CustomerId, CustomerRole.Member)).SignInAsync();
        await member.GetAsync($"/my/transfers/{request.Reference}");
        Ticked(member).ShouldBe(["tse", "restore"]);
        await SendAsync(member, ("item", "restore"));
        (await tills.ReadAsync(request.Id)).Checklist.ShouldBe(new ChecklistAnswers { HasBackup = true, Done = ["restore"] });

        // An old form, as after the back button.
        await status.SubmitAsync(old, ("Act", "checklist"), ("item", "tse"));
        Ticked(status).ShouldBe(["tse"]);
        status.Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nobody_elses_ticks_are_reached()
    {
        var (tills, own) = (await Tills.AddAsync(_portal), await Tills.AddAsync(_portal));
        using var browser = portal.Open();
        var request = await tills.OrderAsync(browser);
        using var stranger = await (await CustomerUser.CreateAsync(_portal, own.CustomerId)).SignInAsync();
        using var kitchen = portal.Open();
        var mine = await own.OrderAsync(kitchen);
        await stranger.GetAsync($"/my/transfers/{mine.Reference}");
        var form = FormOf(stranger);

        // The right form, sent to another's address, and then to its own.
        form.SetAttribute("action", $"/my/transfers/{request.Reference}");
        await stranger.SubmitAsync(form, ("Act", "checklist"), ("item", "tse"));
        stranger.Status.ShouldBe(HttpStatusCode.NotFound);
        form.SetAttribute("action", $"/my/transfers/{mine.Reference}");
        await stranger.SubmitAsync(form, ("Act", "checklist"), ("item", "tse"));
        Ticked(stranger).ShouldBe(["tse"]);

        (await tills.ReadAsync(request.Id)).Checklist.ShouldBeNull();
        (await own.ReadAsync(mine.Id)).Checklist.ShouldBe(new ChecklistAnswers { Done = ["tse"] });
    }

    [Theory]
    [InlineData("de", "In welchem Land steht der PC?")]
    [InlineData("en", "Which country is the PC in?")]
    public async Task An_appointment_asks_for_the_country_and_keeps_the_ticks_beside_the_preparation(string language, string question)
    {
        var sample = await _portal.AddAppointmentAsync();
        using var browser = portal.Open(language);
        await browser.GetAsync(sample.Page);
        browser.Words.ShouldContain(question);
        Listed(browser).ShouldBeEmpty();

        await SendAsync(browser, "prepare", ("Preparation", "Drive"), ("country", "DE"));
        Listed(browser).ShouldBe(["tse"]);
        await SendAsync(browser, "prepare", ("Preparation", "Drive"), ("item", "tse"), ("backup", "no"));
        Ticked(browser).ShouldBe(["tse"]);
        var stored = await sample.ReadAsync();
        stored.Checklist.ShouldBe(new ChecklistAnswers { Country = "DE", HasBackup = false, Done = ["tse"] });
        stored.Preparation.ToString().ShouldBe("Drive");

        // While it takes place, the preparation is over and the list goes on.
        var before = _portal.Clock.Now;
        try
        {
            _portal.Clock.Now = stored.StartsAt.AddMinutes(1);
            await browser.GetAsync(sample.Page);
            browser.Page.QuerySelectorAll("[name=Preparation]").ShouldBeEmpty();
            await SendAsync(browser, "prepare", ("item", "tse"), ("item", "new"));
            Ticked(browser).ShouldBe(["tse", "new"]);
            (await sample.ReadAsync()).Preparation.ToString().ShouldBe("Drive");
        }
        finally
        {
            _portal.Clock.Now = before;
        }
    }

    [Fact]
    public async Task The_country_of_the_license_is_known_by_its_key_alone()
    {
        var license = await _portal.AddLicenseAsync();
        var sample = await _portal.AddAppointmentAsync();
        var customer = (await license.ReadAsync()).CustomerId;
        await using (var db = _portal.Open())
        {
            await db.Customers.Where(c => c.Id == customer).ExecuteUpdateAsync(c => c.SetProperty(x => x.Country, "AT"));
            await db.Appointments.Where(a => a.Id == sample.Id)
                .ExecuteUpdateAsync(a => a.SetProperty(x => x.StatedLicense, license.Number));
        }

        using var browser = portal.Open();
        await browser.GetAsync(sample.Page);
        browser.Page.QuerySelectorAll("main [name=country]").ShouldNotBeEmpty("a number that was stated tells nothing");

        await using (var db = _portal.Open())
        {
            await db.Appointments.Where(a => a.Id == sample.Id).ExecuteUpdateAsync(a => a.SetProperty(x => x.LicenseId, license.Id));
        }

        await browser.GetAsync(sample.Page);
        browser.Page.QuerySelectorAll("main [name=country]").ShouldBeEmpty();
        Listed(browser).ShouldBe(["signature"]);
    }

    private static Task<Browser> SendAsync(Browser browser, params (string Name, string? Value)[] typed) =>
        SendAsync(browser, "checklist", typed);

    private static Task<Browser> SendAsync(Browser browser, string act, params (string Name, string? Value)[] typed) =>
        browser.SubmitAsync(FormOf(browser, act), [("Act", act), .. typed]);

    private static IHtmlFormElement FormOf(Browser browser, string act = "checklist") =>
        browser.Page.QuerySelectorAll("main form").OfType<IHtmlFormElement>()
            .Single(f => f.QuerySelector($"button[value={act}]") is not null);

    private static IEnumerable<string?> Ticked(Browser browser) =>
        browser.Page.QuerySelectorAll("main [name=item][checked]").Select(i => i.GetAttribute("value"));

    private static IEnumerable<string?> Listed(Browser browser) =>
        browser.Page.QuerySelectorAll("main [name=item]").Select(i => i.GetAttribute("value"));
}
