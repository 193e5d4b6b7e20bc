using System.Net;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Customer.Loans;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Loans;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>/loan, as a browser without scripts does it, and the mails up to the end.</summary>
public class LoanPagesTests : IClassFixture<ReleasePortal>
{
    private readonly ReleasePortal _pages;
    private readonly PortalFactory _portal;

    public LoanPagesTests(ReleasePortal portal)
    {
        (_pages, _portal) = (portal, portal.Portal);

        // Another test has let its loan end.
        _portal.Clock.Now = TestClock.Start;
    }

    [Theory]
    [InlineData("de", "Endet", "Die Leihlizenz läuft", "Ihre Leihlizenz bis 30.11.2026")]
    [InlineData("en", "Ends", "The loan license is running", "Your loan license until 30 Nov 2026")]
    public async Task With_the_key_the_page_says_when_it_stops_and_then_lends_at_once(
        string language, string stops, string heading, string subject)
    {
        var license = await _portal.AddLicenseAsync(SampleLoans.AtOnce, loans: SampleLoans.Offered, computers: "KASSE-1");
        var email = SampleAppointments.Wish().Email;
        await license.OfAsync(email, language: language);
        using var browser = _pages.Open(language);
        await browser.GetAsync($"/loan?product={(await license.ReadAsync()).ProductId}");
        browser.Outcome.ShouldBe("loan");
        await browser.SubmitAsync(
            ("LicenseNumber", license.Key), ("HardwareCode", A.Hardware("ERSATZ").ToString()), ("Reason", "Netzteil defekt"),
            ("LastDay", "2026-11-30"));

        browser.Outcome.ShouldBe("check");
        browser.Words.ShouldContain(stops);
        browser.Words.ShouldContain(
            language == "de" ? "Montag, 30.11.2026, 24 Uhr" : "Monday, 30 Nov 2026, at the end of the day (midnight)");
        browser.Words.ShouldContain("Netzteil defekt");
        browser.Path.ShouldNotContain(license.LastFive);
        (await license.ReadAsync()).Activations.Count.ShouldBe(1, "nothing has been sent");

        await browser.SubmitAsync(("Act", "send"));

        browser.Hops.ShouldBe([HttpStatusCode.SeeOther, HttpStatusCode.OK]);
        browser.Outcome.ShouldBe("granted");
        browser.Heading.ShouldBe(heading);
        var lent = (await license.ReadAsync()).ActiveComputers.Single(a => a.EndsAs == EndKind.Loan);
        lent.EndsAt.ShouldBe(new DateTimeOffset(2026, 11, 30, 23, 0, 0, TimeSpan.Zero), "midnight in Berlin");
        (await license.EventsAsync()).Count(e => e.Kind == EventKind.Lent).ShouldBe(1);
        var mail = await _portal.MailToAsync(email, "loan-issued");
        mail.Subject.ShouldBe(subject);
        mail.Text.ShouldNotContain("Netzteil", customMessage: "what was typed stands on pages only");

        using var owner = _pages.Open(language);
        await owner.GetAsync(mail.Link("/object/"));
        await owner.ConfirmAsync();
        owner.Outcome.ShouldBe("objected");
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem().PcName.ShouldBe("KASSE-1");
    }

    [Theory]
    [InlineData("/my/licenses/L-1", "/my/licenses/L-1")]
    [InlineData("/my", "/my")]
    [InlineData("/my?x=1", "/my?x=1")]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("/staff", "/")]
    [InlineData("/mystery", "/")]
    [InlineData("//evil.example/my", "/")]
    [InlineData("/\\evil.example/my", "/")]
    [InlineData("https://evil.example/my", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/my/\r\nx", "/")]
    public async Task Back_leads_to_ones_own_pages_or_to_the_start_and_nowhere_else(string? given, string expected)
    {
        var license = await _portal.AddLicenseAsync(SampleLoans.AtOnce, loans: SampleLoans.Offered, computers: "KASSE-1");
        using var browser = _pages.Open();
        var query = given is null ? "" : "&return=" + Uri.EscapeDataString(given);
        await browser.GetAsync($"/loan?product={(await license.ReadAsync()).ProductId}&license={license.Number}{query}");
        BackOf(browser).ShouldBe(expected);

        await browser.SubmitAsync(("Reason", " "));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        BackOf(browser).ShouldBe(expected, "also when the form comes again");

        await browser.SubmitAsync(
            ("LicenseNumber", license.Key), ("HardwareCode", A.Hardware("ERSATZ").ToString()), ("Reason", "Netzteil defekt"),
            ("LastDay", "2026-11-30"));
        browser.Outcome.ShouldBe("check");
        await browser.GetAsync(BackOf(browser));
        BackOf(browser).ShouldBe(expected, "from the next page and back again");
    }

    private static string BackOf(Browser browser) => browser.Page.QuerySelector("main .back a").ShouldNotBeNull().GetAttribute("href")!;

    [Fact]
    public async Task With_the_number_alone_everybody_is_told_the_same_and_only_the_owner_can_agree()
    {
        var sample = await _portal.AddLoanAsync(byKey: false);
        using var browser = _pages.Open();
        await browser.GetAsync(sample.Page);
        browser.Outcome.ShouldBe("check");
        await browser.SubmitAsync(("Act", "send"));
        browser.Outcome.ShouldBe("noted");
        var told = browser.Words.Replace(sample.License.Number, "L-0", StringComparison.Ordinal);

        using var stranger = _pages.Open();
        await stranger.GetAsync($"/loan?product={(await sample.License.ReadAsync()).ProductId}");
        await stranger.SubmitAsync(
            ("LicenseNumber", "L-999999"), ("HardwareCode", A.Hardware("FREMD").ToString()), ("Reason", "x"), ("LastDay", "2026-11-30"));
        await stranger.SubmitAsync(("Act", "send"));
        stranger.Outcome.ShouldBe("noted");
        stranger.Words.Replace("L-999999", "L-0", StringComparison.Ordinal).ShouldBe(told);

        var mail = await _portal.MailToAsync(sample.Email, "loan-confirm");
        mail.Text.ShouldNotContain("ERSATZ");
        using var owner = _pages.Open();
        var link = mail.Link("/loan/owner/");
        await owner.GetAsync(link);
        owner.Outcome.ShouldBe("check");
        owner.Words.ShouldContain("Netzteil von Kasse 1");
        await owner.SubmitAsync(("Act", "agree"));
        owner.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "the tick is off");
        (await sample.License.ReadAsync()).Activations.Count.ShouldBe(1);

        await owner.ConfirmAsync(("Act", "agree"));

        owner.Outcome.ShouldBe("granted");
        (await _portal.MailsToAsync(sample.Email)).Count(m => m.Kind == "loan-issued").ShouldBe(1);
        await owner.GetAsync(link);
        owner.Outcome.ShouldBe("granted");
        await browser.GetAsync(sample.Page);
        browser.Outcome.ShouldBe("noted", "whoever asked with the number alone hears nothing more");
    }

    [Fact]
    public async Task A_key_that_releases_nothing_by_itself_lends_nothing_by_itself()
    {
        var sample = await _portal.AddLoanAsync(release: new ReleasePolicy { DeadPc = DeadPcRule.PaidTransfer });

        (await sample.SendAsync()).ShouldBe(LoanOutcome.MailSent);
        (await sample.SendAsync()).ShouldBe(LoanOutcome.MailSent);

        (await sample.License.ReadAsync()).Activations.Count.ShouldBe(1);
        (await _portal.MailsToAsync(sample.Email)).Select(m => m.Kind).ShouldBe(["loan-confirm"]);
        _portal.Clock.Advance(TimeSpan.FromHours(25));
        using var owner = _pages.Open();
        await owner.GetAsync((await _portal.MailToAsync(sample.Email, "loan-confirm")).Link("/loan/owner/"));
        owner.Outcome.ShouldBe("expired");
    }

    [Fact]
    public async Task What_is_missing_is_said_and_what_was_typed_stays()
    {
        var license = await _portal.AddLicenseAsync(SampleLoans.AtOnce, loans: SampleLoans.Offered, computers: "KASSE-1");
        using var browser = _pages.Open();
        await browser.GetAsync($"/loan?product={(await license.ReadAsync()).ProductId}");
        await browser.SubmitAsync(("LicenseNumber", ""), ("HardwareCode", "HHHH"), ("Reason", ""), ("LastDay", "2027-12-24"));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.Count.ShouldBe(4);
        browser.ErrorsInSummary.ShouldContain(e => e.StartsWith("Wählen Sie einen Tag von", StringComparison.Ordinal));
        browser.Page.QuerySelector("[name=LastDay]")!.GetAttribute("value").ShouldBe("2027-12-24");
        browser.Page.QuerySelector("[name=HardwareCode]")!.TextContent.ShouldContain("HHHH");
    }

    [Fact]
    public async Task A_free_seat_needs_no_loan_and_a_second_loan_has_to_wait()
    {
        var sample = await _portal.AddLoanAsync();
        (await sample.SendAsync()).ShouldBe(LoanOutcome.Granted);
        var second = await AskAgainAsync(sample);
        await ExpectAsync(second, "not-now");

        var free = await _portal.AddLoanAsync();
        await free.License.ReleaseAsync("KASSE-1", ReleaseMethod.InApp);
        await ExpectAsync(free.Page, "just-activate");

        var suspended = await _portal.AddLoanAsync();
        await suspended.License.SuspendAsync();
        await ExpectAsync(suspended.Page, "ask-support");
    }

    [Fact]
    public async Task The_owner_is_reminded_three_days_before_and_told_of_the_end_once_even_if_the_job_was_killed()
    {
        var sample = await _portal.AddLoanAsync(days: 14);
        await sample.SendAsync();
        var end = (await sample.License.ReadAsync()).ActiveComputers.Single(a => a.EndsAs == EndKind.Loan).EndsAt!.Value;

        await RunAsync(end.AddDays(-3).AddHours(-18));
        (await KindsAsync(sample)).ShouldBe(["loan-issued"]);
        await RunAsync(end.AddDays(-3).AddHours(6));
        await RunAsync(end.AddDays(-2).AddHours(6));
        (await KindsAsync(sample)).ShouldBe(["loan-issued", "loan-ending"]);
        await RunAsync(end.AddHours(6));
        await RunAsync(end.AddHours(7));
        (await KindsAsync(sample)).ShouldBe(["loan-issued", "loan-ending", "loan-ended"]);
        (await sample.License.EventsAsync()).Count(e => e.Kind == EventKind.RanOut).ShouldBe(1);

        // From the last mail on it becomes a transfer in which everything stands already.
        using var owner = _pages.Open();
        await owner.GetAsync((await _portal.MailToAsync(sample.Email, "loan-ended")).Link("/loan/owner/"));
        owner.Outcome.ShouldBe("ended");
        await owner.ConfirmAsync(("Act", "transfer"));
        owner.Path.ShouldStartWith("/transfer/");
        owner.Path.ShouldEndWith("/remedy");
        await using var db = _portal.Open();
        var draft = (await db.Transfers.AsNoTracking().OrderByDescending(t => t.CreatedAt).FirstAsync()).Draft;
        (draft.LicenseId, draft.Items.Single().HardwareCode).ShouldBe((sample.License.Id, A.Hardware("ERSATZ").ToString()));
    }

    [Theory]
    [InlineData("DE", "2027-03-27", "2027-03-27T23:00Z", "the clocks go forward an hour later")]
    [InlineData("DE", "2027-03-28", "2027-03-28T22:00Z", "the day has 23 hours")]
    [InlineData("DE", "2026-10-25", "2026-10-25T23:00Z", "the day has 25 hours")]
    [InlineData("GB", "2026-12-18", "2026-12-19T00:00Z", "where the customer is")]
    [InlineData("FI", "2028-02-29", "2028-02-29T22:00Z", "and on 29 February")]
    [InlineData("US", "2026-12-18", "2026-12-18T23:00Z", "the vendor's zone where a country has several")]
    public void It_ends_at_midnight_where_the_customer_is(string country, string day, string end, string why)
    {
        var times = _portal.Services.GetRequiredService<LocalTimes>();
        var customer = new Customer { Number = "C-1", Company = "Muster GmbH", Email = "a@muster.example", Country = country };
        var lastDay = DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

        var at = times.EndOf(lastDay, customer);

        at.ShouldBe(DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture), why);
        times.LastDayOf(at, customer).ShouldBe(lastDay);
    }

    [Theory]
    [InlineData("de", "Der Platz ist frei, der alte PC läuft noch weiter", "Ihr alter PC läuft nur noch bis 23.11.2026")]
    [InlineData("en", "The seat is free, and the old PC keeps working", "Your old PC works only until 23 Nov 2026")]
    public async Task An_old_pc_goes_on_after_a_release_and_ends_by_itself(string language, string heading, string subject)
    {
        var license = await _portal.AddLicenseAsync(SampleLoans.AtOnce, loans: SampleLoans.Offered, computers: "KASSE-ALT");
        var email = SampleAppointments.Wish().Email;
        await license.OfAsync(email, language: language);
        using var browser = _pages.Open(language);
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", license.Key));
        browser.Outcome.ShouldBe("confirm");
        using var otherTab = _pages.Open(language);
        await otherTab.GetAsync("/release");
        await otherTab.SubmitAsync(("ActivationKey", license.Key));
        await browser.SubmitAsync(("GoesOn", "yes"));

        browser.Outcome.ShouldBe("released");
        browser.Heading.ShouldBe(heading);
        await otherTab.SubmitAsync(("GoesOn", "yes"));
        otherTab.Outcome.ShouldBe("already-released", "the same again does not end it sooner");
        var old = (await license.ReadAsync()).ActiveComputers.Single();
        old.EndsAs.ShouldBe(EndKind.Overlap);
        await license.ActivateAsync("KASSE-NEU");
        (await KindsAsync(email)).ShouldBe(["overlap-begun"]);

        await RunAsync(old.EndsAt!.Value.AddDays(-2).AddHours(6));
        await RunAsync(old.EndsAt.Value.AddHours(6));

        (await KindsAsync(email)).ShouldBe(["overlap-begun", "overlap-ending"]);
        (await _portal.MailToAsync(email, "overlap-ending")).Subject.ShouldBe(subject);
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem().PcName.ShouldBe("KASSE-NEU");
    }

    [Fact]
    public async Task A_license_whose_end_fails_does_not_hold_up_the_others_and_is_tried_again()
    {
        var broken = await _portal.AddLoanAsync(days: 14);
        var next = await _portal.AddLoanAsync(days: 14);
        foreach (var sample in new[] { broken, next })
        {
            await sample.SendAsync();
        }

        var lent = (await broken.License.ReadAsync()).ActiveComputers.Single(a => a.EndsAs == EndKind.Loan);
        await using (var db = _portal.Open())
        {
            // Its mail was enqueued before, by whatever fault: the unique index refuses a second one.
            await db.Database.ExecuteSqlAsync(
                $"""
                 INSERT INTO outbox SELECT (jsonb_populate_record(o, jsonb_build_object(
                     'id', gen_random_uuid(), 'kind', 'loan-ended', 'business_key', {lent.Handle + "/" + lent.Generation}))).*
                 FROM outbox o LIMIT 1
                 """);
        }

        var failed = await Should.ThrowAsync<AggregateException>(() => RunAsync(lent.EndsAt!.Value.AddHours(6)));

        failed.InnerExceptions.ShouldHaveSingleItem().Message.ShouldContain(broken.License.Id.ToString());
        (await KindsAsync(next)).ShouldContain("loan-ended");
        (await broken.License.ReadAsync()).ActiveComputers.Count().ShouldBe(2);
        await using (var db = _portal.Open())
        {
            await db.Database.ExecuteSqlAsync(
                $"DELETE FROM outbox WHERE kind = 'loan-ended' AND business_key = {lent.Handle + "/" + lent.Generation}");
        }

        await RunAsync(lent.EndsAt!.Value.AddHours(7));
        (await KindsAsync(broken)).ShouldContain("loan-ended");
        (await KindsAsync(next)).Count(kind => kind == "loan-ended").ShouldBe(1);
    }

    [Fact]
    public async Task Of_fifty_at_once_one_gets_the_loan()
    {
        var sample = await _portal.AddLoanAsync();
        var tokens = new List<string> { sample.Token };
        for (var i = 0; i < 9; i++)
        {
            tokens.Add((await AskAgainAsync(sample))[6..]);
        }

        var send = _portal.Services.GetRequiredService<SendLoan>();
        var answers = await Task.WhenAll(tokens.SelectMany(t => Enumerable.Repeat(t, 5)).Select(token => send.ExecuteAsync(
            token, null, SampleAppointments.Somebody(), null, _portal.Clock.Now, default)));

        answers.Select(a => a!.Outcome).Distinct().ShouldBe([LoanOutcome.Granted, LoanOutcome.NotNow], ignoreOrder: true);
        (await sample.License.ReadAsync()).ActiveComputers.Count(a => a.EndsAs == EndKind.Loan).ShouldBe(1);
        (await sample.License.EventsAsync()).Count(e => e.Kind == EventKind.Lent).ShouldBe(1);
    }

    private async Task<string> AskAgainAsync(SampleLoan sample)
    {
        var begun = await _portal.Services.GetRequiredService<BeginLoan>().ExecuteAsync(
            (await sample.License.ReadAsync()).ProductId, sample.License.Key, new Computer(A.Hardware("ZWEITER"), "ZWEITER", null), "x",
            (await sample.ReadAsync()).LastDay, SampleAppointments.Somebody(), null, _portal.Clock.Now, default);
        return $"/loan/{begun.Token}";
    }

    private async Task ExpectAsync(string page, string outcome)
    {
        using var browser = _pages.Open();
        await browser.GetAsync(page);
        browser.Outcome.ShouldBe(outcome);
    }

    private async Task RunAsync(DateTimeOffset now)
    {
        _portal.Clock.Now = now;
        await _portal.Services.GetRequiredService<EndComputers>().RunAsync(now, default);
    }

    private Task<IEnumerable<string>> KindsAsync(SampleLoan sample) => KindsAsync(sample.Email);

    private async Task<IEnumerable<string>> KindsAsync(string email) => (await _portal.MailsToAsync(email)).Select(m => m.Kind);
}
