using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>The first page of signed-in customers, and the links around it.</summary>
public sealed class MyLicensesTests(MyPortal my) : IClassFixture<MyPortal>
{
    private readonly PortalFactory _portal = my.Portal;

    [Fact]
    public async Task Whoever_is_not_signed_in_is_sent_to_the_sign_in_page_and_back()
    {
        using var client = _portal.CreateClient();
        using var answer = await client.GetAsync("/my");
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.PathAndQuery.ShouldBe("/account/sign-in?return=%2Fmy");
    }

    [Theory]
    [InlineData("de", "Ihre Lizenzen", "Belegte Plätze: 1 von 2", "Mein Bereich", "Anmelden")]
    [InlineData("en", "Your licenses", "Seats in use: 1 of 2", "My area", "Sign in")]
    public async Task Somebody_of_two_customers_sees_both_and_no_other(
        string language, string heading, string seats, string area, string signIn)
    {
        var first = await _portal.AddLicenseAsync(seats: 2, computers: "KASSE-VORN");
        var second = await _portal.AddLicenseAsync(computers: "KASSE-HINTEN");
        var foreign = await _portal.AddLicenseAsync(computers: "FREMD-PC");
        var person = await CustomerUser.CreateAsync(first, CustomerRole.Member);
        await using (var db = _portal.Open())
        {
            var other = await db.Licenses.Where(l => l.Id == second.Id).Select(l => l.CustomerId).SingleAsync();
            db.Add(new CustomerMember { CustomerId = other, UserId = person.Id, Role = CustomerRole.Owner, Since = _portal.Clock.Now });
            await db.SaveChangesAsync();
        }

        await first.ActAsync((license, _) =>
        {
            license.NameComputer(license.Activations[0], "Theke");
            return Task.FromResult(0);
        });

        using var browser = await person.SignInAsync(language);
        await browser.GetAsync("/my");
        browser.Heading.ShouldBe(heading);
        browser.Outcome.ShouldBe("licenses");
        browser.Page.QuerySelectorAll("main h2").Length.ShouldBe(2, "each customer has its own part");
        var card = browser.Page.QuerySelectorAll(".license-card").Select(Browser.Text)
            .Single(text => text.Contains(first.Number, StringComparison.Ordinal));
        card.ShouldContain(seats);
        card.ShouldContain(first.LastFive);
        card.ShouldContain("Theke");
        card.ShouldNotContain("KASSE-VORN", Case.Sensitive, "its own name takes the place of the computer's");
        browser.Words.ShouldContain("KASSE-HINTEN");
        browser.Words.ShouldNotContain(foreign.Number);
        browser.Words.ShouldNotContain(first.Key);
        browser.Page.QuerySelector(".my-nav [aria-current=page]")!.GetAttribute("href").ShouldBe("/my");

        Header(browser).ShouldContain(area);
        Header(browser).ShouldNotContain(signIn);
        await browser.SubmitAsync(browser.Page.QuerySelector<IHtmlFormElement>("header form")!);
        browser.Outcome.ShouldBe("signed-out");
        Header(browser).ShouldContain(signIn);
        await browser.GetAsync("/my");
        browser.Path.ShouldStartWith("/account/sign-in");
    }

    [Theory]
    [InlineData("de", "Mit Schlüssel registrieren")]
    [InlineData("en", "Register with a key")]
    public async Task An_account_of_no_customer_is_told_the_ways_in(string language, string way)
    {
        var person = await CustomerUser.CreateAsync(_portal, customer: null);
        using var browser = await person.SignInAsync(language);
        await browser.GetAsync("/my");
        browser.Outcome.ShouldBe("no-customer");
        browser.Words.ShouldContain(way);
        browser.Page.QuerySelectorAll("main a").Select(a => a.GetAttribute("href")).ShouldContain("/lost-key");
    }

    [Fact]
    public async Task Many_licenses_are_read_with_as_many_statements_as_one_and_come_in_pages()
    {
        var sample = await _portal.AddLicenseAsync(seats: 3, computers: ["KASSE-1", "KASSE-2"]);
        var person = await CustomerUser.CreateAsync(sample);
        using var browser = await person.SignInAsync();
        await browser.GetAsync("/my");
        my.Statements.Clear();
        await browser.GetAsync("/my");
        var one = Asked();

        await using (var db = _portal.Open())
        {
            var owner = await db.Licenses.AsNoTracking().SingleAsync(l => l.Id == sample.Id);
            for (var i = 0; i < 60; i++)
            {
                db.Add(new License
                {
                    Number = $"L-9{i:000}",
                    ProductId = owner.ProductId,
                    CustomerId = owner.CustomerId,
                    Seats = 1,
                    CreatedAt = _portal.Clock.Now,
                    Key = new StoredKey
                    {
                        Hash = Guid.NewGuid().ToByteArray(),
                        FoldedHash = Guid.NewGuid().ToByteArray(),
                        PepperId = "p1",
                        Sealed = [3],
                        LastFive = "PP7FH"
                    },
                });
            }

            await db.SaveChangesAsync();
        }

        my.Statements.Clear();
        await browser.GetAsync("/my");
        Asked().ShouldBe(one);
        var shown = browser.Page.QuerySelectorAll(".license-card h3 a").Select(a => a.GetAttribute("href")).ToList();
        shown.Count.ShouldBe(50);
        await browser.GetAsync(browser.Page.QuerySelector("main a[rel=next]")!.GetAttribute("href")!);
        shown.AddRange(browser.Page.QuerySelectorAll(".license-card h3 a").Select(a => a.GetAttribute("href")));
        shown.Distinct().Count().ShouldBe(61);
    }

    [Fact]
    public async Task Staff_are_led_to_their_own_area()
    {
        var staff = await StaffUser.CreateAsync(_portal, StaffRoles.Support);
        using var browser = await staff.SignInAsync();
        await browser.GetAsync("/my");
        browser.Page.QuerySelector("main a[href='/staff']").ShouldNotBeNull();
        browser.Page.QuerySelector("header a[href='/staff']").ShouldNotBeNull();
    }

    /// <summary>Without what the portal's loops ask meanwhile.</summary>
    private int Asked() => my.Statements.All.Count(
        s => s.Contains("customer_member", StringComparison.Ordinal) || s.Contains("FROM activation", StringComparison.Ordinal));

    private static string Header(Browser browser) => Browser.Text(browser.Page.QuerySelector("header")!);
}
