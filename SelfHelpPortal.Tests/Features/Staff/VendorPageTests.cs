using AngleSharp.Html.Parser;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Features.Staff.Vendor;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Platform.Pdf;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>The page of the vendor's data, as an administrator's circuit draws it.</summary>
public sealed class VendorPageTests(StaffGround ground) : StaffPageContext(ground)
{
    private VendorOptions Here => Ground.Use<IOptions<VendorOptions>>().Value;

    [Theory]
    [InlineData("de", "Ihr Unternehmen", "Prüfziffern oder Länge", "Gespeichert.", "IBAN")]
    [InlineData("en", "Your company", "The check digits or the length", "Saved.", "IBAN")]
    public async Task It_names_what_is_wrong_at_the_field_and_saves_what_is_right(
        string language, string heading, string wrong, string done, string label)
    {
        Speak(language);
        var page = await OpenPageAsync();
        page.Find("h1").TextContent.ShouldBe(heading);
        page.Find("label[for=vendor-iban]").TextContent.ShouldBe(label);
        ShouldHoldNoRawKey(page.Nodes);

        await page.Find("#vendor-name").ChangeAsync($"Beispiel {language} GmbH");
        await page.Find("#vendor-iban").ChangeAsync("DE02120300000000202052");
        await page.Find("form").SubmitAsync();
        page.WaitForElement("[role=alert][data-outcome=settinginvalid] a[href='/staff/setup/vendor#vendor-iban']");
        page.Find("#vendor-iban-error").TextContent.ShouldContain(wrong);
        page.Find("#vendor-name").GetAttribute("value").ShouldBe($"Beispiel {language} GmbH");
        await page.Find("#vendor-iban").ChangeAsync("DE02 1203 0000 0000 2020 51");
        await page.Find("form").SubmitAsync();

        page.WaitForElement("[role=status][data-outcome=saved]").TextContent.ShouldContain(done);
        Here.Name.ShouldBe($"Beispiel {language} GmbH");
        page.Find(".timeline").TextContent.ShouldContain($"Beispiel {language} GmbH");
        ShouldHoldNoRawKey(page.Nodes);
    }

    [Fact]
    public async Task The_contrast_of_a_color_is_told_while_it_is_typed_and_the_preview_shows_it()
    {
        Speak("en");
        var page = await OpenPageAsync();

        await page.Find("#vendor-accent-light").InputAsync("#7fb0ba");
        page.Find("#vendor-accent-light-contrast").TextContent.ShouldContain("4.5 is needed");
        await page.Find("#vendor-accent-light").InputAsync("#6b0e5a");
        page.Find("#vendor-accent-light-contrast").TextContent.ShouldContain("easy to read");
        await page.Find("#vendor-accent-light").InputAsync("purple");
        page.Find("#vendor-accent-light-contrast").TextContent.ShouldContain("#0e5a6b");
        await page.Find(".color-pick").InputAsync("#6b0e5a");
        await page.Find("#vendor-portalName").ChangeAsync("Licenses & more");

        page.FindAll("svg rect").ShouldContain(r => r.GetAttribute("fill") == "#6b0e5a");
        page.Find("svg").TextContent.ShouldContain("Licenses & more");
    }

    [Theory]
    [InlineData("de", "Das ist kein PNG", "KB, möglich sind 20", "Ihr Logo, wie es jetzt ist", "Entfernen: Ihr Logo")]
    [InlineData("en", "This is not a PNG", "KB, 20 are possible", "Your logo, as it is now", "Remove: Your logo")]
    public async Task A_logo_is_shown_before_it_is_saved_and_what_is_none_is_refused_at_once(
        string language, string wrong, string large, string now, string remove)
    {
        Speak(language);
        var page = await OpenPageAsync();
        await page.Find("#vendor-name").ChangeAsync($"Logo {language} GmbH");
        page.FindAll("svg image").ShouldBeEmpty();
        page.FindAll(".picture").ShouldBeEmpty();

        Choose(page, "logo", "<svg onload=\"alert(1)\" />"u8.ToArray());
        page.WaitForAssertion(() => page.Find("#vendor-logo-error").TextContent.ShouldContain(wrong));
        Choose(page, "logo", new byte[21 * 1024]);
        page.WaitForAssertion(() => page.Find("#vendor-logo-error").TextContent.ShouldContain(large));
        page.Find("#vendor-logo").GetAttribute("aria-describedby").ShouldBe("vendor-logo-hint vendor-logo-error");
        var logo = Png.Logo(260, 100, color: 6);
        Choose(page, "logo", logo);

        page.WaitForAssertion(() => page.FindAll("#vendor-logo-error").ShouldBeEmpty());
        page.Find(".picture").GetAttribute("alt").ShouldBe(now);
        var shown = $"data:image/png;base64,{Convert.ToBase64String(logo)}";
        page.Find(".picture").GetAttribute("src").ShouldBe(shown);
        page.FindAll("svg image").Select(i => i.GetAttribute("href")).ShouldBe([shown, shown], "light and dark");
        Here.Images.Logo.ShouldBeNull("nothing is saved yet");
        await page.Find("form").SubmitAsync();
        page.WaitForElement("[role=status][data-outcome=saved]");
        Here.Images.Logo.ShouldNotBeNull().Bytes.ShouldBe(logo);
        ShouldHoldNoRawKey(page.Nodes);

        page.Find(".picture-field .link-button").TextContent.ShouldBe(remove);
        await page.Find(".picture-field .link-button").ClickAsync(new());
        page.FindAll(".picture").ShouldBeEmpty();
        await page.Find("form").SubmitAsync();
        page.WaitForAssertion(() => Here.Images.Logo.ShouldBeNull());
    }

    [Theory]
    [InlineData("de", "Wir haben eine Frage")]
    [InlineData("en", "We have a question")]
    public async Task A_mail_is_shown_with_what_is_typed(string language, string title)
    {
        Speak(language);
        var page = await OpenPageAsync();

        await page.Find("#vendor-name").ChangeAsync("Vorschau & Partner GmbH");
        await page.Find("#vendor-accent-light").InputAsync("#6b0e5a");

        var mail = new HtmlParser().ParseDocument(page.Find("iframe.mail-preview").GetAttribute("srcdoc")!);
        mail.DocumentElement.GetAttribute("lang").ShouldBe(language);
        mail.QuerySelector("h1")!.TextContent.ShouldContain(title);
        mail.QuerySelector("footer")!.TextContent.ShouldContain("Vorschau & Partner GmbH");
        mail.QuerySelectorAll("a[style]").ShouldHaveSingleItem().GetAttribute("style")!.ShouldContain("background-color:#6b0e5a;");
        page.Find("iframe.mail-preview").GetAttribute("sandbox").ShouldBe("", "nothing of the mail may act");
        await page.Find("#vendor-accent-light").InputAsync("#6b0e5a;background:url(//evil.example)");
        page.Find("iframe.mail-preview").GetAttribute("srcdoc")!.ShouldNotContain("evil");
    }

    [Fact]
    public async Task It_says_what_is_missing_for_invoices_and_leads_to_the_field()
    {
        var actor = await Ground.Administrator.ActorAsync();
        var shown = (await Ground.Use<ShowVendor>().ExecuteAsync(actor, Portal.Clock.Now, default)).Value!;
        var without = shown.Settings with { TaxNumber = null };
        (await Ground.Use<SaveVendor>().ExecuteAsync(actor, Guid.NewGuid(), without, shown.Version, Portal.Clock.Now, default))
            .Succeeded.ShouldBeTrue();
        Speak("de");
        var page = await OpenPageAsync();

        page.Find("#missing a[href='/staff/setup/vendor#vendor-taxNumber']").TextContent.ShouldBe("Steuernummer");
        await page.Find("#vendor-taxNumber").ChangeAsync("29/123/45678");
        await page.Find("form").SubmitAsync();

        page.WaitForAssertion(() => page.FindAll("#missing").ShouldBeEmpty());
    }

    [Fact]
    public async Task An_older_version_goes_into_the_form_and_is_saved_like_any_other_change()
    {
        Speak("en");
        var page = await OpenPageAsync();
        foreach (var name in new[] { "Erste GmbH", "Zweite GmbH" })
        {
            await page.Find("#vendor-name").ChangeAsync(name);
            await page.Find("form").SubmitAsync();
            page.WaitForAssertion(() => Here.Name.ShouldBe(name));
        }

        await page.Find(".timeline li:nth-child(2) .link-button").ClickAsync(new());
        page.Find("#vendor-name").GetAttribute("value").ShouldBe("Erste GmbH");
        Here.Name.ShouldBe("Zweite GmbH");
        await page.Find("form").SubmitAsync();

        page.WaitForAssertion(() => Here.Name.ShouldBe("Erste GmbH"));
    }

    [Fact]
    public async Task What_was_typed_is_saved_after_the_factor_was_shown_again()
    {
        Speak("de");
        var page = await OpenPageAsync(Portal.Clock.Now - FreshSignIn.Lifetime);
        var navigation = Services.GetRequiredService<NavigationManager>();

        await page.Find("#vendor-city").ChangeAsync("Neustadt");
        await page.Find("form").SubmitAsync();

        var back = Uri.UnescapeDataString(new Uri(navigation.Uri).Query["?return=".Length..]);
        new Uri(navigation.Uri).AbsolutePath.ShouldBe(FreshSignIn.Path);
        back.ShouldStartWith("/staff/setup/vendor?draft=");
        // As after the page that asks for the factor: a new circuit with a fresh sign-in, at the address that was kept.
        await DisposeComponentsAsync();
        Services.GetRequiredService<StaffSession>().Actor = await Ground.Administrator.ActorAsync();
        navigation.NavigateTo(back);
        var again = Render<VendorPage>();
        again.WaitForElement("[role=status][data-outcome=saved]");
        Here.Address.ShouldContain(line => line.EndsWith("Neustadt", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_configuration_file_gives_is_only_shown()
    {
        var node = new StaffGround();
        node.Portal.Configuration["Vendor:Name"] = "Datei GmbH";
        node.Portal.Configuration["Vendor:SmallBusiness"] = "true";
        node.Portal.Configuration["Vendor:Accent:Light"] = "#6b0e5a";
        await node.InitializeAsync();
        try
        {
            Speak("de");
            await OpenAsync(Ground.Administrator);
            Services.AddSingleton(node.Use<ShowVendor>()).AddSingleton(node.Use<SaveVendor>()).AddSingleton(node.Use<SampleMail>());
            Services.GetRequiredService<StaffSession>().Actor = await node.Administrator.ActorAsync();
            Services.GetRequiredService<NavigationManager>().NavigateTo("/staff/setup/vendor");
            var page = Render<VendorPage>();
            page.WaitForElement("[data-outcome=vendor]");

            page.Find("#vendor-name").HasAttribute("readonly").ShouldBeTrue();
            page.Find("#vendor-name").GetAttribute("value").ShouldBe("Datei GmbH");
            page.Find("#vendor-name-hint").TextContent.ShouldContain("Konfigurationsdatei");
            page.Find("#vendor-smallBusiness").HasAttribute("disabled").ShouldBeTrue();
            page.Find("#vendor-accent-light").HasAttribute("readonly").ShouldBeTrue();
            page.Find("#vendor-phone").HasAttribute("readonly").ShouldBeFalse();
            await page.Find("#vendor-phone").ChangeAsync("+49 40 654321");
            await page.Find("form").SubmitAsync();
            page.WaitForElement("[role=status][data-outcome=saved]");
            node.Use<IOptions<VendorOptions>>().Value.ShouldSatisfyAllConditions(
                v => (v.Name, v.Phone, v.SmallBusiness).ShouldBe(("Datei GmbH", "+49 40 654321", true)));
        }
        finally
        {
            await node.DisposeAsync();
        }
    }

    private static void Choose(IRenderedComponent<VendorPage> page, string path, byte[] file) =>
        page.FindComponents<ImageField>().Single(f => f.Instance.Path == path).FindComponent<InputFile>()
            .UploadFiles(InputFileContent.CreateFromBinary(file, "logo.png"));

    private async Task<IRenderedComponent<VendorPage>> OpenPageAsync(DateTimeOffset? authenticatedAt = null)
    {
        await OpenAsync(Ground.Administrator, typeof(ShowVendor), typeof(SaveVendor), typeof(SampleMail));
        if (authenticatedAt is { } at)
        {
            var session = Services.GetRequiredService<StaffSession>();
            session.Actor = session.Actor! with { AuthenticatedAt = at };
        }

        Services.GetRequiredService<NavigationManager>().NavigateTo("/staff/setup/vendor");
        var page = Render<VendorPage>();
        page.WaitForElement("[data-outcome=vendor]");
        return page;
    }
}
