using System.Net;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http.Backoffice;

/// <summary>Who is let in by the backoffice API, and what of a token can be found afterwards.</summary>
public sealed class TokenTests(Shop shop) : IClassFixture<Shop>
{
    /// <summary>Method, path, body and the scopes of which a token needs one.</summary>
    private static readonly (HttpMethod Method, string Path, string? Body, string[] Scopes)[] Endpoints =
    [
        (HttpMethod.Post, "/customers", "{}", [ApiScopes.WriteCustomers]),
        (HttpMethod.Get, "/customers/C-10042", null, [ApiScopes.ReadCustomers]),
        (HttpMethod.Post, "/licenses", "{}", [ApiScopes.WriteLicenses]),
        (HttpMethod.Get, "/licenses/L-1", null, [ApiScopes.ReadLicenses]),
        (HttpMethod.Post, "/licenses/L-1/renew", "{}", [ApiScopes.WriteLicenses]),
        (HttpMethod.Post, "/licenses/L-1/suspend", "{}", [ApiScopes.WriteLicenses]),
        (HttpMethod.Post, "/licenses/L-1/resume", "{}", [ApiScopes.WriteLicenses]),
        (HttpMethod.Get, "/changes", null, [ApiScopes.ReadLicenses, ApiScopes.ReadTransfers, ApiScopes.ReadInvoices]),
    ];

    [Fact]
    public async Task Each_endpoint_wants_one_of_its_scopes_and_no_other()
    {
        foreach (var (method, path, body, needed) in Endpoints)
        {
            foreach (var scope in ApiScopes.All)
            {
                var answer = await shop.SendAsync(method, path, body, await shop.Portal.AddTokenAsync([scope]));
                if (needed.Contains(scope))
                {
                    answer.Status.ShouldBeOneOf([200, 400, 404], $"{method} {path} with {scope}");
                }
                else
                {
                    answer.ShouldBeProblem(403, "MISSING_SCOPE");
                    answer["missingScope"]!.GetValue<string>().ShouldBe(needed[0]);
                    answer["detail"]!.GetValue<string>().ShouldContain(needed[0]);
                    answer.Headers.WwwAuthenticate.ToString().ShouldContain($"scope=\"{needed[0]}\"");
                }
            }
        }
    }

    [Fact]
    public async Task Missing_unknown_revoked_and_expired_tokens_get_one_answer()
    {
        var revoked = await shop.Portal.AddTokenAsync(ApiScopes.All, revoked: true);
        var expired = await shop.Portal.AddTokenAsync(ApiScopes.All, expires: shop.Api.Clock.Now);
        string[] tokens =
        [
            "", revoked, expired, "shp_" + new string('A', 43), "shp_", "x", shop.Token[..^1], shop.Token + "A",
            shop.Token.ToUpperInvariant(), $"Basic {shop.Token}", $"Bearer {shop.Token} {shop.Token}", "Bearer ", $"Bearer  ,{shop.Token}",
        ];
        foreach (var (method, path, body, _) in Endpoints)
        {
            var first = await shop.SendAsync(method, path, body, "");
            first.ShouldBeProblem(401, "UNAUTHORIZED");
            first.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
            foreach (var token in tokens)
            {
                // What else is wrong with the request is not said to strangers.
                var answer = await shop.SendAsync(method, path, body is null ? null : "not JSON", token);
                (answer.Status, answer.Text).ShouldBe((first.Status, first.Text), $"{method} {path} with {token}");
                answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
            }
        }
    }

    [Fact]
    public async Task A_token_in_the_address_counts_for_nothing()
    {
        foreach (var name in (string[])["token", "access_token", "Authorization", "api_key"])
        {
            (await shop.SendAsync(HttpMethod.Get, $"/changes?{name}={shop.Token}", null, "")).ShouldBeProblem(401, "UNAUTHORIZED");
        }
    }

    [Fact]
    public async Task A_token_counts_until_its_end_and_until_it_is_revoked()
    {
        await using var own = new OwnShop();
        await own.InitializeAsync();
        var end = own.Shop.Api.Clock.Now.AddDays(1);
        var token = await own.Shop.Portal.AddTokenAsync(ApiScopes.All, expires: end);
        own.Shop.Api.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        (await own.Shop.GetAsync("/changes", token)).Status.ShouldBe(200);
        own.Shop.Api.Clock.Advance(TimeSpan.FromSeconds(1));
        (await own.Shop.GetAsync("/changes", token)).ShouldBeProblem(401, "UNAUTHORIZED");

        (await own.Shop.GetAsync("/changes")).Status.ShouldBe(200);
        await using var db = own.Shop.Portal.Open();
        await db.ApiTokens.ExecuteUpdateAsync(
            s => s.SetProperty(t => t.RevokedAt, own.Shop.Api.Clock.Now).SetProperty(t => t.RevokedBy, Guid.NewGuid()));
        (await own.Shop.GetAsync("/changes")).ShouldBeProblem(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task Wrong_tokens_are_counted_for_their_source_and_right_ones_are_never_refused_for_it()
    {
        var source = IPAddress.Parse("203.0.113.9");
        for (var i = 0; i < 10; i++)
        {
            (await shop.SendAsync(HttpMethod.Get, "/changes", null, "shp_wrong", from: source)).ShouldBeProblem(401, "UNAUTHORIZED");
        }

        var refused = await shop.SendAsync(HttpMethod.Get, "/changes", null, "shp_wrong", from: source);
        refused.ShouldBeProblem(429, "RATE_LIMITED");
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await shop.SendAsync(HttpMethod.Get, "/changes", null, shop.Token, from: source)).Status.ShouldBe(200);
        (await shop.SendAsync(HttpMethod.Get, "/changes", null, "", from: source))
            .ShouldBeProblem(401, "UNAUTHORIZED");
        (await shop.SendAsync(HttpMethod.Get, "/changes", null, "shp_wrong", from: shop.NextAddress()))
            .ShouldBeProblem(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task Requests_with_a_right_token_have_the_limit_of_all_programs()
    {
        await using var own = new OwnShop();
        own.Shop.Portal.Configuration["Guessing:RequestsPerAddressAndMinute"] = "3";
        await own.InitializeAsync();
        var source = IPAddress.Parse("203.0.113.10");
        for (var i = 0; i < 3; i++)
        {
            (await own.Shop.SendAsync(HttpMethod.Get, "/changes", null, own.Shop.Token, from: source)).Status.ShouldBe(200);
        }

        (await own.Shop.SendAsync(HttpMethod.Get, "/changes", null, own.Shop.Token, from: source)).ShouldBeProblem(429, "RATE_LIMITED");
    }

    [Fact]
    public async Task The_last_use_is_kept_once_a_minute()
    {
        await using var own = new OwnShop();
        await own.InitializeAsync();
        (await UsedAsync()).ShouldBeNull();
        var first = own.Shop.Api.Clock.Now;
        await own.Shop.GetAsync("/changes");
        (await UsedAsync()).ShouldBe(first);
        own.Shop.Api.Clock.Advance(TimeSpan.FromSeconds(59));
        await own.Shop.GetAsync("/changes");
        (await UsedAsync()).ShouldBe(first);
        own.Shop.Api.Clock.Advance(TimeSpan.FromSeconds(1));
        await own.Shop.GetAsync("/changes");
        (await UsedAsync()).ShouldBe(first.AddMinutes(1));

        async Task<DateTimeOffset?> UsedAsync()
        {
            await using var db = own.Shop.Portal.Open();
            return await db.ApiTokens.Select(t => t.LastUsedAt).SingleAsync();
        }
    }

    [Fact]
    public async Task No_token_is_in_a_log_or_in_the_database()
    {
        var license = await shop.LicenseAsync();
        await shop.PostAsync($"/licenses/{license}/suspend", new() { ["reason"] = "Not paid" }, key: Guid.NewGuid().ToString());
        await shop.SendAsync(HttpMethod.Post, "/licenses", "{ broken", shop.Token);
        await shop.SendAsync(HttpMethod.Get, "/changes?token=" + shop.Token, null, shop.Token);
        await shop.SendAsync(HttpMethod.Get, "/changes", null, "Basic " + shop.Token);

        shop.Log.Lines.Count.ShouldBeGreaterThan(10);
        shop.Log.Lines.Where(line => line.Contains(shop.Token[10..], StringComparison.Ordinal)).ShouldBeEmpty();
        shop.Log.Lines.ShouldContain(line => line.Contains("/api/v1/backoffice/changes", StringComparison.Ordinal), "the control");
        await using var db = shop.Portal.Open();
        string[] tables = [.. db.Model.GetEntityTypes().Select(t => t.GetTableName()).OfType<string>().Distinct()];
        await using var owner = NpgsqlDataSource.Create(shop.Portal.Database.OwnerConnection + ";Pooling=false");
        var dump = await Dump.ReadAsync(owner, tables);
        dump.ShouldNotContain(shop.Token[10..]);
        dump.ShouldContain(shop.Token[..10], Case.Sensitive, "the control");
    }

    /// <summary>A shop that a test changes for itself.</summary>
    private sealed class OwnShop : IAsyncDisposable
    {
        public Shop Shop { get; } = new();

        public Task InitializeAsync() => Shop.InitializeAsync();

        public async ValueTask DisposeAsync() => await Shop.DisposeAsync();
    }
}
