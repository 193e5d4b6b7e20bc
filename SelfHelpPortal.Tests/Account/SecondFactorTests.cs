using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Account;

/// <summary>T5 of security.md, section 16.</summary>
public class SecondFactorTests(SignInTests.Ground ground) : IClassFixture<SignInTests.Ground>
{
    private PortalFactory Portal => ground.Portal;

    [Fact]
    public async Task A_code_counts_once_also_when_it_comes_many_times_at_once()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        var code = clerk.Code();

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AcceptAsync(clerk, code)));

        results.Count(r => r == FactorResult.Accepted).ShouldBe(1);
        (await AcceptAsync(clerk, code)).ShouldNotBe(FactorResult.Accepted);
    }

    [Fact]
    public async Task An_old_code_and_one_before_the_last_used_are_refused()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        var old = clerk.Code();
        Portal.Clock.Advance(TimeSpan.FromSeconds(30));
        var current = clerk.Code();
        (await AcceptAsync(clerk, current)).ShouldBe(FactorResult.Accepted);

        // One step back is within the window, but a younger one was used.
        (await AcceptAsync(clerk, old)).ShouldBe(FactorResult.Wrong);

        Portal.Clock.Advance(TimeSpan.FromSeconds(60));
        var fresh = await StaffUser.CreateAsync(Portal);
        var stale = fresh.Code();
        Portal.Clock.Advance(TimeSpan.FromSeconds(60));
        (await AcceptAsync(fresh, stale)).ShouldBe(FactorResult.Wrong);
    }

    [Fact]
    public async Task Two_thousand_random_codes_get_five_tries_in_five_minutes()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        var random = new Seeded(20261116);
        var right = clerk.Code();
        var tried = 0;
        for (var i = 0; i < 2_000; i++)
        {
            var guess = random.Below(1_000_000).ToString("D6");
            if (guess != right && await AcceptAsync(clerk, guess) == FactorResult.Wrong)
            {
                tried++;
            }
        }

        tried.ShouldBe(5);
        (await AcceptAsync(clerk, clerk.Code())).ShouldBe(FactorResult.TooManyTries);
        Portal.Clock.Advance(TimeSpan.FromMinutes(5));
        (await AcceptAsync(clerk, clerk.Code())).ShouldBe(FactorResult.Accepted);
    }

    [Fact]
    public async Task A_recovery_code_opens_once_and_shares_the_tries()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        var codes = await RecoveryCodesAsync(clerk);
        codes.Distinct().Count().ShouldBe(RecoveryCode.Count);

        using (var browser = await clerk.SignInByPasswordAsync())
        {
            await browser.GetAsync("/account/recovery");
            await browser.SubmitAsync(("Code", codes[0].ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal)));
            (await browser.GetAsync("/staff")).Path.ShouldBe("/staff");
        }

        using var again = await clerk.SignInByPasswordAsync();
        await again.GetAsync("/account/recovery");
        await again.SubmitAsync(("Code", codes[0]));
        again.Outcome.ShouldBe("wrong-code");
        for (var i = 0; i < 4; i++)
        {
            await again.SubmitAsync(("Code", "AAAA-AAAA-AAAA-AAAA"));
        }

        await again.SubmitAsync(("Code", codes[1]));
        again.Outcome.ShouldBe("too-many-tries");
        await again.GetAsync("/account/sign-in/code");
        await again.SubmitAsync(("Code", clerk.Code()));
        again.Outcome.ShouldBe("too-many-tries");
    }

    [Fact]
    public async Task A_wrong_code_after_the_right_password_tells_the_owner_once_in_an_hour()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using (var guesser = new Browser(Portal))
        {
            await guesser.GetAsync("/account/sign-in");
            await guesser.SubmitAsync(("Email", clerk.Email), ("Password", "nicht das richtige"));
        }

        (await KindsAsync(clerk)).ShouldBeEmpty("a wrong password tells nothing");
        for (var hour = 1; hour <= 2; hour++)
        {
            using var knows = await clerk.SignInByPasswordAsync();
            for (var i = 0; i < 3; i++)
            {
                await knows.SubmitAsync(("Code", $"00000{i}"));
                knows.Outcome.ShouldBe("wrong-code");
            }

            (await KindsAsync(clerk)).ShouldBe(Enumerable.Repeat("wrong-code", hour));
            Portal.Clock.Advance(TimeSpan.FromHours(1));
        }

        using var staff = await clerk.SignInAsync();
        (await KindsAsync(clerk)).Count(kind => kind == "wrong-code").ShouldBe(2, "a right code tells nothing of the kind");
        Portal.Clock.Advance(TimeSpan.FromMinutes(15));
        await staff.GetAsync(FreshSignIn.Path);
        for (var i = 0; i < 2; i++)
        {
            await staff.SubmitAsync(("Password", StaffUser.Password), ("Code", "000000"));
            (await KindsAsync(clerk)).Count(kind => kind == "wrong-code").ShouldBe(3);
        }
    }

    private async Task<List<string>> KindsAsync(StaffUser clerk)
    {
        await using var db = Portal.Open();
        return await db.Set<OutboxMessage>().Where(m => m.ToAddress == clerk.Email).Select(m => m.Kind).ToListAsync();
    }

    [Fact]
    public async Task The_code_step_ends_five_minutes_after_the_password()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var browser = await clerk.SignInByPasswordAsync();
        Portal.Clock.Advance(TimeSpan.FromMinutes(5.1));

        (await browser.SubmitAsync(("Code", clerk.Code()))).Path.ShouldBe("/account/sign-in");
    }

    [Fact]
    public async Task New_recovery_codes_need_a_code_of_the_app_and_end_the_old_ones()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        var old = await RecoveryCodesAsync(clerk);
        using var browser = await clerk.SignInAsync();
        await browser.GetAsync("/account");
        var form = browser.Page.QuerySelectorAll("main form").OfType<AngleSharp.Html.Dom.IHtmlFormElement>()
            .Single(f => f.QuerySelector("[name=Code]") is not null);
        await browser.SubmitAsync(form, ("Code", clerk.Code()));
        browser.Outcome.ShouldBe("new-codes");
        browser.Page.QuerySelectorAll(".codes li").Length.ShouldBe(10);

        using var other = await clerk.SignInByPasswordAsync();
        await other.GetAsync("/account/recovery");
        (await other.SubmitAsync(("Code", old[0]))).Outcome.ShouldBe("wrong-code");
    }

    [Fact]
    public async Task Neither_seed_nor_recovery_code_stands_in_the_database()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        var codes = await RecoveryCodesAsync(clerk);
        await using var connection = new NpgsqlConnection(Portal.Database.OwnerConnection);
        await connection.OpenAsync();
        var dump = new StringBuilder();
        foreach (var table in (string[])["asp_net_users", "asp_net_user_tokens"])
        {
#pragma warning disable CA2100 // The names stand above.
            await using var select = new NpgsqlCommand($"SELECT row_to_json(t)::text FROM {table} t", connection);
#pragma warning restore CA2100
            await using var reader = await select.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                dump.AppendLine(reader.GetString(0));
            }
        }

        var text = dump.ToString();
        text.ShouldContain(clerk.Email);
        text.ShouldNotContain(clerk.Seed!);
        codes.ShouldAllBe(c => !text.Contains(c) && !text.Contains(c.Replace("-", "")));
    }

    private async Task<FactorResult> AcceptAsync(StaffUser clerk, string code)
    {
        await using var scope = Portal.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var user = await users.FindByIdAsync(clerk.Id.ToString());
        return await scope.ServiceProvider.GetRequiredService<SecondFactor>()
            .AcceptCodeAsync(user!, code, Portal.Clock.Now, CancellationToken.None);
    }

    private static async Task<string[]> RecoveryCodesAsync(StaffUser clerk)
    {
        string[] codes = [];
        await clerk.ChangeAsync(
            async (users, user) => codes = [.. (await users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCode.Count))!]);
        return codes;
    }
}
