using System.Net;
using AngleSharp.Html.Dom;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>Booking as a browser without scripts does it.</summary>
public class AppointmentPagesTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private readonly PortalFactory _portal = portal.Portal;

    [Theory]
    [InlineData("de", "Ihr Termin ist gebucht", "Termin am 17.11.2026, 14:00 Uhr")]
    [InlineData("en", "Your appointment is booked", "Appointment on 17 Nov 2026, 14:00")]
    public async Task A_time_is_chosen_first_then_who_comes_and_the_mail_follows(string language, string heading, string subject)
    {
        var product = await _portal.AddBookableAsync();
        using var browser = portal.Open(language);
        await browser.GetAsync($"/appointments?product={product.Id}");
        browser.Outcome.ShouldBe("times");
        browser.Words.ShouldContain("Europe/Berlin");
        browser.Page.QuerySelectorAll("[name=Email]").ShouldBeEmpty("times come before personal data");
        Checked(browser).ShouldBe("2026-11-17T13:00Z");

        await browser.GetAsync($"/appointments?product={product.Id}&Slot={Checked(browser)}");
        browser.Outcome.ShouldBe("details");
        browser.Words.ShouldContain("Muster-Warenwirtschaft");
        browser.Page.QuerySelector("a[href='https://muster-software.example/download']").ShouldNotBeNull();
        var email = SampleAppointments.Wish().Email;
        await browser.SubmitAsync(
            ("Name", "Erika Muster"), ("Email", email), ("Phone", "030 0000000"), ("HostVersion", "1.9.4"), ("Wishes", "data"),
            ("Preparation", "Drive"));

        browser.Outcome.ShouldBe("booked");
        browser.Hops.ShouldBe([HttpStatusCode.SeeOther, HttpStatusCode.OK]);
        browser.Heading.ShouldBe(heading);
        Ticked(browser).ShouldBe(["Drive"]);
        var mail = await _portal.MailToAsync(email, "appointment-booked");
        mail.Subject.ShouldBe(subject);
        mail.Text.ShouldNotContain("Erika");
        mail.Text.ShouldNotContain("1.9.4");

        using var opened = portal.Open(language);
        await opened.GetAsync(mail.Link("/appointments/"));
        opened.Outcome.ShouldBe("booked");
    }

    [Theory]
    [InlineData("de", true, "Fiskaleinheit")]
    [InlineData("en", true, "fiscal unit")]
    [InlineData("de", false, "Fiskaleinheit")]
    [InlineData("en", false, "fiscal unit")]
    public async Task Only_who_has_a_fiscal_unit_is_asked_for_a_stick(string language, bool hasUnit, string unit)
    {
        // A list that holds everywhere is no list of a country.
        var product = await _portal.AddBookableAsync(
            checklists: hasUnit ? null : new() { Other = new() { Items = [SampleChecklists.Item("printer")] } });
        using var browser = portal.Open(language);
        await browser.GetAsync($"/appointments?product={product.Id}&slot=2026-11-17T13:00Z");
        Says(browser.Words);
        var email = SampleAppointments.Wish().Email;
        await browser.SubmitAsync([.. Typed(email)]);
        browser.Outcome.ShouldBe("booked");
        Says(browser.Words);
        Says((await _portal.MailToAsync(email, "appointment-booked")).Text);

        void Says(string words) => words.Contains(unit, StringComparison.OrdinalIgnoreCase).ShouldBe(hasUnit, words);
    }

    [Fact]
    public async Task A_time_that_somebody_was_faster_to_take_costs_nothing_that_was_typed()
    {
        var product = await _portal.AddBookableAsync();
        using var slow = portal.Open();
        using var fast = portal.Open();
        foreach (var browser in new[] { slow, fast })
        {
            await browser.GetAsync($"/appointments?product={product.Id}&slot=2026-11-17T13:00Z");
        }

        (await fast.SubmitAsync(Typed())).Outcome.ShouldBe("booked");
        await slow.SubmitAsync([.. Typed("langsam@muster-gastro.example"), ("Preparation", "RemoteSupport")]);

        slow.Outcome.ShouldBe("taken");
        slow.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        slow.Words.ShouldContain("gerade vergeben");
        Checked(slow).ShouldBe("2026-11-17T13:30Z");
        Value(slow, "Email").ShouldBe("langsam@muster-gastro.example");
        Ticked(slow).ShouldBe(["RemoteSupport"]);

        (await slow.SubmitAsync(("Name", "Erika Muster"))).Outcome.ShouldBe("booked");

        await fast.GetAsync($"/appointments?product={product.Id}&slot=2026-11-17T13:30Z");
        fast.Outcome.ShouldBe("taken");
        Checked(fast).ShouldBe("2026-11-17T14:00Z");
    }

    [Fact]
    public async Task What_is_missing_is_said_and_what_was_typed_stays()
    {
        var product = await _portal.AddBookableAsync();
        using var browser = portal.Open();
        await browser.GetAsync($"/appointments?product={product.Id}&slot=2026-11-17T13:00Z");
        await browser.SubmitAsync(("Name", ""), ("Email", "keine Adresse"), ("Phone", new string('0', 121)), ("LicenseNumber", "L-1043"));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.Count.ShouldBe(3);
        Value(browser, "Email").ShouldBe("keine Adresse");
        Value(browser, "LicenseNumber").ShouldBe("L-1043");

        await browser.SubmitAsync([.. Typed(), ("LicenseNumber", "AAAAA-BBBBB")]);
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task It_is_prepared_moved_and_cancelled_by_buttons_and_opening_changes_nothing()
    {
        var sample = await _portal.AddAppointmentAsync();
        using var browser = portal.Open();
        await browser.GetAsync(sample.Page);
        (await sample.ReadAsync()).Sequence.ShouldBe(0);

        await browser.SubmitAsync(("Preparation", "SoftwareInstalled"), ("Act", "prepare"));
        (await sample.ReadAsync()).Preparation.ShouldBe(Preparation.SoftwareInstalled);
        Ticked(browser).ShouldBe(["SoftwareInstalled"]);

        await browser.SubmitAsync(FormWith(browser, "move"), ("Act", "move"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldBe(["Wählen Sie einen neuen Termin"]);

        await browser.SubmitAsync(FormWith(browser, "move"), ("Act", "move"), ("Slot", "2026-11-18T13:00Z"));
        browser.Outcome.ShouldBe("booked");
        browser.Words.ShouldContain("Mittwoch, 18.11.2026, 14:00");

        await browser.SubmitAsync(FormWith(browser, "cancel"), ("Act", "cancel"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await sample.ReadAsync()).State.ShouldBe(AppointmentState.Booked, "the tick is off");

        await browser.SubmitAsync(FormWith(browser, "cancel"), ("Act", "cancel"), ("Confirmed", "yes"));
        browser.Outcome.ShouldBe("cancelled");
        (await sample.ReadAsync()).State.ShouldBe(AppointmentState.Cancelled);
    }

    [Fact]
    public async Task A_move_to_a_time_that_is_taken_offers_the_next_one()
    {
        var sample = await _portal.AddAppointmentAsync();
        using var browser = portal.Open();
        await browser.GetAsync(sample.Page);
        using var other = portal.Open();
        await other.GetAsync($"/appointments?product={sample.Product.Id}&slot=2026-11-17T13:30Z");
        (await other.SubmitAsync(Typed())).Outcome.ShouldBe("booked");

        await browser.SubmitAsync(FormWith(browser, "move"), ("Act", "move"), ("Slot", "2026-11-17T13:30Z"));

        browser.Outcome.ShouldBe("taken");
        Checked(browser).ShouldBe("2026-11-17T14:00Z");
    }

    [Fact]
    public async Task The_next_week_is_one_link_away_and_a_link_of_nobody_is_not_found()
    {
        var product = await _portal.AddBookableAsync();
        using var browser = portal.Open();
        await browser.GetAsync($"/appointments?product={product.Id}");
        var later = browser.Page.QuerySelector("a[rel=next]")!.GetAttribute("href")!;
        await browser.GetAsync(later);
        browser.Words.ShouldContain("Montag, 23.11.2026");
        browser.Page.QuerySelector("a[rel=prev]").ShouldNotBeNull();

        await browser.GetAsync("/appointments/none");
        browser.Status.ShouldBe(HttpStatusCode.NotFound);
        browser.Outcome.ShouldBe("invalid-link");
    }

    private static (string, string?)[] Typed(string? email = null) =>
        [("Name", "Erika Muster"), ("Email", email ?? SampleAppointments.Wish().Email), ("Phone", "030 0000000")];

    private static string? Checked(Browser browser) => browser.Page.QuerySelector("[name=Slot][checked]")?.GetAttribute("value");

    private static string? Value(Browser browser, string name) => browser.Page.QuerySelector($"[name={name}]")?.GetAttribute("value");

    private static IEnumerable<string?> Ticked(Browser browser) =>
        browser.Page.QuerySelectorAll("[name=Preparation][checked]").Select(t => t.GetAttribute("value"));

    private static IHtmlFormElement FormWith(Browser browser, string act) =>
        browser.Page.QuerySelectorAll("main form").OfType<IHtmlFormElement>()
            .Single(f => f.QuerySelector($"button[value={act}]") is not null);
}
