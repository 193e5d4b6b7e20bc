using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>/move: every step of a move from a PC that still runs, with ticks that the address keeps.</summary>
public class MovePageTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    [Theory]
    [InlineData("de", "Die Lizenz selbst umziehen", "Bestätigungscode", "Stecken Sie die TSE um", "Geschafft")]
    [InlineData("en", "Move the license yourself", "verification code", "Plug in the TSE", "Done")]
    public async Task The_steps_are_ticked_off_one_by_one_until_all_are_done(
        string language, string heading, string way, string checklist, string done)
    {
        var product = await AddAsync(new TransferPolicy { ChecklistDe = "- Stecken Sie die TSE um", ChecklistEn = "- Plug in the TSE" });
        using var browser = await portal.Open(language).GetAsync($"/move?product={product}");
        browser.Outcome.ShouldBe("move");
        browser.Heading.ShouldBe(heading);
        browser.Words.ShouldContain(way);
        browser.Words.ShouldContain(checklist);
        browser.Page.QuerySelectorAll("main input[type=checkbox]").Select(i => i.Id)
            .ShouldBe(["install", "release", "activate", "checklist", "check"]);
        browser.Page.QuerySelectorAll("main input[checked]").ShouldBeEmpty();

        await browser.GetAsync($"/move?product={product}&done=install&done=release&done=%3Cscript%3E");
        browser.Outcome.ShouldBe("move");
        browser.Page.QuerySelectorAll("main input[checked]").Select(i => i.Id).ShouldBe(["install", "release"]);
        browser.Page.DocumentElement.OuterHtml.ShouldNotContain("<script>");

        await browser.GetAsync($"/move?product={product}&done=install&done=release&done=activate&done=checklist&done=check");
        browser.Outcome.ShouldBe("moved");
        browser.Words.ShouldContain(done);
    }

    [Fact]
    public async Task A_product_without_a_list_has_no_such_step_and_without_a_product_it_is_asked_for()
    {
        var product = await AddAsync(new TransferPolicy());
        await AddAsync(new TransferPolicy());
        using var browser = await portal.Open("de").GetAsync($"/move?product={product}");
        browser.Page.QuerySelector("#checklist").ShouldBeNull();
        browser.Page.QuerySelectorAll("main a[href^='/appointments']").ShouldBeEmpty("the product offers none");

        await browser.GetAsync("/move?product=none");
        browser.Heading.ShouldBe("Welche Software möchten Sie umziehen?");
        browser.Page.QuerySelector($"main a[href='/move?product={product}']").ShouldNotBeNull();
    }

    private async Task<string> AddAsync(TransferPolicy transfer)
    {
        var product = Product.Create($"move-{Guid.NewGuid():n}"[..20], "Muster-POS", new ProductPolicies { Transfer = transfer });
        await using var db = portal.Portal.Open();
        db.Add(product);
        await db.SaveChangesAsync();
        portal.Portal.Services.GetRequiredService<ProductCatalog>().Forget();
        return product.Id;
    }
}
