using System.Globalization;
using System.Net;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Components.Layout;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>Terms and the information on withdrawal: an address or a text, for each language.</summary>
public sealed class VendorDocumentTests
{
    private const string Address = "https://muster-software.example/widerruf";

    [Theory]
    [InlineData(null, null, "de", null, null)]
    [InlineData("Text", null, "de", "Text", "de")]
    [InlineData("Text", null, "en", "Text", "de")]
    [InlineData(null, "Words", "de", "Words", "en")]
    [InlineData("Text", "Words", "de", "Text", "de")]
    [InlineData("Text", "Words", "en", "Words", "en")]
    [InlineData(" ", "Words", "de", "Words", "en")]
    [InlineData("Text", "Words", "fr", "Words", "en")]
    public void A_reader_gets_the_language_there_is(string? german, string? english, string reader, string? text, string? language)
    {
        var vendor = new VendorOptions { TermsDe = german, TermsEn = english };

        var document = VendorDocument.Terms(vendor, CultureInfo.GetCultureInfo(reader));

        (document?.Text, document?.Language).ShouldBe((text, language));
    }

    [Theory]
    [InlineData("https://muster.example/agb", true)]
    [InlineData("HTTP://muster.example/agb", true)]
    [InlineData("https://muster.example\nist unsere Seite", false)]
    [InlineData("Unsere AGB stehen hier: https://muster.example", false)]
    public void An_address_is_told_from_a_text(string value, bool isAddress) => VendorDocument.IsAddress(value).ShouldBe(isAddress);

    [Theory]
    [InlineData("http://muster.example/agb", "termsDe")]
    [InlineData("https://", "termsDe")]
    [InlineData("javascript:alert(1)", null)] // a text: it is shown and never a link
    [InlineData("1. Geltung\n\n2. Preise", null)]
    public void Only_a_secure_address_is_one(string value, string? wrong) =>
        VendorRules.ProblemsOf(VendorSettings.From(new VendorOptions { TermsDe = value }))
            .Select(r => r.Id).FirstOrDefault(id => id == "termsDe").ShouldBe(wrong);

    [Fact]
    public void A_text_has_a_length() =>
        VendorRules.ProblemsOf(VendorSettings.From(new VendorOptions { TermsDe = new string('x', VendorDocument.LongestText + 1) }))
            .Select(r => r.Id).ShouldContain("termsDe");

    [Fact]
    public async Task They_are_linked_where_there_are_some_and_read_as_given()
    {
        await using var portal = new PortalFactory
        {
            Configuration =
            {
                ["Vendor:TermsDe"] = "## Geltung\n\nDiese **AGB** gelten <script>immer</script>.",
                ["Vendor:WithdrawalDe"] = Address,
            },
        };
        await portal.InitializeAsync();
        using var browser = new Browser(portal);

        await browser.GetAsync("/");
        var links = browser.Page.QuerySelectorAll("footer nav a").ToDictionary(a => a.TextContent, a => a.GetAttribute("href"));
        links["AGB"].ShouldBe("/terms");
        links["Widerruf"].ShouldBe(Address);

        await browser.GetAsync("/terms");
        browser.Page.QuerySelector("main strong")!.TextContent.ShouldBe("AGB");
        browser.Page.QuerySelectorAll("main script").ShouldBeEmpty();
        await browser.GetAsync("/withdrawal");
        browser.Page.QuerySelector("main p a")!.GetAttribute("href").ShouldBe(Address);
    }

    [Theory]
    [InlineData("Text", "Text", 2)]
    [InlineData(null, "Text", 1)]
    [InlineData(null, null, 0)]
    public async Task Beside_the_button_that_orders_stands_what_there_is(string? terms, string? withdrawal, int links)
    {
        await using var context = new BunitContext();
        context.Services.AddLocalization();
        context.Services.AddSingleton(Options.Create(new VendorOptions { TermsDe = terms, WithdrawalDe = withdrawal }));

        context.Render<BuyerDocuments>().FindAll("a[target=_blank]").Count.ShouldBe(links);
    }

    [Fact]
    public async Task Without_them_there_is_neither_page_nor_link()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        using var browser = new Browser(portal);
        using var client = portal.CreateClient();

        await browser.GetAsync("/");

        browser.Page.QuerySelectorAll("footer nav a").Select(a => a.GetAttribute("href")).ShouldNotContain("/terms");
        foreach (var path in new[] { "/terms", "/withdrawal" })
        {
            using var answer = await client.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
    }
}
