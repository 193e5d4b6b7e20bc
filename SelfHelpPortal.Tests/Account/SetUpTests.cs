using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Account;

/// <summary>From the operator's command to an account that works, and every way in which that is refused.</summary>
public partial class SetUpTests(SignInTests.Ground ground) : IClassFixture<SignInTests.Ground>
{
    private const string Password = "neun Störche über dem Moor";

    private PortalFactory Portal => ground.Portal;

    [Fact]
    public async Task A_new_portal_has_no_account_and_the_demo_makes_none()
    {
        await using var portal = new PortalFactory();
        (await portal.RunAsync("seed", "--demo")).Exit.ShouldBe(0);
        await portal.InitializeAsync();
        await using var db = portal.Open();

        (await db.Customers.CountAsync()).ShouldBeGreaterThan(0);
        (await db.Users.CountAsync()).ShouldBe(0);
        (await db.UserRoles.CountAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData("de", "Schritt 1 von 3")]
    [InlineData("en", "Step 1 of 3")]
    public async Task A_link_leads_through_password_and_app_to_recovery_codes(string language, string step)
    {
        var link = await CreateAsync($"first.{language}@team.example");
        using var browser = new Browser(Portal, language);
        await browser.GetAsync(link);
        browser.Outcome.ShouldBe("password");
        browser.Words.ShouldContain(step);
        browser.Answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);

        await browser.SubmitAsync(("Password", Password), ("Repeat", Password));
        browser.Outcome.ShouldBe("authenticator");
        var seed = Seed(browser);
        browser.Page.QuerySelector("figure svg path")!.GetAttribute("d")!.Length.ShouldBeGreaterThan(1000);
        await browser.SubmitAsync(("Code", "000000"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        await browser.SubmitAsync(("Code", Totp.Code(seed, Portal.Clock.Now)));
        browser.Outcome.ShouldBe("done");
        browser.Page.QuerySelectorAll(".codes li").Length.ShouldBe(10);

        await using (var db = Portal.Open())
        {
            (await db.Users.SingleAsync(u => u.Email == $"first.{language}@team.example")).Culture.ShouldBe(language);
        }

        // The password was shown in the same browser, so one is inside; the link is used up.
        (await browser.GetAsync("/staff")).Path.ShouldBe("/staff");
        (await browser.GetAsync(link)).Outcome.ShouldBe("invalid-link");
        browser.Status.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task A_link_leads_by_a_passkey_into_the_staff_area_and_is_used_up()
    {
        var link = await CreateAsync("passkey@team.example");
        using var device = Portal.NewDevice();
        using var browser = new Browser(Portal);
        await browser.GetAsync(link);
        device.Origin = "https://evil.example";
        (await browser.UsePasskeyAsync(device)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        device.Origin = Portal.NewDevice().Origin;
        await browser.UsePasskeyAsync(device);
        browser.Outcome.ShouldBe("ready");

        (await browser.GetAsync("/staff")).Path.ShouldBe("/staff");
        (await browser.GetAsync(link)).Outcome.ShouldBe("invalid-link");
        using var again = new Browser(Portal);
        await again.GetAsync("/account/sign-in");
        (await again.UsePasskeyAsync(device)).Path.ShouldBe("/staff");
    }

    [Fact]
    public async Task A_reset_takes_the_passkeys_away_as_well()
    {
        var link = await CreateAsync("lost@team.example");
        using var device = Portal.NewDevice();
        using var browser = new Browser(Portal);
        await browser.GetAsync(link);
        await browser.UsePasskeyAsync(device);
        (await Portal.RunAsync("admin", "reset", "--email", "lost@team.example")).Exit.ShouldBe(0);

        (await browser.GetAsync("/staff")).Path.ShouldStartWith("/account/sign-in");
        (await browser.UsePasskeyAsync(device)).Outcome.ShouldBe("passkey-refused");
    }

    [Fact]
    public async Task Opening_a_link_changes_nothing()
    {
        var link = await CreateAsync("scanned@team.example");
        var before = await RowsAsync("scanned@team.example");
        using var browser = new Browser(Portal);
        for (var i = 0; i < 3; i++)
        {
            (await browser.GetAsync(link)).Outcome.ShouldBe("password");
        }

        (await RowsAsync("scanned@team.example")).ShouldBe(before);
    }

    [Fact]
    public async Task Whoever_breaks_off_goes_on_by_the_same_link_but_is_not_signed_in_by_it()
    {
        var link = await CreateAsync("slow@team.example");
        using (var first = new Browser(Portal))
        {
            await first.GetAsync(link);
            await first.SubmitAsync(("Password", Password), ("Repeat", Password));
        }

        using var second = new Browser(Portal);
        await second.GetAsync(link);
        second.Outcome.ShouldBe("authenticator");
        await second.SubmitAsync(("Code", Totp.Code(Seed(second), Portal.Clock.Now)));
        second.Outcome.ShouldBe("done");
        (await second.GetAsync("/staff")).Path.ShouldStartWith("/account/sign-in");
    }

    [Fact]
    public async Task A_password_alone_opens_nothing_before_the_app_is_set_up()
    {
        var link = await CreateAsync("half@team.example");
        using var browser = new Browser(Portal);
        await browser.GetAsync(link);
        await browser.SubmitAsync(("Password", Password), ("Repeat", Password));

        using var signedIn = new Browser(Portal);
        await signedIn.GetAsync("/account/sign-in");
        await signedIn.SubmitAsync(("Email", "half@team.example"), ("Password", Password));
        signedIn.Path.ShouldBe("/account");
        signedIn.Words.ShouldContain("nicht eingerichtet");
        (await signedIn.GetAsync("/staff")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("kurz", "kurz", "mindestens 12 Zeichen")]
    [InlineData("passwort1234", "passwort1234", "steht auf den Listen")]
    [InlineData("ich heisse checked beim Amt", "ich heisse checked beim Amt", "enthält Ihre Adresse")]
    [InlineData("neun Störche über dem Moor", "neun Störche", "stimmen nicht überein")]
    public async Task A_bad_password_is_refused_in_words(string password, string repeated, string words)
    {
        var link = await CreateAsync($"checked.{Guid.NewGuid():N}@team.example");
        using var browser = new Browser(Portal);
        await browser.GetAsync(link);
        await browser.SubmitAsync(("Password", password), ("Repeat", repeated));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldHaveSingleItem().ShouldContain(words);
        browser.Outcome.ShouldBe("password");
    }

    [Fact]
    public async Task A_link_ends_after_a_day()
    {
        var link = await CreateAsync("late@team.example");
        Portal.Clock.Advance(TimeSpan.FromHours(24));
        using var browser = new Browser(Portal);

        (await browser.GetAsync(link)).Outcome.ShouldBe("invalid-link");
        (await browser.GetAsync("/account/set-up/" + new string('A', 43))).Outcome.ShouldBe("invalid-link");
    }

    [Fact]
    public async Task A_known_address_is_refused_in_a_sentence()
    {
        await CreateAsync("twice@team.example");

        var (exit, output) = await Portal.RunAsync("admin", "create", "--email", "Twice@team.example");

        exit.ShouldBe(1);
        output.Trim().ShouldBe("There is an account with the address Twice@team.example already; 'admin reset' gives it a new link.");
    }

    [Theory]
    [InlineData("admin create")]
    [InlineData("admin create --email")]
    [InlineData("admin create --email a@team.example --role owner")]
    [InlineData("admin create --mail a@team.example")]
    [InlineData("admin reset")]
    [InlineData("admin disable")]
    public async Task A_wrong_line_is_answered_with_the_usage(string line)
    {
        var (exit, output) = await Portal.RunAsync(line.Split(' '));

        exit.ShouldBe(2);
        output.ShouldContain("Usage: admin");
    }

    [Fact]
    public async Task An_address_that_is_none_and_a_bad_password_are_refused()
    {
        (await Portal.RunAsync("admin", "create", "--email", "nobody"))
            .ShouldBe((1, $"'nobody' is not an e-mail address.{Environment.NewLine}"));
        Environment.SetEnvironmentVariable("SELFHELP_TEST_PASSWORD", "kurz");
        (await Portal.RunAsync("admin", "create", "--email", "env@team.example", "--password-from-env",
            "SELFHELP_TEST_PASSWORD")).Output.ShouldContain("at least 12");
        (await Portal.RunAsync("admin", "create", "--email", "env@team.example", "--password-from-env",
            "SELFHELP_TEST_NOTHING")).Output.ShouldContain("is empty");
    }

    [Fact]
    public async Task With_a_password_from_the_environment_only_the_app_is_left_to_do()
    {
        Environment.SetEnvironmentVariable("SELFHELP_TEST_GOOD_PASSWORD", Password);
        var (exit, output) = await Portal.RunAsync(
            "admin", "create", "--email", "scripted@team.example", "--password-from-env", "SELFHELP_TEST_GOOD_PASSWORD");
        exit.ShouldBe(0);
        using var browser = new Browser(Portal);

        (await browser.GetAsync(LinkIn(output))).Outcome.ShouldBe("authenticator");
    }

    [Fact]
    public async Task A_reset_ends_everything_and_begins_again()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var signedIn = await clerk.SignInAsync();
        var (exit, output) = await Portal.RunAsync("admin", "reset", "--email", clerk.Email);
        exit.ShouldBe(0);

        Portal.Clock.Advance(AccountOptions.Revalidation * 1.1);
        (await signedIn.GetAsync("/staff")).Path.ShouldStartWith("/account/sign-in");
        using var old = await clerk.SignInByPasswordAsync();
        old.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var again = new Browser(Portal);
        await again.GetAsync(LinkIn(output));
        await again.SubmitAsync(("Password", Password), ("Repeat", Password));
        Seed(again).ShouldNotBe(clerk.Seed);
    }

    [Fact]
    public async Task Disabling_ends_the_sign_in_and_enabling_lets_in_again()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var signedIn = await clerk.SignInAsync();
        (await Portal.RunAsync("admin", "disable", "--email", clerk.Email)).Exit.ShouldBe(0);
        Portal.Clock.Advance(AccountOptions.Revalidation * 1.1);
        (await signedIn.GetAsync("/staff")).Path.ShouldStartWith("/account/sign-in");
        (await Portal.RunAsync("admin", "disable", "--email", "nobody@team.example")).Exit.ShouldBe(1);

        (await Portal.RunAsync("admin", "enable", "--email", clerk.Email)).Exit.ShouldBe(0);
        using var again = await clerk.SignInAsync();
        (await again.GetAsync("/staff")).Path.ShouldBe("/staff");
    }

    private async Task<string> CreateAsync(string email)
    {
        var (exit, output) = await Portal.RunAsync("admin", "create", "--email", email);
        exit.ShouldBe(0, output);
        return LinkIn(output);
    }

    private static string LinkIn(string output) => Link().Match(output).Groups[1].Value;

    private static string Seed(Browser browser) =>
        browser.Page.GetElementById("manual-key")!.TextContent.Replace(" ", "", StringComparison.Ordinal);

    private async Task<string> RowsAsync(string email)
    {
        await using var db = Portal.Open();
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Email == email);
        var links = await db.Set<SelfHelpPortal.Platform.Secrets.MailLink>().AsNoTracking().Where(l => l.RecordId == user.Id).ToListAsync();
        return System.Text.Json.JsonSerializer.Serialize(
            new { user, links, tokens = await db.UserTokens.Where(t => t.UserId == user.Id).ToListAsync() });
    }

    [GeneratedRegex(@"https?://[^/\s]+(/account/set-up/[\w-]{43})")]
    private static partial Regex Link();
}
