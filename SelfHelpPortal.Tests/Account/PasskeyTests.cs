using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Account;

/// <summary>Passkeys as a browser uses them, and every way in which an answer can be wrong.</summary>
public sealed class PasskeyTests(SignInTests.Ground ground) : IClassFixture<SignInTests.Ground>
{
    private PortalFactory Portal => ground.Portal;

    [Fact]
    public async Task A_passkey_is_added_and_signs_in_without_a_name()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var device = await AddAsync(clerk, "Mein Telefon");
        await using (var db = Portal.Open())
        {
            (await db.Set<OutboxMessage>().Where(m => m.ToAddress == clerk.Email).Select(m => m.Kind).ToListAsync())
                .ShouldContain("security-notice");
        }

        using var browser = await SignInAsync(device);

        browser.Path.ShouldBe("/staff");
        browser.Status.ShouldBe(HttpStatusCode.OK);
        await browser.GetAsync("/account");
        browser.Words.ShouldContain("Mein Telefon");
        browser.Words.ShouldContain("Zuletzt benutzt am");
    }

    [Fact]
    public async Task Staff_who_have_nothing_but_a_passkey_reach_the_staff_area()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var device = await AddAsync(clerk);
        await clerk.ChangeAsync(async (users, user) =>
        {
            await users.RemovePasswordAsync(user);
            await users.SetTwoFactorEnabledAsync(user, false);
        });

        using var browser = await SignInAsync(device);

        browser.Path.ShouldBe("/staff");
        Portal.Clock.Advance(AccountOptions.Revalidation * 2);
        (await browser.GetAsync("/staff")).Path.ShouldBe("/staff");
    }

    [Fact]
    public async Task Staff_hear_of_a_passkey_in_a_browser_that_was_never_seen()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var device = await AddAsync(clerk);
        using var browser = await SignInAsync(device);
        (await NoticesAsync()).ShouldBe(2, "the browser that added it, and this one");

        await browser.GetAsync("/account/sign-in");
        await browser.UsePasskeyAsync(device);
        (await NoticesAsync()).ShouldBe(2);

        async Task<int> NoticesAsync()
        {
            await using var db = Portal.Open();
            return await db.Set<OutboxMessage>().CountAsync(m => m.ToAddress == clerk.Email && m.Kind == "new-device");
        }
    }

    [Fact]
    public async Task Customers_come_to_their_own_pages()
    {
        var person = await CustomerUser.CreateAsync(Portal, null);
        using var device = Portal.NewDevice();
        using (var first = await person.SignInAsync())
        {
            first.Path.ShouldBe("/my");
            await AddHereAsync(first, device);
        }

        using var browser = await SignInAsync(device);
        browser.Path.ShouldBe("/my");
    }

    [Theory]
    [InlineData("another origin")]
    [InlineData("a subdomain")]
    [InlineData("another challenge")]
    [InlineData("not verified")]
    [InlineData("another account")]
    [InlineData("another key")]
    [InlineData("no answer")]
    [InlineData("no state")]
    [InlineData("too late")]
    public async Task A_wrong_answer_is_refused(string how)
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var device = await AddAsync(clerk);
        using var browser = new Browser(Portal);
        await browser.GetAsync("/account/sign-in");
        var (options, state) = await browser.AskAsync();
        var root = new Uri(device.Origin);
        using var wrong = Portal.NewDevice();
        switch (how)
        {
            case "another origin":
                device.Origin = "https://evil.example";
                break;
            case "a subdomain":
                device.Origin = $"{root.Scheme}://a.{root.Authority}";
                break;
            case "another challenge":
                device.Challenge = (await browser.AskAsync()).Options.GetProperty("challenge").GetString();
                break;
            case "not verified":
                device.Verifies = false;
                break;
            case "another account":
                device.PretendsToBe = (await StaffUser.CreateAsync(Portal)).Id.ToString();
                break;
            case "another key":
                await AddHereAsync(await (await StaffUser.CreateAsync(Portal)).SignInAsync(), wrong);
                wrong.PretendsToBe = clerk.Id.ToString();
                break;
            case "too late":
                Portal.Clock.Advance(TimeSpan.FromMinutes(5.1));
                break;
        }

        var answer = how switch { "no answer" => "", "another key" => wrong.Get(options), _ => device.Get(options) };
        await browser.SubmitAsync(("Passkey", answer), ("PasskeyState", how == "no state" ? "" : state));

        browser.Outcome.ShouldBe("passkey-refused");
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await browser.GetAsync("/staff")).Path.ShouldStartWith("/account/sign-in");
    }

    [Fact]
    public async Task An_answer_counts_once_also_when_it_comes_many_times_at_once()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var device = await AddAsync(clerk);
        using var browser = new Browser(Portal);
        await browser.GetAsync("/account/sign-in");
        var (options, state) = await browser.AskAsync();
        var answer = device.Get(options);

        var answers =
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => browser.PostAsync(null, ("Passkey", answer), ("PasskeyState", state))));

        answers.Count(a => a.StatusCode == HttpStatusCode.Redirect).ShouldBe(1);
        using var thief = new Browser(Portal);
        await thief.GetAsync("/account/sign-in");
        (await thief.SubmitAsync(("Passkey", answer), ("PasskeyState", state))).Outcome.ShouldBe("passkey-refused");
    }

    [Fact]
    public async Task A_copied_device_is_found_by_its_counter()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var device = await AddAsync(clerk);
        device.Count = 7;
        (await SignInAsync(device)).Path.ShouldBe("/staff");

        device.Count = 7;

        (await SignInAsync(device)).Outcome.ShouldBe("passkey-refused");
        device.Count = 8;
        (await SignInAsync(device)).Path.ShouldBe("/staff");
    }

    [Fact]
    public async Task A_disabled_account_is_refused_and_wrong_passwords_of_strangers_are_not_counted()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var device = await AddAsync(clerk);
        using (var guesser = new Browser(Portal))
        {
            await guesser.GetAsync("/account/sign-in");
            for (var i = 0; i < 12; i++)
            {
                await guesser.SubmitAsync(("Email", clerk.Email), ("Password", $"geraten {i} geraten"));
            }
        }

        (await SignInAsync(device)).Path.ShouldBe("/staff");
        await clerk.DisableAsync();
        (await SignInAsync(device)).Outcome.ShouldBe("passkey-refused");
    }

    [Fact]
    public async Task A_deleted_passkey_opens_nothing_and_ends_the_other_sessions()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var device = await AddAsync(clerk);
        using var there = await SignInAsync(device);
        using var here = await SignInAsync(device);
        await OpenAsync(here);
        await here.SubmitAsync(here.Page.QuerySelectorAll("main form").OfType<AngleSharp.Html.Dom.IHtmlFormElement>().Last());
        here.Outcome.ShouldBe("passkey-deleted");

        (await SignInAsync(device)).Outcome.ShouldBe("passkey-refused");
        Portal.Clock.Advance(AccountOptions.Revalidation * 1.1);
        (await here.GetAsync("/account")).Path.ShouldBe("/account");
        (await there.GetAsync("/account")).Path.ShouldStartWith("/account/sign-in");
    }

    [Fact]
    public async Task The_last_way_in_stays()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var device = await AddAsync(clerk);
        await clerk.ChangeAsync((users, user) => users.SetTwoFactorEnabledAsync(user, false));
        using var browser = await SignInAsync(device);
        await OpenAsync(browser);

        await browser.SubmitAsync(browser.Page.QuerySelectorAll("main form").OfType<AngleSharp.Html.Dom.IHtmlFormElement>().Last());

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Words.ShouldContain("einzige Möglichkeit");
        (await SignInAsync(device)).Path.ShouldBe("/staff");
    }

    [Fact]
    public async Task A_passkey_gets_another_name_and_nobody_elses_is_found()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var device = await AddAsync(clerk, "Telefon");
        using var browser = await SignInAsync(device);
        await OpenAsync(browser);
        var path = browser.Path;
        (await browser.SubmitAsync(("Name", new string('n', 51)))).ErrorsInSummary.ShouldHaveSingleItem().ShouldContain("höchstens 50");
        (await browser.SubmitAsync(("Name", "Büro"))).Outcome.ShouldBe("passkey-renamed");
        browser.Words.ShouldContain("Büro");

        using var other = await (await StaffUser.CreateAsync(Portal)).SignInAsync();
        (await other.GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Ten_passkeys_are_the_most_and_none_counts_twice()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var browser = await clerk.SignInAsync();
        using var device = Portal.NewDevice();
        await AddHereAsync(browser, device);
        await browser.GetAsync("/account/passkeys/new");
        (await browser.UsePasskeyAsync(device)).Outcome.ShouldBe("refused");
        for (var i = 1; i < Passkeys.Most; i++)
        {
            using var another = Portal.NewDevice();
            await AddHereAsync(browser, another);
        }

        using var eleventh = Portal.NewDevice();
        await browser.GetAsync("/account/passkeys/new");
        await browser.UsePasskeyAsync(eleventh);

        browser.ErrorsInSummary.ShouldHaveSingleItem().ShouldContain("höchstens zehn Passkeys");
    }

    [Fact]
    public async Task A_passkey_made_for_somebody_else_is_not_added()
    {
        using var other = await (await StaffUser.CreateAsync(Portal)).SignInAsync();
        await other.GetAsync("/account/passkeys/new");
        using var device = Portal.NewDevice();
        var (options, state) = await other.AskAsync();
        using var browser = await (await StaffUser.CreateAsync(Portal)).SignInAsync();
        await browser.GetAsync("/account/passkeys/new");

        await browser.SubmitAsync(("Passkey", device.Create(options)), ("PasskeyState", state), ("Name", "fremd"));

        browser.Outcome.ShouldBe("refused");
        (await browser.GetAsync("/account")).Words.ShouldContain("Noch keiner");
    }

    /// <summary>T3 of security.md, section 16.</summary>
    [Fact]
    public async Task The_question_is_the_same_for_everybody()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var device = await AddAsync(clerk);
        using var browser = new Browser(Portal);
        await browser.GetAsync("/account/sign-in");

        var shapes = new List<string>();
        foreach (var name in (string[])[clerk.Email, "niemand@team.example", ""])
        {
            var (options, _) = await browser.AskAsync(("Email", name), ("username", name));
            options.GetProperty("allowCredentials").GetArrayLength().ShouldBe(0);
            options.GetProperty("userVerification").GetString().ShouldBe("required");
            options.GetProperty("rpId").GetString().ShouldBe("localhost");
            options.GetProperty("challenge").GetString()!.Length.ShouldBe(43);
            shapes.Add(string.Join(',', options.EnumerateObject().Select(p => $"{p.Name}:{p.Value.ValueKind}")));
        }

        shapes.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_new_passkey_is_one_that_signs_in_without_a_name()
    {
        using var browser = await (await StaffUser.CreateAsync(Portal)).SignInAsync();
        await browser.GetAsync("/account/passkeys/new");
        var (options, _) = await browser.AskAsync();

        var wanted = options.GetProperty("authenticatorSelection");
        (wanted.GetProperty("residentKey").GetString(), wanted.GetProperty("userVerification").GetString())
            .ShouldBe(("required", "required"));
        options.GetProperty("attestation").GetString().ShouldBe("none");
        options.GetProperty("timeout").GetInt32().ShouldBe(300_000);
    }

    [Fact]
    public async Task Without_the_forms_token_or_with_a_ticket_of_ones_own_making_there_is_no_question()
    {
        using var browser = new Browser(Portal);
        using var bare = new HttpRequestMessage(HttpMethod.Post, "/account/passkey-question") { Content = new FormUrlEncodedContent([]) };
        (await browser.SendAsync(bare)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        await browser.GetAsync("/account/sign-in");
        var token = browser.Page.QuerySelector("[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var forged = new HttpRequestMessage(HttpMethod.Post, "/account/passkey-question")
        {
            Content =
                new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("PasskeyTicket", Guid.NewGuid().ToString())]),
        };
        (await browser.SendAsync(forged)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<SoftwareAuthenticator> AddAsync(StaffUser clerk, string name = "Gerät")
    {
        var device = Portal.NewDevice();
        using var browser = await clerk.SignInAsync();
        await AddHereAsync(browser, device, name);
        return device;
    }

    private static async Task AddHereAsync(Browser browser, SoftwareAuthenticator device, string name = "Gerät")
    {
        await browser.GetAsync("/account/passkeys/new");
        await browser.UsePasskeyAsync(device, ("Name", name));
        browser.Outcome.ShouldBe("passkey-added", browser.Words);
    }

    private async Task<Browser> SignInAsync(SoftwareAuthenticator device)
    {
        var browser = new Browser(Portal);
        await browser.GetAsync("/account/sign-in");
        return await browser.UsePasskeyAsync(device);
    }

    private static async Task OpenAsync(Browser browser)
    {
        await browser.GetAsync("/account");
        await browser.GetAsync(browser.Page.QuerySelector("main a[href^='/account/passkeys/']:not([href$='/new'])")!.GetAttribute("href")!);
    }
}
