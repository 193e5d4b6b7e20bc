using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Features.Staff.Search;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

public sealed class SearchPageTests(StaffGround ground) : StaffPageContext(ground)
{
    private NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    [Theory]
    [InlineData("de", "Kunden", "Firma: Konditorei Blümchen & Co", "Suche: bluemchen konditorei")]
    [InlineData("en", "Customers", "Company: Konditorei Blümchen & Co", "Search: bluemchen konditorei")]
    public async Task The_page_shows_what_was_found_and_marks_why(string language, string heading, string matched, string title)
    {
        await (await Portal.AddLicenseAsync()).OfAsync("bluemchen@konditorei.example", "Konditorei Blümchen & Co");
        Speak(language);
        await OpenAsync(null, typeof(SearchEverything));
        Navigation.NavigateTo("/staff/search?q=bluemchen%20konditorei");

        var page = Render<SearchPage>();
        page.WaitForElement("[data-outcome=search]");

        page.Find("h1").TextContent.ShouldBe(title);
        var group = page.Find("section[aria-labelledby=found-Customers]");
        group.QuerySelector("h2")!.TextContent.ShouldStartWith(heading);
        group.QuerySelectorAll(".hit-match").Select(m => m.TextContent).ShouldContain(matched);
        group.QuerySelectorAll("mark").Select(m => m.TextContent).ShouldContain("Blümchen");
        page.Find("input[type=search]").GetAttribute("value").ShouldBe("bluemchen konditorei");
        ShouldHoldNoRawKey(page.Nodes);
    }

    [Theory]
    [InlineData("de", "wurde nichts gefunden")]
    [InlineData("en", "Nothing was found")]
    public async Task The_page_says_that_nothing_was_found_and_that_a_term_is_too_short(string language, string nothing)
    {
        Speak(language);
        await OpenAsync(null, typeof(SearchEverything));
        Navigation.NavigateTo("/staff/search?q=qx");

        var page = Render<SearchPage>();
        page.WaitForElement("[data-outcome=search]");

        page.Find(".empty").TextContent.ShouldContain(nothing);
        page.Find("[role=status]").TextContent.ShouldContain("qx");
        ShouldHoldNoRawKey(page.Nodes);
    }

    [Fact]
    public async Task A_whole_number_opens_its_page_and_a_pasted_key_does_not_stay_in_the_address()
    {
        var license = await Portal.AddLicenseAsync();
        await OpenAsync(null, typeof(SearchEverything));
        Navigation.NavigateTo($"/staff/search?q={license.Number}");

        var page = Render<SearchPage>();
        page.WaitForAssertion(() => Navigation.Uri.ShouldEndWith($"/staff/licenses/{license.Number}"));

        Navigation.NavigateTo("/staff/search");
        page = Render<SearchPage>();
        await page.WaitForElement("input[type=search]").ChangeAsync(license.Key);
        await page.Find("form[role=search]").SubmitAsync();
        Navigation.Uri.ShouldEndWith($"/staff/search?q={license.LastFive}");

        Navigation.NavigateTo($"/staff/search?q={license.Key}");
        Render<SearchPage>();
        Navigation.Uri.ShouldEndWith($"/staff/search?q={license.LastFive}");
    }
}
