using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>/flag/{link}: the customer says why a released computer was used again, and bridges a lock by the emergency code.</summary>
public class FlagCaseTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private static readonly FlagPolicy Staged = new() { HoursBetweenStages = 1 };

    private PortalFactory Portal => portal.Portal;

    [Theory]
    [InlineData("de", "Dieser PC wurde nach der Freigabe noch benutzt", "Auf dem PC KASSE-ALT wurde die Software am",
        "jetzt auf dem PC KASSE-NEU ist", "Es ist nichts gesperrt", "Ihre Antwort ist da", "Der alte PC ist repariert")]
    [InlineData("en", "This PC was still used after its release", "PC KASSE-ALT used the software on", "is now on PC KASSE-NEU",
        "Nothing is locked", "We have your answer", "The old PC was repaired")]
    public async Task An_answer_is_kept_told_and_can_be_added_to(
        string language, string heading, string seen, string beside, string stage, string answered, string reason)
    {
        var (license, number, link) = await SightedAsync();
        using var browser = portal.Open(language);
        await browser.GetAsync(link);
        browser.Heading.ShouldBe(heading);
        browser.Outcome.ShouldBe("ready");
        browser.Words.ShouldContain(seen);
        browser.Words.ShouldContain(beside);
        browser.Words.ShouldContain(stage);
        browser.Words.ShouldNotContain("illegal", Case.Insensitive);
        browser.Words.ShouldNotContain("Muster Gastro");
        browser.Page.QuerySelectorAll("input[name=Explanation]").Select(r => r.GetAttribute("value"))
            .ShouldBe(["old-pc-back", "restored-image", "only-booted", "bought-second", "other"]);
        browser.Page.QuerySelectorAll("main form").Length.ShouldBe(1, "nothing is locked, so there is no emergency");

        await browser.SubmitAsync(("Explanation", "old-pc-back"), ("Message", "  Er steht wieder\r\nan der Kasse. "), ("Act", "answer"));

        browser.Hops.ShouldBe([HttpStatusCode.SeeOther, HttpStatusCode.OK]);
        browser.Outcome.ShouldBe("answered");
        browser.Heading.ShouldBe(answered);
        browser.Page.QuerySelector(".timeline")!.TextContent.ShouldContain(reason);
        browser.Page.QuerySelector(".timeline")!.TextContent.ShouldContain("an der Kasse.");
        var page = browser.Words;
        await browser.SubmitAsync(("Explanation", "old-pc-back"), ("Message", "Er steht wieder\nan der Kasse."), ("Act", "answer"));
        browser.Words.ShouldBe(page, "the same again adds nothing");
        await browser.SubmitAsync(("Explanation", "bought-second"), ("Act", "answer"));
        browser.Page.QuerySelectorAll(".timeline li").Length.ShouldBe(2);

        // Either the error or the answer, never both.
        await browser.SubmitAsync(("Explanation", ""), ("Message", "Noch etwas"), ("Act", "answer"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldHaveSingleItem();
        browser.Outcome.ShouldNotBe("answered");
        browser.Words.ShouldNotContain(answered);
        browser.Heading.ShouldBe(heading);
        browser.Page.QuerySelector("textarea")!.TextContent.ShouldBe("Noch etwas");

        var flag = await ReadAsync(number);
        flag.State.ShouldBe(FlagState.Open);
        flag.Messages.OrderBy(m => m.Id).Select(m => (m.Explanation, m.Text)).ShouldBe(
            [(FlagExplanation.OldPcBack, "Er steht wieder\nan der Kasse."), (FlagExplanation.BoughtSecond, null)]);
        await using var db = Portal.Open();
        var events = await db.Events.Include(e => e.Detail).Where(e => e.Stream == license.Id && e.Kind == EventKind.FlagAnswered)
            .OrderBy(e => e.Seq).ToListAsync();
        events.Select(e => e.Detail!.Text).ShouldBe(["Er steht wieder\nan der Kasse.", null]);
        events[0].Data.ShouldNotContain("Kasse");
        EventLog.Read(events[0].Data).ShouldBe(new EventData { Case = number, Method = "OldPcBack", Before = "Open", After = "Open" });
        var mails = await MailsAsync(number);
        mails.Count(m => m.Kind == "flag-answered" && m.ToAddress == SampleLicense.Owner).ShouldBe(2);
        mails.Count(m => m.Kind == "staff-flag-answered").ShouldBe(2);
        mails.ShouldAllBe(m => !m.CopyText!.Contains("an der Kasse"));
    }

    [Theory]
    [InlineData("de", "Wählen Sie aus, was passiert ist", "Schreiben Sie kurz, was passiert ist",
        "Dieser Text hat 2001 Zeichen. Kürzen Sie ihn auf höchstens 2000")]
    [InlineData("en", "Choose what happened", "Tell us briefly what happened", "This text has 2001 characters. Shorten it to at most 2000")]
    public async Task What_cannot_be_taken_comes_back_as_typed(string language, string choose, string write, string shorten)
    {
        var (_, number, link) = await SightedAsync();
        using var browser = portal.Open(language);
        await browser.GetAsync(link);
        foreach (var reason in new[] { null, "", "something" })
        {
            await browser.SubmitAsync(("Explanation", reason), ("Message", "Der alte"), ("Act", "answer"));
            browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            browser.ErrorsInSummary.ShouldBe([choose]);
            browser.Page.QuerySelector<IHtmlTextAreaElement>("#Message")!.Value.ShouldBe("Der alte");
        }

        await browser.SubmitAsync(("Explanation", "other"), ("Message", " \n "), ("Act", "answer"));
        browser.ErrorsInSummary.ShouldBe([write]);
        browser.Page.QuerySelector("input[name=Explanation][checked]")!.GetAttribute("value").ShouldBe("other");
        await browser.SubmitAsync(("Explanation", "other"), ("Message", new string('x', 2001)), ("Act", "answer"));
        browser.ErrorsInSummary.ShouldBe([shorten]);
        browser.Page.QuerySelector<IHtmlTextAreaElement>("#Message")!.Value.Length.ShouldBe(2001);
        (await ReadAsync(number)).Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_form_that_outlived_its_token_comes_back_as_typed()
    {
        var (_, number, link) = await SightedAsync();
        using var browser = portal.Open();
        using var request = new HttpRequestMessage(HttpMethod.Post, link)
        {
            Content = new FormUrlEncodedContent(
                [new("_handler", "page"), new("Explanation", "only-booted"), new("Message", "Nur die Daten"), new("Act", "answer")]),
        };
        using var answer = await browser.SendAsync(request);
        await browser.ShowAsync(answer, link);

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Page.QuerySelector<IHtmlTextAreaElement>("#Message")!.Value.ShouldBe("Nur die Daten");
        browser.Page.QuerySelector("input[name=Explanation][checked]")!.GetAttribute("value").ShouldBe("only-booted");
        (await ReadAsync(number)).Messages.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("de", "Dieser Link ist abgelaufen")]
    [InlineData("en", "This link has expired")]
    public async Task After_90_days_the_link_names_whom_to_ask(string language, string heading)
    {
        var (license, number, _) = await SightedAsync();
        var flag = await ReadAsync(number);
        var link = "/flag/" + await license.LinkAsync(LinkPurpose.Flag, flag.Id);
        using var browser = portal.Open(language);
        await browser.GetAsync(link);
        browser.Outcome.ShouldBe("ready");
        await using (var db = Portal.Open())
        {
            (await db.Set<MailLink>().Where(l => l.RecordId == flag.Id).MaxAsync(l => l.ExpiresAt)).ShouldBe(Portal.Clock.Now.AddDays(90));
            await SecretLinks.ExpireAsync(db, LinkPurpose.Flag, flag.Id, Portal.Clock.Now);
        }

        await browser.SubmitAsync(("Explanation", "old-pc-back"), ("Act", "answer"));

        browser.Outcome.ShouldBe("expired");
        browser.Heading.ShouldBe(heading);
        browser.Words.ShouldContain(number);
        browser.Words.ShouldContain("+49 30 0000000");
        (await ReadAsync(number)).Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_link_that_is_none_or_of_another_purpose_is_not_found()
    {
        var (license, number, link) = await SightedAsync();
        var flag = await ReadAsync(number);
        using var browser = portal.Open();
        foreach (var other in new[] { "/flag/nothing", $"/flag/{await license.LinkAsync(LinkPurpose.Objection, flag.Id)}",
            link[..^1] + (link[^1] == 'A' ? 'B' : 'A') })
        {
            await browser.GetAsync(other);
            browser.Status.ShouldBe(HttpStatusCode.NotFound);
            browser.Outcome.ShouldBe("invalid-link");
        }

        await browser.GetAsync("/object/" + link["/flag/".Length..]);
        browser.Outcome.ShouldBe("invalid-link");
    }

    [Theory]
    [InlineData("de", "ist seit", "wieder frei", "Auf dem alten PC (PC KASSE-ALT) bleibt die Software gesperrt")]
    [InlineData("en", "was unlocked on", "runs again", "The software stays locked on the old PC (PC KASSE-ALT)")]
    public async Task A_resolved_case_says_since_when_and_takes_nothing_more(string language, string first, string second, string old)
    {
        var (license, number, link) = await LockedAsync();
        using var browser = portal.Open(language);
        await browser.GetAsync(link);
        await license.ActAsync((l, _) => Task.FromResult(l.Unlock(l.OpenFlag(FlagKind.Sighting)!, Portal.Clock.Now).ShouldSucceed()));

        await browser.SubmitAsync(("Explanation", "old-pc-back"), ("Act", "answer"));

        browser.Outcome.ShouldBe("resolved");
        browser.Words.ShouldContain(first);
        browser.Words.ShouldContain(second);
        browser.Words.ShouldContain(license.Number);
        browser.Words.ShouldContain(old);
        browser.Page.QuerySelectorAll("main form").ShouldBeEmpty();
        (await ReadAsync(number)).Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_case_that_locked_nothing_is_closed_without_talk_of_a_lock()
    {
        var (license, _, link) = await SightedAsync();
        await license.ActAsync((l, _) => Task.FromResult(l.Unlock(l.OpenFlag(FlagKind.Sighting)!, Portal.Clock.Now).ShouldSucceed()));
        using var browser = portal.Open();
        await browser.GetAsync(link);

        browser.Outcome.ShouldBe("resolved");
        browser.Words.ShouldContain("Wir haben ihn am");
        browser.Words.ShouldNotContain("wieder frei");
    }

    [Fact]
    public async Task A_question_of_staff_stands_above_the_form_until_it_is_answered()
    {
        var (license, number, link) = await SightedAsync();
        using var browser = portal.Open();
        await browser.GetAsync(link);
        await browser.SubmitAsync(("Explanation", "only-booted"), ("Act", "answer"));
        await license.ActAsync(async (l, db) =>
        {
            var flag = l.OpenFlag(FlagKind.Sighting)!;
            await db.Entry(flag).Collection(f => f.Messages).LoadAsync();
            return flag.Ask("Wo steht der PC <b>jetzt</b>?", Portal.Clock.Now).ShouldSucceed();
        });

        await browser.GetAsync(link);
        browser.Outcome.ShouldBe("question");
        browser.Page.QuerySelector("blockquote")!.TextContent.ShouldBe("Wo steht der PC <b>jetzt</b>?");
        await browser.SubmitAsync(("Explanation", "other"), ("Message", "Im Lager"), ("Act", "answer"));

        browser.Outcome.ShouldBe("answered");
        var after = await ReadAsync(number);
        after.State.ShouldBe(FlagState.Open);
        after.Messages.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("de", "Müssen Sie gleich weiterarbeiten?", "Er gilt für den PC KASSE-NEU bis",
        "Der Notfallcode dieses Jahres ist verbraucht. Den nächsten gibt es ab dem 01.01.")]
    [InlineData("en", "Need to keep working now?", "It is valid for PC KASSE-NEU until",
        "This year’s emergency code has been used. The next one is available from 1 Jan ")]
    public async Task The_emergency_code_of_a_locked_license_is_shown_as_long_as_it_runs(
        string language, string heading, string valid, string used)
    {
        var (license, number, link) = await LockedAsync();
        var fetchedAt = Portal.Clock.Now;
        using var browser = portal.Open(language);
        await browser.GetAsync(link);
        browser.Words.ShouldContain(heading);
        browser.Page.QuerySelector("#emergency-code").ShouldBeNull();

        await FetchAsync(browser);

        browser.Hops[0].ShouldBe(HttpStatusCode.SeeOther);
        var code = await license.EmergencyCodeAsync("KASSE-NEU");
        browser.Page.QuerySelector("#emergency-code")!.TextContent.ShouldBe(code);
        browser.Page.QuerySelector("[data-outcome=emergency-code]").ShouldNotBeNull();
        browser.Words.ShouldContain(valid);
        using var later = portal.Open(language);
        Portal.Clock.Advance(TimeSpan.FromHours(71));
        await later.GetAsync(link);
        later.Page.QuerySelector("#emergency-code")!.TextContent.ShouldBe(code);
        Portal.Clock.Advance(TimeSpan.FromHours(1));
        await later.GetAsync(link);
        later.Page.QuerySelector("#emergency-code").ShouldBeNull();
        later.Words.ShouldContain(used);
        later.Page.QuerySelectorAll("main form").Length.ShouldBe(1);

        // Who still has the page open gets none either.
        await browser.GetAsync(link);
        await browser.SubmitAsync(("Act", "emergency"), ("Confirmed", "yes"));
        browser.Words.ShouldContain(used);
        var told = (await license.EventsAsync()).Where(e => e.Kind == EventKind.EmergencyCodeGranted).ShouldHaveSingleItem();
        EventLog.Read(told.Data).Until.ShouldBe(fetchedAt.AddHours(72));
        told.Data.ShouldNotContain(code);
        var mail = (await MailsAsync(number)).Where(m => m.Kind == "emergency-code").ShouldHaveSingleItem();
        mail.ToAddress.ShouldBe(SampleLicense.Owner);
        mail.CopyText!.ShouldNotContain(code);
    }

    [Fact]
    public async Task Twenty_at_once_get_one_code()
    {
        var (license, number, link) = await LockedAsync();
        using var browser = portal.Open();
        await browser.GetAsync(link);
        var answers =
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => browser.PostAsync(null, ("Act", "emergency"), ("Confirmed", "yes"))));

        answers.Select(a => a.StatusCode).Distinct().ShouldBe([HttpStatusCode.SeeOther]);
        await using var db = Portal.Open();
        (await db.Set<EmergencyGrant>().CountAsync(g => g.LicenseId == license.Id)).ShouldBe(1);
        (await license.EventsAsync()).Count(e => e.Kind == EventKind.EmergencyCodeGranted).ShouldBe(1);
        (await MailsAsync(number)).Count(m => m.Kind == "emergency-code").ShouldBe(1);
        await browser.GetAsync(link);
        browser.Page.QuerySelector("#emergency-code")!.TextContent.ShouldBe(await license.EmergencyCodeAsync("KASSE-NEU"));
    }

    [Theory]
    [InlineData("de", "Wählen Sie den PC aus, auf dem die Software weiterlaufen soll")]
    [InlineData("en", "Choose the PC on which the software should keep running")]
    public async Task Of_several_computers_one_is_chosen(string language, string choose)
    {
        var (license, _, link) = await LockedAsync(seats: 2, computers: ["KASSE-ALT", "BÜRO-PC"]);
        using var browser = portal.Open(language);
        await browser.GetAsync(link);
        foreach (
            var wrong in new[] { null, "x", (await license.ReadAsync()).Activations.Single(a => a.PcName == "KASSE-ALT").Id.ToString() })
        {
            await FetchAsync(browser, wrong);
            browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            browser.ErrorsInSummary.ShouldBe([choose]);
        }

        await FetchAsync(browser, (await license.ReadAsync()).ActiveComputers.Single(a => a.PcName == "BÜRO-PC").Id.ToString());

        browser.Page.QuerySelector("#emergency-code")!.TextContent.ShouldBe(await license.EmergencyCodeAsync("BÜRO-PC"));
        browser.Words.ShouldContain("PC BÜRO-PC");
    }

    [Fact]
    public async Task Where_the_policy_grants_none_there_is_no_button_and_no_code()
    {
        foreach (var policy in new[] { new FlagPolicy { Rule = FlagRule.Strict }, Staged with { EmergencyCode = false } })
        {
            var (license, _, link) = await LockedAsync(policy);
            using var browser = portal.Open();
            await browser.GetAsync(link);
            browser.Words.ShouldContain("Bis wir die Lizenz entsperren");
            browser.Page.QuerySelectorAll("main form").Length.ShouldBe(1);

            await browser.SubmitAsync(("Act", "emergency"), ("Confirmed", "yes"));

            browser.Outcome.ShouldBe("ready");
            browser.Page.QuerySelector("#emergency-code").ShouldBeNull();
            (await license.ReadAsync()).EmergencyGrants.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task The_database_keeps_a_second_code_of_a_year_out()
    {
        var (license, _, _) = await LockedAsync();
        var activation = (await license.ReadAsync()).ActiveComputers.Single().Id;
        await using var db = Portal.Open();
        for (var n = 0; n < 2; n++)
        {
            db.Add(new EmergencyGrant
            {
                LicenseId = license.Id,
                ActivationId = activation,
                Year = 2026,
                GrantedAt = Portal.Clock.Now,
                ValidUntil = Portal.Clock.Now.AddHours(n)
            });
        }

        (await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync())).InnerException!.Message.ShouldContain(
            "ix_emergency_grant_license_id_year");
    }

    private static Task<Browser> FetchAsync(Browser browser, string? computer = null) =>
        browser.SubmitAsync(browser.Page.QuerySelectorAll("main form").OfType<IHtmlFormElement>().Last(), ("Act", "emergency"),
            ("Confirmed", "yes"), ("Activation", computer));

    private async Task<(SampleLicense License, string Case, string Link)> SightedAsync(
        FlagPolicy? policy = null, int seats = 1, params string[] computers)
    {
        var license =
            await Portal.AddLicenseAsync(flag: policy ?? Staged, seats: seats, computers: computers is [] ? ["KASSE-ALT"] : computers);
        await license.ReleaseAsync("KASSE-ALT");
        await license.ActivateAsync("KASSE-NEU");
        Portal.Clock.Advance(TimeSpan.FromMinutes(5));
        var number = await license.SightAsync("KASSE-ALT");
        return (license, number, "/flag/" + await license.LinkAsync(LinkPurpose.Flag, (await ReadAsync(number)).Id));
    }

    private async Task<(SampleLicense License, string Case, string Link)> LockedAsync(
        FlagPolicy? policy = null, int seats = 1, params string[] computers)
    {
        var (license, number, link) = await SightedAsync(policy, seats, computers);
        for (var stage = 0; stage < 2; stage++)
        {
            Portal.Clock.Advance(TimeSpan.FromHours(1));
            await license.SightAsync("KASSE-ALT");
        }

        (await license.ReadAsync()).State.ShouldBe(LicenseState.Locked);
        return (license, number, link);
    }

    private async Task<Flag> ReadAsync(string number)
    {
        await using var db = Portal.Open();
        return await db.Flags.AsNoTracking().Include(f => f.Messages).SingleAsync(f => f.Number == number);
    }

    private async Task<IReadOnlyList<OutboxMessage>> MailsAsync(string number)
    {
        await using var db = Portal.Open();
        return await db.Set<OutboxMessage>().AsNoTracking().Where(m => m.Reference == number).ToListAsync();
    }
}
