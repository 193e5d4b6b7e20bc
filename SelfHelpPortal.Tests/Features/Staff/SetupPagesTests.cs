using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Import;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Paragraphs;
using SelfHelpPortal.Features.Staff.Products;
using SelfHelpPortal.Features.Staff.Setup;
using SelfHelpPortal.Features.Staff.Taxes;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>The pages on which an administrator sets the portal up.</summary>
public sealed class SetupPagesTests(StaffGround ground) : StaffPageContext(ground)
{
    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task The_steps_say_what_is_done_and_a_test_mail_shows_what_the_server_says(string language)
    {
        await OpenAsync(Ground.Administrator, typeof(ShowSetup), typeof(SendTestMail));
        Speak(language);
        var page = Render<SetupPage>();
        page.WaitForAssertion(() => page.FindAll(".setup-step").Count.ShouldBe(6));
        ShouldHoldNoRawKey(page.Nodes);

        await page.Find(".setup-step button").ClickAsync();

        page.WaitForAssertion(() => page.Find("[role=status]").GetAttribute("data-outcome").ShouldBe("sent"));
        ShouldHoldNoRawKey(page.Nodes);
        await using var db = Portal.Open();
        (await db.AuditEntries.AnyAsync(e => e.Kind == AuditKind.MailTested && e.Stream == Ground.Administrator.Id)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task A_product_is_made_on_a_page_that_keeps_what_was_typed(string language)
    {
        await OpenAsync(
            Ground.Administrator, typeof(ShowProduct), typeof(ShowProducts), typeof(SaveProduct), typeof(SetPrice), typeof(EndPrice),
            typeof(TakeBackPrice), typeof(SimulatePolicy), typeof(ProductPageActs));
        Speak(language);
        var id = $"page-{language}-{Guid.NewGuid():n}"[..20];
        var page = Render<ProductPage>();
        await page.Find("#id").ChangeAsync(id);
        await page.Find("#policies-release-refillDays").ChangeAsync("many");
        await page.Find("#policies-release-deadPc-StaffOnly").ChangeAsync(true);
        await page.Find("main form, form").SubmitAsync();
        page.Find(".summary-box").GetAttribute("data-outcome").ShouldBe("settinginvalid");
        page.Find("#policies-release-refillDays").GetAttribute("value").ShouldBe("many");
        page.Find("#id").GetAttribute("value").ShouldBe(id);
        ShouldHoldNoRawKey(page.Nodes);

        await page.Find("#policies-release-refillDays").ChangeAsync("90");
        await page.Find("form").SubmitAsync();
        page.Find("#name").GetAttribute("aria-invalid").ShouldBe("true", "the name is still missing");
        await page.Find("#name").ChangeAsync("My till");

        // Two items for Austria: the second one is moved up, and a link that is none is said at its own field.
        for (var item = 0; item < 2; item++)
        {
            await Checklist(page).QuerySelectorAll("button")[^1].ClickAsync();
            await page.Find($"#policies-checklists-at-items-{item}-textDe").ChangeAsync($"Punkt {item}");
            await page.Find($"#policies-checklists-at-items-{item}-textEn").ChangeAsync($"Point {item}");
        }

        await page.Find("#policies-checklists-at-items-1-when-WithBackup").ChangeAsync(true);
        await page.Find("#policies-checklists-at-items-1-link").ChangeAsync("http://elsewhere.example");
        await page.Find("form").SubmitAsync();
        page.Find("#policies-checklists-at-items-1-link").GetAttribute("aria-invalid").ShouldBe("true");
        await page.Find("#policies-checklists-at-items-1-link").ChangeAsync("https://muster-software.example/signature");
        await Checklist(page).QuerySelectorAll("button")[1].ClickAsync();
        page.Find("#policies-checklists-at-items-0-textDe").GetAttribute("value").ShouldBe("Punkt 1");
        page.Find("[aria-labelledby=preview-heading]").TextContent.ShouldContain(language == "de" ? "Punkt 1" : "Point 1");
        ShouldHoldNoRawKey(page.Nodes);
        await page.Find("form").SubmitAsync();

        Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith($"/staff/setup/products/{id}");
        var saved = Render<ProductPage>(p => p.Add(x => x.Id, id));
        saved.WaitForElement("#policies-release-refillDays").GetAttribute("value").ShouldBe("90");
        saved.Find("#policies-release-deadPc-StaffOnly").HasAttribute("checked").ShouldBeTrue();
        saved.FindAll(".timeline > li").Count.ShouldBe(1);
        saved.Find("#policies-checklists-at-items-0-link").GetAttribute("value").ShouldBe("https://muster-software.example/signature");
        saved.Find("#policies-checklists-at-items-0-when-WithBackup").HasAttribute("checked").ShouldBeTrue();
        saved.Find("#policies-checklists-at-items-1-textEn").GetAttribute("value").ShouldBe("Point 0");
        ShouldHoldNoRawKey(saved.Nodes);
        var list = Render<ProductsPage>();
        list.WaitForElement("tbody");
        ShouldHoldNoRawKey(list.Nodes);

        static AngleSharp.Dom.IElement Checklist(IRenderedComponent<ProductPage> page) => page.Find("#policies-checklists-at-items-list");
    }

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task A_list_is_checked_before_it_is_imported(string language)
    {
        var id = $"list-{language}-{Guid.NewGuid():n}"[..20];
        var product = new ProductEntry(id, "My till", new ProductPolicies());
        (await Ground.Use<SaveProduct>().ExecuteAsync(
            await Ground.Administrator.ActorAsync(), Guid.NewGuid(), product, basedOn: 0, isNew: true, Portal.Clock.Now, default))
            .ShouldBe(StaffResult.Done);
        await OpenAsync(Ground.Administrator, typeof(UploadLicenses), typeof(ShowImport), typeof(ImportPageActs), typeof(ImportChanges));
        Speak(language);
        var start = Render<ImportPage>();
        start.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText(
            $"Produkt;Firma;E-Mail;Farbe\n{id};Muster GmbH;a@example.test;rot\n{id};;b@example.test;rot\n", "list.csv"));
        ShouldHoldNoRawKey(start.Nodes);
        var navigation = Services.GetRequiredService<NavigationManager>();
        start.WaitForAssertion(() => navigation.Uri.ShouldContain("/staff/setup/import/"));

        // Recognized and guessed; what means nothing is left out, and what is needed cannot be.
        var file = Guid.Parse(navigation.Uri.Split('/')[^1]);
        var page = Render<ImportFilePage>(p => p.Add(x => x.Id, file));
        page.WaitForElement("#column-1");
        page.Markup.ShouldContain("UTF-8");
        Enumerable.Range(1, 4).Select(i => page.Find($"#column-{i} option[selected]").GetAttribute("value"))
            .ShouldBe(["product", "company", "email", ""]);
        await page.ChangeAsync("#column-4", "email");
        page.Find("#column-3 option[selected]").GetAttribute("value").ShouldBe("");
        await page.ChangeAsync("#column-4", "");
        await page.ClickAsync("#import-check");
        page.Find(".summary-box").GetAttribute("data-outcome").ShouldBe("settinginvalid");
        page.FindAll("#import-missing").Count.ShouldBe(1);
        ShouldHoldNoRawKey(page.Nodes);
        await page.ChangeAsync("#column-3", "email");
        await page.ClickAsync("#import-check");

        page.WaitForAssertion(() => page.Find("[role=status]").GetAttribute("data-outcome").ShouldBe("checked"));
        page.FindAll("tbody tr").Count.ShouldBe(1);
        page.Find("tbody tr").TextContent.ShouldContain("Firma");
        ShouldHoldNoRawKey(page.Nodes);
        (await CountAsync(id)).ShouldBe(0);

        // Good rows come in without the faulty ones only when somebody says so.
        await page.ClickAsync("#import-start");
        page.Find(".summary-box").GetAttribute("data-outcome").ShouldBe("importfaulty");
        await page.ChangeAsync("#without-faulty", true);
        await page.ClickAsync("#import-start");

        page.WaitForAssertion(() => page.Find("[role=status]").GetAttribute("data-outcome").ShouldBe("imported"));
        page.FindAll($"a[href='/staff/setup/import/{file}/keys.csv']").Count.ShouldBe(1);
        page.FindAll($"a[href='/staff/setup/import/{file}/faults.csv']").Count.ShouldBe(1);
        ShouldHoldNoRawKey(page.Nodes);
        (await CountAsync(id)).ShouldBe(1);
        Render<ImportPage>().WaitForElement("tbody").TextContent.ShouldContain("list.csv");
    }

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task A_paragraph_is_written_with_its_preview(string language)
    {
        await OpenAsync(Ground.Administrator, typeof(ShowMailTexts), typeof(ShowMailText), typeof(SaveMailText));
        Speak(language);
        var product = (await (await Portal.AddLicenseAsync()).ReadAsync()).ProductId;
        var page = Render<MailTextPage>(p => p.Add(x => x.Kind, "released").Add(x => x.Product, product));

        await page.WaitForElement("#text-de").ChangeAsync("Wir sind **bis 22 Uhr** da.");
        page.WaitForElement(".notice strong").TextContent.ShouldBe("bis 22 Uhr");
        await page.Find("#text-en").ChangeAsync(new string('x', MailParagraph.LongestText + 1));
        await page.Find("form").SubmitAsync();
        page.Find("#text-en").GetAttribute("aria-invalid").ShouldBe("true");
        ShouldHoldNoRawKey(page.Nodes);
        await page.Find("#text-en").ChangeAsync("");
        await page.Find("form").SubmitAsync();

        page.WaitForElement("[role=status][data-outcome=saved]");
        page.FindAll(".timeline > li").Count.ShouldBe(1);
        ShouldHoldNoRawKey(page.Nodes);
        var list = Render<MailTextsPage>();
        list.WaitForElement($"a[href='/staff/setup/mails/released/{product}']").ParentElement!.TextContent
            .ShouldContain(language == "de" ? "BeamAlign (geschrieben)" : "BeamAlign (written)");
        ShouldHoldNoRawKey(list.Nodes);
    }

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task Rates_and_configuration_are_shown(string language)
    {
        await OpenAsync(
            Ground.Administrator, typeof(ShowTaxRates), typeof(SetTaxRate), typeof(TakeBackTaxRate), typeof(ShowConfiguration));
        Speak(language);

        var taxes = Render<TaxesPage>();
        var configuration = Render<ConfigurationPage>();

        taxes.WaitForElement("tbody").TextContent.ShouldContain("19");
        configuration.WaitForElement("tbody").TextContent.ShouldContain("Mail:PickupDirectory");
        ShouldHoldNoRawKey(taxes.Nodes);
        ShouldHoldNoRawKey(configuration.Nodes);
    }

    [Theory]
    [InlineData("de", "wären 1 von 1 Kunden")]
    [InlineData("en", "1 of 1 customers would have reached")]
    public async Task A_limit_is_tried_on_the_last_year_before_it_is_saved(string language, string sentence)
    {
        var license = await Portal.AddLicenseAsync(computers: ["PC-0"]);
        await license.ReleaseAsync("PC-0");
        await license.ActivateAsync("PC-1");
        await OpenAsync(Ground.Administrator, typeof(ShowProduct), typeof(ProductPageActs));
        Speak(language);
        var id = (await license.ReadAsync()).ProductId;
        var page = Render<ProductPage>(p => p.Add(x => x.Id, id));

        await page.WaitForElement("#policies-release-allowedUnproven").ChangeAsync("0");
        await page.Find("section[aria-labelledby=simulate-heading] button").ClickAsync();

        page.WaitForElement("[data-outcome=simulated]").TextContent.ShouldContain(sentence);
        page.Find(".chart-bar.is-wanted").GetAttribute("width").ShouldNotBe("1");
        page.FindAll(".chart-bar").Count.ShouldBe(SimulatePolicy.MostAllowed + 1);
        ShouldHoldNoRawKey(page.Nodes);
    }

    [Fact]
    public async Task A_typed_price_comes_back_after_the_factor()
    {
        await OpenAsync(Ground.Administrator, typeof(ShowProduct), typeof(ProductPageActs));
        Speak("de");
        var dialogs = Render<MudDialogProvider>();
        var session = Services.GetRequiredService<StaffSession>();
        session.Actor = session.Actor! with { AuthenticatedAt = Portal.Clock.Now - FreshSignIn.Lifetime };
        var id = (await (await Portal.AddLicenseAsync()).ReadAsync()).ProductId;
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo($"/staff/setup/products/{id}");
        var page = Render<ProductPage>(p => p.Add(x => x.Id, id));

        var asking = page.WaitForElement("#prices-renewal-list > .actions button").ClickAsync();
        await dialogs.WaitForElement("#price-net").InputAsync("149,50");
        await dialogs.Find("#price-months").ChangeAsync("24");
        await dialogs.Find(".act-form").SubmitAsync();
        await asking;

        var back = Uri.UnescapeDataString(new Uri(navigation.Uri).Query["?return=".Length..]);
        session.Actor = await Ground.Administrator.ActorAsync();
        navigation.NavigateTo(back);
        dialogs.WaitForElement("#price-net").GetAttribute("value").ShouldBe("149,50");
        dialogs.Find("#price-months").GetAttribute("value").ShouldBe("24");
        await dialogs.Find(".act-form").SubmitAsync();

        page.WaitForElement("[role=status][data-outcome=price-set]");
        await using var db = Portal.Open();
        (await db.PriceList.SingleAsync(e => e.ProductId == id)).NetCents.ShouldBe(149_50);
    }

    private async Task<int> CountAsync(string product)
    {
        await using var db = Portal.Open();
        return await db.Licenses.CountAsync(l => l.ProductId == product);
    }

    [Fact]
    public async Task Foreign_keys_are_tried_before_anything_is_saved()
    {
        await OpenAsync(Ground.Administrator, typeof(ShowProduct), typeof(ProductPageActs));
        Speak("en");
        var page = Render<ProductPage>();

        await page.Find("#key-foreign").ChangeAsync(true);
        await page.Find("#policies-key-pattern").ChangeAsync("BA-[0-9]{4}");
        await page.Find("#key-samples").InputAsync("ba-1234\nXY-1");

        page.FindAll("[role=status] li").Select(li => li.TextContent).ShouldBe(
            ["ba-1234: is read as BA-1234", "XY-1: does not fit the pattern"]);
    }
}
