using AngleSharp.Html.Parser;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>The portal speaks for its vendor, and refuses settings that customers could not use.</summary>
public class VendorTests
{
    [Fact]
    public async Task The_vendors_name_number_and_colors_are_everywhere()
    {
        await using var portal = new PortalFactory();
        portal.Configuration["Vendor:Name"] = "Beispiel & Söhne AG";
        portal.Configuration["Vendor:PortalName"] = "Lizenzen";
        portal.Configuration["Vendor:Phone"] = "+43 (1) 000-00 00";
        portal.Configuration["Vendor:Country"] = "AT";
        portal.Configuration["Vendor:Address:0"] = "Beispielgasse 2";
        portal.Configuration["Vendor:Accent:Light"] = "#6b0e5a";
        await portal.InitializeAsync();
        using var client = portal.CreateClient();

        var page = new HtmlParser().ParseDocument(await client.GetStringAsync("/imprint"));

        page.QuerySelector(".brand-vendor")!.TextContent.ShouldBe("Beispiel & Söhne AG");
        page.Title.ShouldBe("Impressum – Lizenzen");
        page.QuerySelector("footer a[href='tel:+4310000000']")!.TextContent.ShouldBe("+43 (1) 000-00 00");
        page.QuerySelector("address")!.TextContent.ShouldContain("Beispielgasse 2");
        page.QuerySelector("address")!.TextContent.ShouldContain("Österreich");
        page.QuerySelector("address")!.TextContent.ShouldNotContain("Musterstadt");
        page.QuerySelector("link[href='/vendor.css']").ShouldNotBeNull();
        (await client.GetStringAsync("/vendor.css")).ShouldContain("--accent: #6b0e5a;");
    }

    [Theory]
    [InlineData("Vendor:Accent:Light", "#7fb0ba", "contrast")]
    [InlineData("Vendor:Accent:Dark", "#0e5a6b", "contrast")]
    [InlineData("Vendor:Accent:Light", "red;} body{display:none", "#0e5a6b")]
    [InlineData("Vendor:TimeZone", "Europe/Nowhere", "Europe/Berlin")]
    [InlineData("Vendor:SupportMail", "nobody", "e-mail")]
    [InlineData("Vendor:Country", "Germany", "two letters")]
    [InlineData("Vendor:SecurityContact", "http://example.org/security", "https")]
    [InlineData("Vendor:SecurityContact", "somebody", "https")]
    [InlineData("Vendor:RemoteSupportUrl", "javascript:alert(1)", "https")]
    [InlineData("Vendor:Name", " ", "Vendor:Name")]
    public async Task A_setting_that_customers_could_not_use_is_refused(string key, string value, string sentence)
    {
        await using var portal = new PortalFactory();
        portal.Configuration[key] = value;

        var refused = await Should.ThrowAsync<OptionsValidationException>(portal.InitializeAsync);

        refused.Failures.ShouldHaveSingleItem().ShouldContain(sentence);
    }
}
