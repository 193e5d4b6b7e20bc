using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>/move: every step of a move from a PC that still runs, with ticks that the address keeps.</summary>
public class MovePageTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    [Theory]
    [InlineData("de", "Die Lizenz selbst umziehen", "Bestätigungscode", "In welchem Land steht der PC?", "Geschafft")]
    [InlineData("en", "Move the license yourself", "verification code", "Which country is the PC in?", "Done")]
    public async Task The_steps_are_ticked_off_one_by_one_until_all_are_done(
        string language, string heading, string way, string checklist, string done)
    {
        var product = await AddAsync(SampleChecklists.Policy);
        using var browser = await portal.Open(language).GetAsync($"/move?product={product}");
        browser.Outcome.ShouldBe("move");
        browser.Heading.ShouldBe(heading);
        browser.Words.ShouldContain(way);
        browser.Words.ShouldContain(checklist);
        browser.Page.QuerySelectorAll("main input[type=checkbox]").Select(i => i.Id)
            .ShouldBe(["install", "release", "activate", "check"]);
        browser.Page.QuerySelectorAll("#checklist").ShouldHaveSingleItem();
        browser.Page.QuerySelectorAll("main input[checked]").ShouldBeEmpty();

        await browser.GetAsync($"/move?product={product}&done=install&done=release&done=%3Cscript%3E");
        browser.Outcome.ShouldBe("move");
        browser.Page.QuerySelectorAll("main input[checked]").Select(i => i.Id).ShouldBe(["install", "release"]);
        browser.Page.DocumentElement.OuterHtml.ShouldNotContain("<script>");

        var rest = $"/move?product={product}&done=install&done=release&done=activate&done=check";
        (await browser.GetAsync(rest)).Outcome.ShouldBe("move", "the list is left");
        (await browser.GetAsync(rest + "&country=DE&item=tse")).Outcome.ShouldBe("move", "nobody has said whether there is a backup");
        browser.Page.QuerySelectorAll("main [name=backup]").Length.ShouldBe(2);
        (await browser.GetAsync(rest + "&country=DE&backup=no&item=tse&item=restore")).Outcome.ShouldBe("move", "that is the other case");
        browser.Page.QuerySelectorAll("main [name=item]").Select(i => i.GetAttribute("value")).ShouldBe(["tse", "new"]);
        browser.Page.QuerySelector("main a[href='https://muster-software.example/tse']").ShouldNotBeNull();
        await browser.GetAsync(rest + "&country=DE&backup=no&item=tse&item=new");
        browser.Outcome.ShouldBe("moved");
        browser.Words.ShouldContain(done);
    }

    [Fact]
    public async Task A_product_without_a_list_has_no_such_step_and_without_a_product_it_is_asked_for()
    {
        var product = await AddAsync(new ChecklistPolicy());
        await AddAsync(new ChecklistPolicy());
        using var browser = await portal.Open("de").GetAsync($"/move?product={product}");
        browser.Page.QuerySelector("#checklist").ShouldBeNull();
        browser.Page.QuerySelectorAll("main a[href^='/appointments']").ShouldBeEmpty("the product offers none");

        await browser.GetAsync("/move?product=none");
        browser.Heading.ShouldBe("Welche Software möchten Sie umziehen?");
        browser.Page.QuerySelector($"main a[href='/move?product={product}']").ShouldNotBeNull();
    }

    private async Task<string> AddAsync(ChecklistPolicy checklists)
    {
        var product = Product.Create($"move-{Guid.NewGuid():n}"[..20], "Muster-POS", new ProductPolicies { Checklists = checklists });
        await using var db = portal.Portal.Open();
        db.Add(product);
        await db.SaveChangesAsync();
        portal.Portal.Services.GetRequiredService<ProductCatalog>().Forget();
        return product.Id;
    }
}
