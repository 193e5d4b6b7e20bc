using System.Globalization;
using System.Net;
using System.Resources;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Transfers;
using SelfHelpPortal.Tests.Licensing.Files;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>/transfer: from the first question to the order, whatever is typed on the way.</summary>
public class TransferTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private TestClock Clock => portal.Portal.Clock;

    [Theory]
    [InlineData("de", "Läuft der alte PC noch?", "83,30 €", "70,00 € + 13,30 € USt (19 %)", "Übrig bleibt {0}. Ist das die defekte?",
        "Zahlungspflichtig bestellen: 83,30 €", "Bitte bestätigen Sie über Ihre E-Mail")]
    [InlineData("en", "Does the old PC still run?", "EUR 83.30", "EUR 70.00 + EUR 13.30 VAT (19%)", "{0} is left. Is that the dead one?",
        "Order and pay: EUR 83.30", "Confirm by e-mail")]
    public async Task Of_three_tills_the_dead_one_is_found_and_ordered(
        string language, string first, string gross, string parts, string left, string button, string asked)
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = portal.Open(language);
        await browser.GetAsync($"/transfer?product={tills.ProductId}");
        browser.Heading.ShouldBe(first);
        await browser.SubmitAsync(("StillRuns", "no"));
        browser.Page.QuerySelectorAll(".card-price").Select(Browser.Text).ShouldContain(gross.Replace('\u00A0', ' '));
        browser.Words.ShouldContain(parts);
        await browser.SubmitAsync(("Remedy", "fee"));
        TotalShouldBe(browser, gross);
        await browser.SubmitAsync(("HardwareCode", Tills.Code("KASSE-NEU").ToLowerInvariant()), ("Act", "next"));
        TotalShouldBe(browser, gross);
        await browser.GetAsync(browser.Page.QuerySelector("main a.button")!.GetAttribute("href")!);
        await browser.SubmitAsync(("LicenseNumber", ""), ("Act", "next"));
        browser.Path.ShouldEndWith("/tills");
        await browser.SubmitAsync(
            ("WorkingPcs[0].Name", "Kasse 1"), ("WorkingPcs[0].HardwareCode", Tills.Code("KASSE-1")), ("Act", "add"));
        await browser.SubmitAsync(
            ("WorkingPcs[1].Name", "Kasse 3"), ("WorkingPcs[1].HardwareCode", A.Hardware("KASSE-3", changed: 2).ToString()),
            ("Act", "check"));

        browser.Outcome.ShouldBe("identified");
        browser.Words.ShouldContain($"Kasse 1 = {(language == "de" ? "Lizenz" : "license")} {tills.Numbers[0]}");
        browser.Words.ShouldContain($"Kasse 3 = {(language == "de" ? "Lizenz" : "license")} {tills.Numbers[2]}");
        browser.Words.ShouldContain(string.Format(System.Globalization.CultureInfo.InvariantCulture, left, tills.Numbers[1]));
        TotalShouldBe(browser, gross);
        await browser.SubmitAsync(("Act", "yes"));
        TotalShouldBe(browser, gross);
        await browser.SubmitAsync(Tills.Contact());
        TotalShouldBe(browser, gross);
        browser.Words.ShouldContain(tills.Numbers[1]);
        browser.Words.ShouldContain("kasse@muster-gastro.example");
        Browser.Text(browser.Page.QuerySelector("main form button")!).ShouldBe(button);
        await browser.SubmitAsync(("Accept", "yes"));

        browser.Outcome.ShouldBe("confirm-by-mail");
        browser.Heading.ShouldBe(asked);
        browser.Words.ShouldContain("in•••@mu•••.example");
        browser.Words.ShouldNotContain(tills.Owner);
        var request = await tills.RequestAsync(browser);
        request.State.ShouldBe(TransferState.AwaitingConfirmation);
        request.CustomerId.ShouldBe(tills.CustomerId);
        request.Language.ShouldBe(language);
        request.Price!.GrossCents.ShouldBe(83_30);
        request.Items.ShouldHaveSingleItem().IdentifiedBy.ShouldBe(TransferIdentification.Elimination);
        (await tills.MailsAsync(request.Reference!)).Select(m => (m.Kind, m.ToAddress)).ShouldBe(
            [("transfer-confirm", tills.Owner), ("transfer-received", "kasse@muster-gastro.example")], ignoreOrder: true);

        // The page can be opened again, and so can every page before it: nothing is repeated.
        var here = browser.Path;
        foreach (var page in new[] { here, here + "/check", here + "/remedy", here + "/tills" })
        {
            await browser.GetAsync(page);
            browser.Outcome.ShouldBe("confirm-by-mail");
        }
    }

    [Theory]
    [InlineData("yes-online", "use-release")]
    [InlineData("yes-offline", "use-release")]
    [InlineData("repair", "loan")]
    [InlineData("parts", "hardware")]
    public async Task Who_needs_no_transfer_is_told_the_free_way(string answer, string outcome)
    {
        var tills = await Tills.AddAsync(portal.Portal);
        var before = await CountAsync();
        using var browser = portal.Open();
        await browser.GetAsync($"/transfer?product={tills.ProductId}");
        await browser.SubmitAsync(("StillRuns", answer));

        browser.Status.ShouldBe(HttpStatusCode.OK);
        browser.Outcome.ShouldBe(outcome);
        browser.Words.ShouldContain("+49 30 0000000");
        browser.Page.QuerySelector("[data-outcome=book]").ShouldSatisfyAllConditions(b => (b is not null).ShouldBe(answer == "yes-online"));
        (await CountAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task An_answer_is_asked_for()
    {
        await Tills.AddAsync(portal.Portal);
        using var browser = portal.Open();
        await browser.GetAsync("/transfer");
        await browser.SubmitAsync();

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldBe(["Wählen Sie aus, ob der alte PC noch läuft"]);
    }

    [Fact]
    public async Task The_products_are_there_also_when_they_have_to_be_read_first()
    {
        await Tills.AddAsync(portal.Portal);
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = portal.Open();
        await browser.GetAsync("/transfer");
        await browser.SubmitAsync(("StillRuns", "no"));
        browser.Path.ShouldEndWith("/product");
        foreach (
            var send in new Func<Task>[] { () => browser.GetAsync(browser.Path), () => browser.SubmitAsync(("Product", tills.ProductId)) })
        {
            portal.Portal.Services.GetRequiredService<ProductCatalog>().Forget();
            await send();
            browser.Status.ShouldBe(HttpStatusCode.OK);
        }

        browser.Path.ShouldEndWith("/remedy");
    }

    [Fact]
    public async Task A_code_in_the_address_fills_the_field_and_is_stored_by_the_button_only()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        var before = await CountAsync();
        using var browser = portal.Open();
        await browser.GetAsync($"/transfer?product={tills.ProductId}&hw={Tills.Code("KASSE-NEU")}");
        browser.Answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        (await CountAsync()).ShouldBe(before);

        await browser.SubmitAsync(("StillRuns", "no"));
        await browser.SubmitAsync(("Remedy", "fee"));
        browser.Page.QuerySelector<IHtmlTextAreaElement>("#HardwareCode")!.Value.ShouldBe(Tills.Code("KASSE-NEU"));
    }

    [Theory]
    [InlineData("", "Geben Sie den Hardwarecode des neuen PCs ein, oder wählen Sie die Datei aus")]
    [InlineData("H1011-2BATA", "Der Hardwarecode hat 35 Zeichen, Ihrer hat 10. Fehlt am Ende etwas?")]
    [InlineData("KBHPE-5N400-BAQPQ-AAQSQ-PP7FH",
        "Das ist ein Aktivierungsschlüssel. Mit ihm geben Sie unter /release eine Lizenz frei"
            + ". Hier brauchen wir den Hardwarecode, er beginnt mit H")]
    [InlineData("-----BEGIN LSHP REQUEST-----\n{}\n-----END LSHP REQUEST-----", "Das ist keine Lizenzinfo-Datei (.lshreq)")]
    public async Task A_code_that_cannot_be_read_is_named_and_kept(string typed, string words)
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.BeginAsync(portal.Open());
        await browser.SubmitAsync(("Remedy", "fee"));
        await browser.SubmitAsync(("HardwareCode", typed), ("Act", "next"));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldBe([words]);
        browser.Page.QuerySelector<IHtmlTextAreaElement>("#HardwareCode")!.Value.ReplaceLineEndings("\n").ShouldBe(typed);
    }

    [Fact]
    public async Task A_mistyped_group_is_marked()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.BeginAsync(portal.Open("en"));
        await browser.SubmitAsync(("Remedy", "fee"));
        var code = Tills.Code("KASSE-NEU").ToCharArray();
        code[13] = code[13] == '7' ? '8' : '7';
        await browser.SubmitAsync(("HardwareCode", new string(code)), ("Act", "next"));

        browser.ErrorsInSummary.ShouldHaveSingleItem().ShouldStartWith("A character in group 3 (");
        browser.Page.QuerySelectorAll("li.group-wrong").Length.ShouldBe(1);
    }

    [Fact]
    public async Task The_old_computers_code_is_recognized()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.BeginAsync(portal.Open());
        await browser.SubmitAsync(("Remedy", "fee"));
        await browser.SubmitAsync(("HardwareCode", A.Hardware("KASSE-2", changed: 1).ToString()), ("Act", "next"));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Outcome.ShouldBe("old-pc-code");
        browser.ErrorsInSummary.ShouldBe(
            [$"Dieser Code gehört zur Lizenz {tills.Numbers[1]}, das ist der alte PC. Wir brauchen den Code des neuen PCs"]);
    }

    [Fact]
    public async Task A_code_with_too_few_parts_tells_nothing_about_others()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.BeginAsync(portal.Open());
        await browser.SubmitAsync(("Remedy", "fee"));
        await browser.SubmitAsync(("HardwareCode", A.Hardware("KASSE-2", absent: 5).ToString()), ("Act", "next"));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Outcome.ShouldBe("few-parts");
        browser.ErrorsInSummary.ShouldBe([portal.Portal.FewParts("de", "board-uuid")]);
        browser.Words.ShouldNotContain(tills.Numbers[1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_request_file_is_read_pasted_or_uploaded(bool isUpload)
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.BeginAsync(portal.Open());
        await browser.SubmitAsync(("Remedy", "fee"));
        var file = RequestFileTests.Sample with { Product = tills.ProductId };
        if (isUpload)
        {
            using var form = new MultipartFormDataContent();
            foreach (var hidden in browser.Page.QuerySelectorAll("main form input[type=hidden]"))
            {
                form.Add(new StringContent(hidden.GetAttribute("value")!), hidden.GetAttribute("name")!);
            }

            form.Add(new StringContent(""), "HardwareCode");
            form.Add(new StringContent("next"), "Act");
            form.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(file.Write())), "RequestFile", "kasse.lshreq");
            await browser.ShowAsync(
                await browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, browser.Path) { Content = form }), browser.Path);
        }
        else
        {
            await browser.SubmitAsync(("HardwareCode", file.Write()), ("Act", "next"));
        }

        browser.Heading.ShouldBe("Das haben wir gelesen");
        browser.Words.ShouldContain("KASSE Łódź");
        browser.Words.ShouldContain("1.0.7");
        browser.Words.ShouldContain(file.HardwareCode[..11]);
    }

    [Fact]
    public async Task A_request_file_of_another_program_is_refused()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.BeginAsync(portal.Open());
        await browser.SubmitAsync(("Remedy", "fee"));
        await browser.SubmitAsync(("HardwareCode", RequestFileTests.Sample.Write()), ("Act", "next"));

        browser.ErrorsInSummary.ShouldHaveSingleItem().ShouldStartWith("Diese Lizenzinfo ist von einer anderen Software");
    }

    [Fact]
    public async Task Several_dead_computers_are_one_order()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.BeginAsync(portal.Open());
        await browser.SubmitAsync(("Remedy", "fee"));
        await browser.SubmitAsync(("HardwareCode", "H1"), ("Act", "add"));
        browser.Page.QuerySelector<IHtmlTextAreaElement>("#HardwareCode")!.Value.ShouldBe("H1", "what was typed is kept, right or wrong");
        await browser.SubmitAsync(("HardwareCode", Tills.Code("NEU-1")), ("Items[1].HardwareCode", Tills.Code("NEU-1")), ("Act", "next"));
        browser.ErrorsInSummary.ShouldBe(["Dieser Code steht schon weiter oben. Jeder neue PC hat seinen eigenen"]);
        await browser.SubmitAsync(("HardwareCode", Tills.Code("NEU-1")), ("Items[1].HardwareCode", Tills.Code("NEU-2")), ("Act", "next"));
        TotalShouldBe(browser, "166,60 €");
        await browser.GetAsync(browser.Page.QuerySelector("main a.button")!.GetAttribute("href")!);
        await browser.SubmitAsync(("Act", "unknown"));
        await browser.SubmitAsync(("WorkingPcs[0].HardwareCode", Tills.Code("KASSE-2")), ("Act", "check"));
        browser.Outcome.ShouldBe("identified");
        browser.Words.ShouldContain($"Übrig bleiben {tills.Numbers[0]}, {tills.Numbers[2]}. Sind das die defekten?");
        await browser.SubmitAsync(("Act", "yes"));
        await browser.SubmitAsync(Tills.Contact("mehrere@muster-gastro.example"));
        await browser.SubmitAsync(("Accept", "yes"));

        var request = await tills.RequestAsync(browser);
        request.Items.Count.ShouldBe(2);
        request.Items.Select(i => i.ActivationId).Distinct().Count().ShouldBe(2);
        request.Price!.GrossCents.ShouldBe(166_60);
    }

    [Fact]
    public async Task Several_left_stop_nobody_and_go_to_staff()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.ToLicenseAsync(portal.Open());
        await browser.SubmitAsync(("Act", "unknown"));
        await browser.SubmitAsync(("WorkingPcs[0].HardwareCode", Tills.Code("KASSE-1")), ("Act", "check"));
        browser.Outcome.ShouldBe("not-identified");
        browser.Words.ShouldContain("Es bleiben 2 Lizenzen übrig. Senden Sie die Bestellung ruhig ab, wir klären das.");
        await browser.SubmitAsync(("Act", "go"));
        await browser.SubmitAsync(Tills.Contact("mehrdeutig@muster-gastro.example"));
        await browser.SubmitAsync(("Accept", "yes"));

        browser.Outcome.ShouldBe("submitted");
        browser.Words.ShouldContain("Sie können dieses Fenster schließen. Die Rechnung senden wir per E-Mail");
        var request = await tills.RequestAsync(browser);
        request.State.ShouldBe(TransferState.InReview);
        request.ReviewReasons.ShouldContain(ReviewReason.NotIdentified);
        request.CustomerId.ShouldBeNull();
        var mails = await tills.MailsAsync(request.Reference!);
        mails.Select(m => m.Kind).Order().ShouldBe(["staff-transfer", "transfer-received"]);
        mails.ShouldNotContain(m => m.ToAddress == tills.Owner, "nobody is known to be its owner");
    }

    [Fact]
    public async Task No_to_the_one_that_is_left_goes_to_staff()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.ToLicenseAsync(portal.Open());
        await browser.SubmitAsync(("Act", "unknown"));
        await browser.SubmitAsync(
            ("WorkingPcs[0].HardwareCode", Tills.Code("KASSE-1")), ("WorkingPcs[1].HardwareCode", Tills.Code("KASSE-2")), ("Act", "check"));
        await browser.SubmitAsync(("Act", "no"));
        await browser.SubmitAsync(Tills.Contact("nein@muster-gastro.example"));
        browser.Words.ShouldNotContain(tills.Numbers[2]);
        await browser.SubmitAsync(("Accept", "yes"));

        (await tills.RequestAsync(browser)).ReviewReasons.ShouldContain(ReviewReason.NotIdentified);
    }

    [Theory]
    [InlineData("de", "zuletzt benutzt 16.11.2026")]
    [InlineData("en", "last used 16 Nov 2026")]
    public async Task What_is_left_shows_its_masked_computer_and_when_it_was_used(string language, string words)
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.ToLicenseAsync(portal.Open(language));
        await browser.SubmitAsync(("Act", "unknown"));
        browser.Page.QuerySelector("dl.left").ShouldBeNull("nothing is known yet");
        await browser.SubmitAsync(
            ("WorkingPcs[0].HardwareCode", Tills.Code("KASSE-1")), ("WorkingPcs[1].HardwareCode", Tills.Code("KASSE-3")), ("Act", "check"));

        browser.Outcome.ShouldBe("identified");
        var left = Browser.Text(browser.Page.QuerySelector("dl.left").ShouldNotBeNull());
        left.ShouldStartWith(tills.Numbers[1]);
        left.ShouldContain("KA…2");
        left.ShouldContain(words);
        browser.Page.QuerySelectorAll("dl.left time").Length.ShouldBe(1);
        browser.Words.ShouldNotContain("KASSE-2");
    }

    [Fact]
    public async Task Rows_that_nobody_filled_in_cost_nothing()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.ToLicenseAsync(portal.Open());
        await browser.SubmitAsync(("Act", "unknown"));
        await browser.SubmitAsync(
            ("WorkingPcs[0].HardwareCode", Tills.Code("KASSE-1")), ("WorkingPcs[1].HardwareCode", Tills.Code("KASSE-3")), ("Act", "add"));
        browser.Page.QuerySelectorAll("fieldset.row-set legend").Select(Browser.Text).ShouldBe(["Kasse 1", "Kasse 2", "Kasse 3"]);
        browser.Outcome.ShouldBe("identified");

        await browser.SubmitAsync(("Act", "yes"));

        browser.Path.ShouldEndWith("/contact", customMessage: browser.Words);
    }

    [Theory]
    [InlineData("de", "Schritt {0} von {1}")]
    [InlineData("en", "Step {0} of {1}")]
    public async Task The_steps_are_those_that_there_are(string language, string words)
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = portal.Open(language);
        await browser.GetAsync($"/transfer?product={tills.ProductId}");
        Step().ShouldBe(Said(1, 8), "the product is known");
        await browser.SubmitAsync(("StillRuns", "no"));
        Step().ShouldBe(Said(2, 8));
        await browser.SubmitAsync(("Remedy", "fee"));
        Step().ShouldBe(Said(3, 8));
        await browser.SubmitAsync(("HardwareCode", Tills.Code("KASSE-NEU")), ("Act", "next"));
        Step().ShouldBe(Said(4, 8));
        await browser.GetAsync(browser.Page.QuerySelector("main a.button")!.GetAttribute("href")!);
        Step().ShouldBe(Said(5, 8));
        var license = browser.Path;
        await browser.SubmitAsync(("Act", "unknown"));
        Step().ShouldBe(Said(6, 8));
        await browser.GetAsync(license);
        await browser.SubmitAsync(("LicenseNumber", tills.Numbers[1]), ("Act", "next"));
        browser.Path.ShouldEndWith("/contact");
        Step().ShouldBe(Said(6, 7), "who knows the number is not asked for the other tills");
        await browser.SubmitAsync(Tills.Contact());
        Step().ShouldBe(Said(7, 7));

        // Whoever has to choose the product has a page more.
        await Tills.AddAsync(portal.Portal);
        await browser.GetAsync("/transfer");
        Step().ShouldBe(Said(1, 9));
        await browser.SubmitAsync(("StillRuns", "no"));
        Step().ShouldBe(Said(2, 9));
        await browser.SubmitAsync(("Product", tills.ProductId));
        Step().ShouldBe(Said(3, 9));

        string Step() => Browser.Text(browser.Page.QuerySelector(".step").ShouldNotBeNull(browser.Words));
        string Said(int step, int of) => string.Format(System.Globalization.CultureInfo.InvariantCulture, words, step, of);
    }

    [Theory]
    [InlineData("de", "Lizenz-Migration: 83,30 € je Lizenz: 70,00 € + 13,30 € USt (19 %)")]
    [InlineData("en", "License migration: EUR 83.30")]
    public async Task What_it_costs_stands_on_the_first_page(string language, string words)
    {
        await Tills.AddAsync(portal.Portal);
        using var browser = portal.Open(language);
        await browser.GetAsync("/transfer");

        Browser.Text(browser.Page.QuerySelector("dl.prices").ShouldNotBeNull()).ShouldContain(words);
    }

    [Fact]
    public async Task Each_till_says_where_its_code_stands()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.ToLicenseAsync(portal.Open());
        await browser.SubmitAsync(("Act", "unknown"));
        browser.Page.QuerySelectorAll("main details summary").Select(Browser.Text).ShouldContain("Wo finde ich den Hardwarecode?");

        await browser.GetAsync(browser.Path.Replace("/tills", "/till", StringComparison.Ordinal));
        Browser.Text(browser.Page.QuerySelector("main details").ShouldNotBeNull()).ShouldContain("Hilfe → Lizenzinfo senden");
    }

    [Fact]
    public async Task Rows_that_tell_nothing_are_named()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.ToLicenseAsync(portal.Open());
        await browser.SubmitAsync(("Act", "unknown"));
        await browser.SubmitAsync(("Act", "check"));
        browser.ErrorsInSummary.ShouldBe(["Geben Sie den Hardwarecode dieser Kasse ein, oder entfernen Sie die Zeile"]);
        await browser.SubmitAsync(
            ("WorkingPcs[0].HardwareCode", Tills.Code("KASSE-NEU")), ("WorkingPcs[1].HardwareCode", Tills.Code("FREMD")),
            ("WorkingPcs[2].HardwareCode", Tills.Code("KASSE-1")), ("WorkingPcs[3].HardwareCode", Tills.Code("KASSE-1")), ("Act", "check"));

        browser.Words.ShouldContain("Kasse 1: Das ist der Code des neuen PCs");
        browser.Words.ShouldContain("Kasse 2: Zu diesem Code finden wir keine Lizenz");
        browser.Words.ShouldContain($"Kasse 3 = Lizenz {tills.Numbers[0]}, läuft");
        browser.Words.ShouldContain("Kasse 4: Dieser PC steht schon weiter oben");
        await browser.SubmitAsync(("Act", "remove-3"));
        browser.Page.QuerySelectorAll("fieldset.row-set").Length.ShouldBe(3);
    }

    [Fact]
    public async Task Another_till_adds_itself_by_the_button_once()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.ToLicenseAsync(portal.Open());
        await browser.SubmitAsync(("Act", "unknown"));
        var tillsPage = browser.Path;
        var link = browser.Page.QuerySelector("details a.code")!.GetAttribute("href")!;
        using var till = portal.Open();
        for (var i = 0; i < 2; i++)
        {
            await till.GetAsync($"{link}?hw={Tills.Code("KASSE-1")}&name=Tresen");
            await browser.GetAsync(tillsPage);
            browser.Words.Contains("Tresen", StringComparison.Ordinal).ShouldBe(i > 0, "opening it adds nothing");
            await till.SubmitAsync();
            till.Outcome.ShouldBe("added");
        }

        await browser.GetAsync(tillsPage);
        browser.Words.ShouldContain($"Tresen = Lizenz {tills.Numbers[0]}, läuft");
        browser.Page.QuerySelectorAll("fieldset.row-set").Length.ShouldBe(1);
    }

    [Fact]
    public async Task The_number_of_a_till_is_not_taken_for_that_of_its_license()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.ToLicenseAsync(portal.Open());

        browser.Words.ShouldContain(new ResourceManager(typeof(TransferWords)).GetString("LicenseNumberHint", new CultureInfo("de"))!);
    }

    [Fact]
    public async Task A_stated_number_tells_nothing_about_the_license()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        var pages = new List<string>();
        var (requests, receipts) = (new List<TransferRequest>(), new List<string>());
        foreach (var stated in new[] { tills.Numbers[0], "L-999999999" })
        {
            using var browser = await tills.ToLicenseAsync(portal.Open());
            await browser.SubmitAsync(("LicenseNumber", stated), ("Act", "next"));
            browser.Path.ShouldEndWith("/contact");
            await browser.SubmitAsync(Tills.Contact($"{stated}@muster-gastro.example"));
            var said = browser.Words;
            await browser.SubmitAsync(("Accept", "yes"));
            browser.Outcome.ShouldBe("confirm-by-mail");
            var request = await tills.RequestAsync(browser);
            said += browser.Words;
            await browser.GetAsync("/transfer/status");
            await browser.SubmitAsync(("Reference", request.Reference), ("Email", $"{stated}@muster-gastro.example"));
            browser.Outcome.ShouldBe("submitted");
            said += browser.Words;
            pages.Add(said.Replace(stated, "L", StringComparison.Ordinal).Replace(request.Reference!, "R", StringComparison.Ordinal));
            var receipt = (await tills.MailsAsync(request.Reference!)).Single(m => m.Kind == "transfer-received");
            receipts.Add((receipt.Subject + receipt.CopyText).Replace(request.Reference!, "R", StringComparison.Ordinal));
            requests.Add(request);
        }

        pages[1].ShouldBe(pages[0]);
        receipts[1].ShouldBe(receipts[0]);
        requests.Select(r => r.State).ShouldBe([TransferState.AwaitingConfirmation, TransferState.InReview]);
        (await tills.MailsAsync(requests[0].Reference!)).Single(m => m.Kind == "transfer-confirm").ToAddress.ShouldBe(tills.Owner);
    }

    [Fact]
    public async Task What_is_missing_in_the_address_is_asked_for_and_the_rest_kept()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.ToContactAsync(portal.Open());
        await browser.SubmitAsync(
            ("Name", ""), ("Email", "kasse(at)muster"), ("Street", "Straße 1"), ("PostalCode", ""), ("City", "Łódź"), ("Country", "PL"),
            ("Company", "Firma"), ("VatId", "DE123"));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldBe(
        [
            "Geben Sie Ihren Namen ein", "Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@firma.de", "Geben Sie die Postleitzahl ein",
            "Diese USt-IdNr. hat nicht die Form von Polen",
        ]);
        await browser.SubmitAsync(("Email", "jürgen@muster-gastro.example"), ("PostalCode", "12345"), ("VatId", ""));
        browser.ErrorsInSummary.ShouldBe(
        [
            "Geben Sie Ihren Namen ein",
            "An eine Adresse mit Umlauten oder Akzenten vor dem @ können wir nicht schreiben. Geben Sie eine andere ein, "
                + "zum Beispiel name@firma.de",
        ]);
        await browser.SubmitAsync(("Name", "Jürgen Muster"), ("Email", "kasse@muster-gastro.example"), ("PostalCode", "1234"));
        browser.ErrorsInSummary.ShouldBe(["Das ist keine Postleitzahl des gewählten Landes; dort sehen sie aus wie 00-001"]);
        browser.Page.QuerySelector<IHtmlInputElement>("#City")!.Value.ShouldBe("Łódź");
        browser.Page.QuerySelector<IHtmlSelectElement>("#Country")!.Value.ShouldBe("PL");
    }

    /// <summary>Point 2: what the invoice's font does not have is said at once, with the character, and nothing typed is lost.</summary>
    [Theory]
    [InlineData("de", "株式会社見本", "Das Zeichen „株“ können wir auf der Rechnung nicht drucken")]
    [InlineData("en", "شركة مثال", "We cannot print the character “ش” on the invoice")]
    [InlineData("de", "חברה לדוגמה", "Das Zeichen „ח“")]
    [InlineData("de", "ตัวอย่าง", "Das Zeichen „ตั“")]
    [InlineData("de", "Muster 🍕 GmbH", "Das Zeichen „🍕“")]
    [InlineData("de", "MuN\u0308ster GmbH", "Das Zeichen „N\u0308“")]
    public async Task A_name_that_no_invoice_can_have_is_refused_where_it_is_typed(string language, string company, string says)
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.ToContactAsync(portal.Open(language));

        await browser.SubmitAsync([.. Tills.Contact().Where(f => f.Name != "Company"), ("Company", company)]);

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldHaveSingleItem().ShouldStartWith(says);
        browser.Page.QuerySelector<IHtmlInputElement>("#Company")!.Value.ShouldBe(company);
        await browser.SubmitAsync(("Company", "Mu\u0308ster GmbH"));
        browser.Path.ShouldEndWith("/check", customMessage: "accents of one letter are composed");
    }

    /// <summary>Point 3: a public office needs a Leitweg-ID that exists; anybody else's reference is just a reference.</summary>
    [Fact]
    public async Task A_public_office_types_a_leitweg_id_with_right_check_digits()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.ToContactAsync(portal.Open());
        (string, string)[] wrong =
        [
            ("", "Geben Sie Ihre Leitweg-ID ein"), ("Kostenstelle 4711", "Eine Leitweg-ID sieht aus wie 04011000-12345-03"),
            ("04011000-12345-34", "Die Prüfziffern dieser Leitweg-ID stimmen nicht"),
        ];
        foreach (var (typed, says) in wrong)
        {
            await browser.SubmitAsync([.. Tills.Contact(), ("IsAuthority", "yes"), ("BuyerReference", typed)]);
            browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            browser.ErrorsInSummary.ShouldHaveSingleItem().ShouldStartWith(says);
        }

        await browser.SubmitAsync(("BuyerReference", "04011000-12345-03"));
        browser.Path.ShouldEndWith("/check");
        await browser.SubmitAsync(("Accept", "yes"));
        (await tills.RequestAsync(browser)).Contact!
            .ShouldSatisfyAllConditions(
                c => c.BuyerReference.ShouldBe("04011000-12345-03"), c => c.InvoiceFormat.ShouldBe(InvoiceFormat.XRechnung));
    }

    [Theory]
    [InlineData("PL", "Firma", "PL1234567890", 83_30, ReviewReason.VatIdNotConfirmed)]
    [InlineData("FR", null, null, 70_00, ReviewReason.TaxUndecided)]
    [InlineData("CH", "Firma AG", null, 70_00, null)]
    public async Task The_tax_follows_the_buyer(string country, string? company, string? vatId, long gross, ReviewReason? reason)
    {
        var tills = await Tills.AddAsync(portal.Portal, policy: Tills.Policy with { Review = TransferReview.Automatic });
        using var browser = await tills.ToContactAsync(portal.Open());
        await browser.SubmitAsync(
            [.. Tills.Contact($"{country}@muster-gastro.example").Where(f => f.Name is not ("Country" or "Company" or "PostalCode")),
                ("Country", country), ("PostalCode", PostalCodes.Example(country)), ("Company", company), ("VatId", vatId)]);
        if (browser.Path.EndsWith("/remedy?change=true", StringComparison.Ordinal))
        {
            browser.Words.ShouldContain("Bitte wählen Sie noch einmal");
            await browser.SubmitAsync(("Remedy", "fee"));
        }

        browser.Path.ShouldEndWith("/check");
        TotalShouldBe(browser, $"{gross / 100},{gross % 100:00} €");
        await browser.SubmitAsync(("Accept", "yes"));
        var request = await tills.RequestAsync(browser);
        request.Price!.GrossCents.ShouldBe(gross);
        using var owner = portal.Open();
        await owner.GetAsync(await tills.LinkAsync(request.Reference!, "transfer-confirm"));
        await owner.ConfirmAsync(("LastFive", tills.Keys[1][^5..]));
        owner.Outcome.ShouldBe("submitted");
        var after = await tills.ReadAsync(request.Id);
        if (reason is { } expected)
        {
            after.State.ShouldBe(TransferState.InReview);
            after.ReviewReasons.ShouldContain(expected);
        }
        else
        {
            after.ReviewReasons.ShouldNotContain(ReviewReason.VatIdNotConfirmed);
            after.ReviewReasons.ShouldNotContain(ReviewReason.TaxUndecided);
        }
    }

    [Fact]
    public async Task A_price_that_has_changed_is_chosen_again()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.ToCheckAsync(portal.Open(), email: "preis@muster-gastro.example");
        await using (var db = portal.Portal.Open())
        {
            var today = DateOnly.FromDateTime(Clock.Now.UtcDateTime);
            await db.PriceList.Where(e => e.ProductId == tills.ProductId && e.Sku == "FEE")
                .ExecuteUpdateAsync(u => u.SetProperty(e => e.ValidUntil, today.AddDays(-1)));
            db.Add(new PriceListEntry
            {
                ProductId = tills.ProductId,
                Sku = "FEE",
                NetCents = 80_00,
                ValidFrom = today,
                NameDe = "n",
                NameEn = "n"
            });
            await db.SaveChangesAsync();
        }

        await browser.SubmitAsync(("Accept", "yes"));
        browser.Path.ShouldEndWith("/remedy?change=true");
        browser.Words.ShouldContain("Der Preis oder das Angebot hat sich geändert, seit Sie gewählt haben");
        browser.Words.ShouldContain("95,20 €");
        await browser.SubmitAsync(("Remedy", "fee"));
        browser.Path.ShouldEndWith("/check");
        await browser.SubmitAsync(("Accept", "yes"));
        (await tills.RequestAsync(browser)).Price!.UnitNetCents.ShouldBe(80_00);
    }

    [Fact]
    public async Task Renewal_that_the_policy_does_not_offer_this_license_is_chosen_again()
    {
        var tills = await Tills.AddAsync(portal.Portal, policy: Tills.Policy with { RenewalOfferedWithinDays = 60 }, monthsLeft: 6);
        using var browser = await tills.ToContactAsync(portal.Open(), remedy: "renewal");
        await browser.SubmitAsync(Tills.Contact());

        browser.Path.ShouldEndWith("/remedy?change=true");
        browser.Page.QuerySelectorAll("input[name=Remedy]").ShouldHaveSingleItem().GetAttribute("value").ShouldBe("fee");
    }

    [Fact]
    public async Task A_renewal_shows_its_end_once_the_license_is_known()
    {
        var tills = await Tills.AddAsync(portal.Portal, monthsLeft: 1);
        using var browser = await tills.ToCheckAsync(portal.Open(), remedy: "renewal", email: "renewal@muster-gastro.example");

        TotalShouldBe(browser, "177,31 €");
        browser.Words.ShouldContain("Ihre Subscription läuft dann bis 16.12.2027 (12 Monate). Die Gebühr für die Migration entfällt.");
        browser.Words.ShouldContain("Alter PC defekt, bitte neue Lizenz mit Subscriptionsverlängerung kostenpflichtig zusenden");
    }

    [Fact]
    public async Task The_order_needs_its_consent_and_is_made_once()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.ToCheckAsync(portal.Open(), email: "einmal@muster-gastro.example");
        await browser.SubmitAsync();
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldBe(["Bestätigen Sie, dass der alte PC die Software nicht mehr benutzt"]);

        var before = await CountAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => browser.PostAsync(null, ("Accept", "yes"))));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.SeeOther);
        (await CountAsync()).ShouldBe(before, "the draft became the one order");
        await browser.ShowAsync(answers[0], browser.Path);
        var request = await tills.RequestAsync(browser);
        (await tills.MailsAsync(request.Reference!)).Select(m => m.Kind).Order().ShouldBe(["transfer-confirm", "transfer-received"]);
    }

    [Fact]
    public async Task The_check_page_leads_to_a_page_and_straight_back()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.ToCheckAsync(portal.Open());
        await browser.GetAsync(browser.Page.QuerySelectorAll("main .row-change a")
            .First(a => a.GetAttribute("href")!.Contains("/contact", StringComparison.Ordinal)).GetAttribute("href")!);
        browser.Page.QuerySelector<IHtmlInputElement>("#Name")!.Value.ShouldBe("Einkauf");
        await browser.SubmitAsync(("Name", "Max Muster"));

        browser.Path.ShouldEndWith("/check");
        browser.Words.ShouldContain("Max Muster");
    }

    [Fact]
    public async Task A_draft_goes_on_where_it_was_left_and_opens_by_its_link_only()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.ToContactAsync(portal.Open());
        var draft = browser.Path[..browser.Path.LastIndexOf('/')];
        using var phone = portal.Open("en");
        await phone.GetAsync(draft);
        phone.Path.ShouldBe(draft + "/contact");
        await phone.GetAsync(draft + "/check");
        phone.Path.ShouldBe(draft + "/contact", "the check page waits for what is missing");

        foreach (var foreign in new[] { draft[..^1] + (draft[^1] == 'A' ? 'B' : 'A'), "/transfer/abc" })
        {
            foreach (
                var page in new[] { "", "/product", "/remedy", "/hardware", "/read", "/license", "/tills", "/till", "/contact", "/check" })
            {
                await phone.GetAsync(foreign + page);
                phone.Status.ShouldBe(HttpStatusCode.NotFound, page);
                phone.Outcome.ShouldBe("invalid-link", page);
            }
        }
    }

    [Fact]
    public async Task A_draft_is_given_up_after_14_days()
    {
        await using var own = new PortalFactory();
        own.Configuration[Browser.Trusted.Key] = Browser.Trusted.Value;
        await own.InitializeAsync();
        var tills = await Tills.AddAsync(own);
        using var browser = new Browser(own);
        await tills.ToContactAsync(browser);
        using var other = new Browser(own);
        var request = await tills.OrderAsync(other, dead: 1);
        var end = own.Services.GetRequiredService<EndTransfer>();
        own.Clock.Advance(TransferRequest.DraftLifetime - TimeSpan.FromMinutes(1));
        (await end.ExpireAsync(own.Clock.Now, default)).ShouldBe(0);
        own.Clock.Advance(TimeSpan.FromMinutes(1));
        (await end.ExpireAsync(own.Clock.Now, default)).ShouldBe(2);
        (await end.ExpireAsync(own.Clock.Now, default)).ShouldBe(0);

        await browser.GetAsync(browser.Path);
        browser.Status.ShouldBe(HttpStatusCode.NotFound);
        (await tills.ReadAsync(request.Id)).State.ShouldBe(TransferState.Expired);
        (await tills.MailsAsync(request.Reference!)).Select(m => m.Kind).Order()
            .ShouldBe(["transfer-confirm", "transfer-received", "transfer-withdrawn"]);
        await using var db = own.Open();
        (await db.Transfers.CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_form_that_outlived_its_token_comes_back_as_typed()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = await tills.ToContactAsync(portal.Open());
        using var later = portal.Open();
        var form = new FormUrlEncodedContent(
            browser.Page.QuerySelectorAll("main form input[type=hidden]")
            .Select(i => KeyValuePair.Create(i.GetAttribute("name")!, i.GetAttribute("value")!)).Append(new("Name", "Einkauf")));
        using var answer = await later.SendAsync(new HttpRequestMessage(HttpMethod.Post, browser.Path) { Content = form });
        await later.ShowAsync(answer, browser.Path);

        later.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        later.Words.ShouldContain("Diese Seite war zu lange offen");
        later.Page.QuerySelector<IHtmlInputElement>("#Name")!.Value.ShouldBe("Einkauf");
    }

    private static void TotalShouldBe(Browser browser, string gross) =>
        Browser.Text(browser.Page.QuerySelector("main .total strong").ShouldNotBeNull($"no total on {browser.Path}"))
            .ShouldBe(gross.Replace('\u00A0', ' '));

    private async Task<int> CountAsync()
    {
        await using var db = portal.Portal.Open();
        return await db.Transfers.CountAsync();
    }
}
