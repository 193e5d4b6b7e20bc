using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Account;

public class SignInTests(SignInTests.Ground ground) : IClassFixture<SignInTests.Ground>
{
    private PortalFactory Portal => ground.Portal;

    [Fact]
    public async Task Password_and_code_open_the_staff_area_and_nothing_less_does()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var stranger = new Browser(Portal);
        (await stranger.GetAsync("/staff")).Path.ShouldStartWith("/account/sign-in?return=");

        using var browser = await clerk.SignInByPasswordAsync();
        browser.Path.ShouldBe("/account/sign-in/code");
        (await browser.GetAsync("/staff")).Path.ShouldStartWith("/account/sign-in");

        using var staff = await clerk.SignInAsync();
        (await staff.GetAsync("/staff")).Status.ShouldBe(HttpStatusCode.OK);
        (await staff.GetAsync("/account")).Words.ShouldContain(clerk.Email);
    }

    [Fact]
    public async Task Whoever_wanted_a_page_gets_there_and_never_to_a_foreign_one()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var browser = new Browser(Portal);
        await browser.GetAsync("/staff/licenses");
        await browser.SubmitAsync(("Email", clerk.Email), ("Password", StaffUser.Password));
        await browser.SubmitAsync(("Code", clerk.Code()));
        browser.Path.ShouldBe("/staff/licenses");

        Portal.Clock.Advance(TimeSpan.FromMinutes(1));
        using var lured = new Browser(Portal);
        await lured.GetAsync("/account/sign-in?return=https%3A%2F%2Fevil.example%2F");
        await lured.SubmitAsync(("Email", clerk.Email), ("Password", StaffUser.Password));
        await lured.SubmitAsync(("Code", clerk.Code()));
        lured.Path.ShouldBe("/staff");
    }

    [Fact]
    public async Task Unknown_wrong_disabled_and_unfinished_look_alike()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        var disabled = await StaffUser.CreateAsync(Portal);
        await disabled.DisableAsync();
        var unfinished = await CreateByCommandAsync("unfinished@team.example");

        var answers = new List<(HttpStatusCode, string)>();
        foreach (var (email, password) in (IEnumerable<(string, string)>)[
            (clerk.Email, "ganz falsches passwort"), ("niemand@team.example", StaffUser.Password), (disabled.Email, StaffUser.Password),
                (unfinished, StaffUser.Password)])
        {
            using var browser = new Browser(Portal);
            await browser.GetAsync("/account/sign-in");
            await browser.SubmitAsync(("Email", email), ("Password", password));
            browser.Path.ShouldBe("/account/sign-in");
            answers.Add((browser.Status, browser.Words));
        }

        answers.Distinct().ShouldHaveSingleItem().Item1.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answers[0].Item2.ShouldContain("Anmeldung nicht möglich");
    }

    [Fact]
    public void An_unknown_address_costs_a_hash_as_well()
    {
        var counting = new CountingHasher();
        var limiter = new PasswordLimiter(counting, new HttpContextAccessor());

        limiter.TryVerify(null, "egal").ShouldBe(false);
        limiter.TryVerify(new PortalUser(), "egal").ShouldBe(false);
        limiter.TryVerify(new PortalUser { PasswordHash = "right" }, "right").ShouldBe(true);

        counting.Verified.ShouldBe(3);
    }

    [Fact]
    public async Task A_flood_of_sign_ins_is_told_to_come_back()
    {
        var limiter = Portal.Services.GetRequiredService<PasswordLimiter>();
        var slots = PasswordFloodTests.TakeAll(limiter, IPAddress.Parse("198.51.100.1"), IPAddress.Parse("198.51.100.2"));
        slots.Count.ShouldBe(2 * Environment.ProcessorCount);
        using var browser = new Browser(Portal);
        await browser.GetAsync("/account/sign-in");
        await browser.SubmitAsync(("Email", "a@team.example"), ("Password", "egal"));
        browser.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        browser.Answer.Headers.RetryAfter.ShouldNotBeNull();

        slots.ForEach(s => s.Dispose());
        await browser.GetAsync("/account/sign-in");
        (await browser.SubmitAsync(("Email", "a@team.example"), ("Password", "egal"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Guessing_locks_out_the_guesser_and_not_the_owners_browser()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var own = await clerk.SignInAsync();
        using var guesser = new Browser(Portal);
        await guesser.GetAsync("/account/sign-in");
        for (var i = 0; i < 5; i++)
        {
            await guesser.SubmitAsync(("Email", clerk.Email), ("Password", $"geraten {i} geraten"));
        }

        // The right one comes too late for this source, and says no more than a wrong one.
        await guesser.SubmitAsync(("Email", clerk.Email), ("Password", StaffUser.Password));
        guesser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        guesser.Words.ShouldContain("Anmeldung nicht möglich");

        await own.GetAsync("/account/sign-in");
        (await own.SubmitAsync(("Email", clerk.Email), ("Password", StaffUser.Password))).Path.ShouldBe("/account/sign-in/code");
        await using var db = Portal.Open();
        (await db.Users.SingleAsync(u => u.Id == clerk.Id)).LockoutEnd.ShouldBeNull();
    }

    [Fact]
    public async Task A_sign_in_ends_after_eight_idle_hours_and_after_twelve_in_any_case()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var idle = await clerk.SignInAsync();
        Portal.Clock.Advance(TimeSpan.FromHours(8.1));
        (await idle.GetAsync("/staff")).Path.ShouldStartWith("/account/sign-in");

        using var busy = await clerk.SignInAsync();
        for (var hour = 0; hour < 11; hour++)
        {
            Portal.Clock.Advance(TimeSpan.FromHours(1));
            (await busy.GetAsync("/staff")).Status.ShouldBe(HttpStatusCode.OK);
            busy.Path.ShouldBe("/staff");
        }

        Portal.Clock.Advance(TimeSpan.FromHours(1));
        (await busy.GetAsync("/staff")).Path.ShouldStartWith("/account/sign-in");
        (await busy.GetAsync("/account")).Path.ShouldStartWith("/account/sign-in");
    }

    [Fact]
    public async Task Strength_and_time_of_the_sign_in_survive_the_check_of_the_stamp()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var browser = await clerk.SignInAsync();
        for (var i = 0; i < 3; i++)
        {
            Portal.Clock.Advance(AccountOptions.Revalidation * 2);
            (await browser.GetAsync("/staff")).Path.ShouldBe("/staff");
        }
    }

    [Fact]
    public async Task Signing_out_ends_the_sign_in_and_clears_what_the_browser_kept()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var browser = await clerk.SignInAsync();
        await browser.GetAsync("/account/sign-out");
        using (var answer = await browser.PostAsync())
        {
            answer.Headers.GetValues("Clear-Site-Data").ShouldHaveSingleItem().ShouldContain("storage");
        }

        (await browser.GetAsync("/staff")).Path.ShouldStartWith("/account/sign-in");
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_every_session()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var here = await clerk.SignInAsync();
        using var there = await clerk.SignInAsync();
        await here.GetAsync("/account");
        await here.SubmitAsync(here.Page.QuerySelectorAll("main form").OfType<AngleSharp.Html.Dom.IHtmlFormElement>().Last());

        here.Path.ShouldBe("/account/signed-out");
        Portal.Clock.Advance(AccountOptions.Revalidation * 1.1);
        (await there.GetAsync("/staff")).Path.ShouldStartWith("/account/sign-in");
    }

    [Fact]
    public async Task A_changed_password_ends_the_other_sessions_and_keeps_this_one()
    {
        const string changed = "sieben Reiher stehen am Ufer";
        var clerk = await StaffUser.CreateAsync(Portal);
        using var here = await clerk.SignInAsync();
        using var there = await clerk.SignInAsync();
        await here.GetAsync("/account");
        await here.SubmitAsync(("CurrentPassword", "nicht das richtige"), ("NewPassword", changed), ("RepeatPassword", changed));
        here.Words.ShouldContain("Das aktuelle Passwort stimmt nicht");
        await here.SubmitAsync(("CurrentPassword", StaffUser.Password), ("NewPassword", "passwort1234"),
            ("RepeatPassword", "passwort1234"));
        here.Words.ShouldContain("steht auf den Listen");
        await here.SubmitAsync(("CurrentPassword", StaffUser.Password), ("NewPassword", changed), ("RepeatPassword", changed));
        here.Outcome.ShouldBe("password-changed");

        await using (var db = Portal.Open())
        {
            var kinds = await db.Set<OutboxMessage>().Where(m => m.ToAddress == clerk.Email).Select(m => m.Kind).ToListAsync();
            kinds.Order().ShouldBe(["new-device", "new-device", "security-notice"]);
        }

        Portal.Clock.Advance(AccountOptions.Revalidation * 1.1);
        (await here.GetAsync("/staff")).Path.ShouldBe("/staff");
        (await there.GetAsync("/staff")).Path.ShouldStartWith("/account/sign-in");
    }

    [Fact]
    public async Task The_cookies_of_a_sign_in_are_out_of_reach_of_scripts()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var browser = await clerk.SignInByPasswordAsync();
        using var answer = await browser.PostAsync(typed: ("Code", clerk.Code()));
        var cookies = answer.Headers.GetValues("Set-Cookie").ToList();

        var account = cookies.Single(c => c.StartsWith("account=", StringComparison.Ordinal));
        account.ShouldContain("httponly", Case.Insensitive);
        account.ShouldContain("samesite=lax", Case.Insensitive);
        account.ShouldContain("path=/", Case.Insensitive);
        cookies.ShouldContain(c => c.StartsWith("device=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://licenses.example.org", "__Host-account", CookieSecurePolicy.Always)]
    [InlineData(null, "account", CookieSecurePolicy.None)]
    public async Task By_https_the_cookie_is_bound_to_this_host_and_to_tls(string? publicUrl, string name, CookieSecurePolicy secure)
    {
        await using var portal = new PortalFactory();
        portal.Configuration["PublicUrl"] = publicUrl;
        await portal.InitializeAsync();

        var cookie = portal.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>()
            .Get(IdentityConstants.ApplicationScheme).Cookie;

        (cookie.Name, cookie.SecurePolicy, cookie.HttpOnly, cookie.SameSite, cookie.Domain)
            .ShouldBe((name, secure, true, SameSiteMode.Lax, null));
    }

    [Fact]
    public async Task Passwords_are_hashed_slowly()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        await using var db = Portal.Open();
        var hash = Convert.FromBase64String((await db.Users.SingleAsync(u => u.Id == clerk.Id)).PasswordHash!);

        // Format 3: marker, algorithm, rounds (big endian).
        hash[0].ShouldBe((byte)1);
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)).ShouldBe(210_000u);
    }

    private async Task<string> CreateByCommandAsync(string email)
    {
        (await Portal.RunAsync("admin", "create", "--email", email)).Exit.ShouldBe(0);
        return email;
    }

    public sealed class Ground : IAsyncLifetime
    {
        internal PortalFactory Portal { get; } = new()
        {
            Endpoints = app =>
            {
                app.MapGet("/test/cookies", (HttpContext context) => context.Request.Headers.Cookie.ToString());
                app.MapGet("/test/who", (HttpContext context) => string.Join(
                    '|', new[] { ClaimTypes.NameIdentifier, SignInClaims.Strength, SignInClaims.AuthTime, SignInClaims.Session }
                    .Select(type => context.User.FindFirstValue(type))));
            },
        };

        public Task InitializeAsync()
        {
            Portal.Configuration[Browser.Trusted.Key] = Browser.Trusted.Value;
            return Portal.InitializeAsync();
        }

        public async Task DisposeAsync() => await Portal.DisposeAsync();
    }

    private sealed class CountingHasher : IPasswordHasher<PortalUser>
    {
        public int Verified { get; private set; }

        public string HashPassword(PortalUser user, string password) => "dummy";

        public PasswordVerificationResult VerifyHashedPassword(PortalUser user, string hashedPassword, string providedPassword)
        {
            Verified++;
            return hashedPassword == providedPassword ? PasswordVerificationResult.Success : PasswordVerificationResult.Failed;
        }
    }
}
