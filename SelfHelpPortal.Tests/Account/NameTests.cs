using System.Net;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Account;

/// <summary>People change the name by which others read of them.</summary>
public class NameTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Theory]
    [InlineData("  Kasse Süd \t", "Kasse Süd")]
    [InlineData("K\u202Easse", "Kasse")]
    [InlineData("<b>Kasse</b>", "<b>Kasse</b>")]
    [InlineData("店長", "店長")]
    public async Task A_name_is_kept_in_one_line_and_shown(string typed, string kept)
    {
        var user = await CustomerUser.CreateAsync(portal, customer: null);
        using var browser = await user.SignInAsync();
        await browser.GetAsync("/account");
        await browser.GetAsync(browser.Page.QuerySelector("main a[href='/account/name']").ShouldNotBeNull().GetAttribute("href")!);

        await browser.SubmitAsync(("DisplayName", typed));

        browser.Hops.ShouldBe([HttpStatusCode.SeeOther, HttpStatusCode.OK]);
        browser.Outcome.ShouldBe("name-changed");
        browser.Words.ShouldContain(kept);
        (await NameAsync(user.Id)).ShouldBe(kept);
        (await browser.GetAsync("/my")).Status.ShouldBe(HttpStatusCode.OK, "the sign-in goes on");
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u200B")]
    [InlineData("201")]
    public async Task What_is_no_name_is_refused_and_shown_again(string typed)
    {
        var user = await CustomerUser.CreateAsync(portal, customer: null);
        var before = await NameAsync(user.Id);
        using var browser = await user.SignInAsync();
        await browser.GetAsync("/account/name");

        await browser.SubmitAsync(("DisplayName", typed == "201" ? new string('x', 201) : typed));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldHaveSingleItem();
        (await NameAsync(user.Id)).ShouldBe(before);
    }

    [Fact]
    public async Task The_name_of_a_clerk_stays_what_an_administrator_gave()
    {
        var clerk = await StaffUser.CreateAsync(portal);
        var before = await NameAsync(clerk.Id);
        using var browser = await clerk.SignInAsync();
        await browser.GetAsync("/account/name");

        browser.Outcome.ShouldBe("of-staff");
        browser.Page.QuerySelectorAll("main form").ShouldBeEmpty();
        browser.Words.ShouldContain(before);
    }

    private async Task<string> NameAsync(Guid user)
    {
        await using var db = portal.Open();
        return await db.Users.Where(u => u.Id == user).Select(u => u.DisplayName).SingleAsync();
    }
}
