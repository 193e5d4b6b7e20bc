using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http.Api;

/// <summary>How often somebody may ask, rightly and wrongly. Each test has a portal of its own, since they share an address.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task Of_many_wrong_keys_from_one_address_ten_are_answered_and_a_right_one_activates_even_there()
    {
        await using var portal =
            new ApiPortal { Portal = new PortalFactory { Configuration = { ["Proxy:KnownNetworks:0"] = "127.0.0.0/8" } } };
        await portal.InitializeAsync();
        var till = await portal.TillAsync("GAST");
        var guesser = await portal.TillAsync("RATER");
        const int guesses = 1000;

        var answers = new ConcurrentBag<ApiAnswer>();
        await Parallel.ForAsync(0, guesses, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) =>
        {
            var body = guesser.ActivateBody();
            body["activationKey"] = ActivationKey.New().ToString();
            answers.Add(await guesser.SendAsync("activations", body, headers => headers.Add("X-Forwarded-For", "198.51.100.7")));
        });

        answers.Count(a => a.Status == 404).ShouldBe(10);
        var refused = answers.Where(a => a.Status != 404).ToList();
        refused.Count.ShouldBe(guesses - 10);
        refused.ForEach(a => a.ShouldBeProblem(429, "RATE_LIMITED"));
        refused.Select(a => a.Text).Distinct().ShouldHaveSingleItem();
        refused[0]["retryAfter"]!.GetValue<int>().ShouldBe(3600);
        refused[0]["nextAllowedAt"]!.GetValue<DateTimeOffset>().ShouldBe(portal.Clock.Now.AddHours(1));
        refused[0].Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromHours(1));
        var right = await till.SendAsync("activations", till.ActivateBody(), headers => headers.Add("X-Forwarded-For", "198.51.100.7"));
        right.ShouldBeActivated(201);
    }

    [Fact]
    public async Task A_forged_forwarded_address_of_a_stranger_opens_no_new_budget()
    {
        await using var portal = new ApiPortal();
        await portal.InitializeAsync();
        var guesser = await portal.TillAsync("RATER");
        List<int> statuses = [];
        for (var i = 0; i < 12; i++)
        {
            var body = guesser.ActivateBody();
            body["activationKey"] = ActivationKey.New().ToString();
            statuses.Add(
                (await guesser.SendAsync("activations", body, headers => headers.Add("X-Forwarded-For", $"198.51.100.{i}"))).Status);
        }

        statuses.ShouldBe([.. Enumerable.Repeat(404, 10), 429, 429]);
    }

    [Fact]
    public async Task Wrong_proofs_are_counted_and_right_ones_go_through_all_the_same()
    {
        await using var portal = new ApiPortal();
        await portal.InitializeAsync();
        var till = await portal.ActiveTillAsync("KASSE-1");
        List<int> statuses = [];
        for (var i = 0; i < 12; i++)
        {
            var body = till.CheckBody();
            body["mac"] = new string('0', 64);
            statuses.Add((await till.SendAsync($"activations/{till.Handle}/check", body)).Status);
        }

        statuses.ShouldBe([.. Enumerable.Repeat(404, 10), 429, 429]);
        (await till.CheckAsync()).ShouldBe("VALID", valid: true);
    }

    [Fact]
    public async Task Sixty_check_ins_an_hour_are_enough_for_one_computer()
    {
        await using var portal = new ApiPortal();
        await portal.InitializeAsync();
        var till = await portal.ActiveTillAsync("KASSE-1");
        var other = await portal.ActiveTillAsync("KASSE-2");
        for (var i = 0; i < 60; i++)
        {
            (await till.CheckAsync()).ShouldBe("VALID", valid: true);
        }

        var answer = (await till.CheckAsync()).ShouldBeProblem(429, "RATE_LIMITED");
        answer.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        (await other.CheckAsync()).ShouldBe("VALID", valid: true);
        (await till.ReleaseAsync()).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Valid_requests_of_one_address_have_a_limit_too()
    {
        await using var portal =
            new ApiPortal { Portal = new PortalFactory { Configuration = { ["Guessing:RequestsPerAddressAndMinute"] = "5" } } };
        await portal.InitializeAsync();
        var till = await portal.ActiveTillAsync("KASSE-1");
        for (var i = 0; i < 4; i++)
        {
            (await till.CheckAsync()).ShouldBe("VALID", valid: true);
        }

        (await till.CheckAsync()).ShouldBeProblem(429, "RATE_LIMITED");
        (await till.ReleaseAsync()).ShouldBeProblem(429, "RATE_LIMITED");
        (await till.ActivateAsync()).ShouldBeProblem(429, "RATE_LIMITED");
        (await portal.LicenseOfAsync(till)).ActiveComputers.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Of_many_wrong_keys_that_can_be_guessed_five_are_looked_up_however_many_come_at_once()
    {
        using var statements = new StatementLog();
        await using var portal =
            new ApiPortal
            {
                Portal =
                new PortalFactory { Configuration = { ["Guessing:SameWrongKey:Count"] = "1000" }, Change = statements.Attach }
            };
        await portal.InitializeAsync();
        await using (var db = portal.Portal.Open())
        {
            var product = await db.Products.SingleAsync(p => p.Id == ApiPortal.Beam);
            product.ChangePolicies(product.Policies with { Key = new KeyScheme { Pattern = "[0-9]{4}", LowEntropy = true } });
            var customer = await db.Customers.Select(c => c.Id).SingleAsync();
            db.Add(portal.Portal.Services.GetRequiredService<LicenseFactory>()
                .Make("L-8421", product.Id, customer, "8421", "8421", 1, portal.Clock.Now));
            await db.SaveChangesAsync();
            portal.Portal.Services.GetRequiredService<ProductCatalog>().Forget();
        }

        var guesser = await portal.TillAsync("RATER");
        statements.Clear();

        var answers = await Task.WhenAll(Enumerable.Range(1000, 60).Select(key =>
        {
            var body = guesser.ActivateBody();
            body["activationKey"] = key.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return guesser.SendAsync("activations", body);
        }));

        statements.With("key_hash = ANY").Count.ShouldBe(5);
        answers.Count(a => a.Status == 404).ShouldBe(5);
        answers.Count(a => a.Status == 429).ShouldBe(55);
        var right = guesser.ActivateBody();
        right["activationKey"] = "8421";
        (await guesser.SendAsync("activations", right)).ShouldBeProblem(429, "RATE_LIMITED");
        statements.With("key_hash = ANY").Count.ShouldBe(5);
    }
}
