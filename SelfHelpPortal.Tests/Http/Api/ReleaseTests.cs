using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http.Api;

/// <summary>POST /api/v1/activations/{handle}/release, row by row.</summary>
public sealed class ReleaseTests(ApiPortal portal) : IClassFixture<ApiPortal>
{
    [Fact]
    public async Task A_release_frees_the_seat_and_says_when()
    {
        var till = await portal.ActiveTillAsync("KASSE-1");
        var at = portal.Clock.Now;

        var answer = await till.ReleaseAsync();

        answer.Status.ShouldBe(200);
        answer.Members.ShouldBe(["released", "code", "releasedAt"], ignoreOrder: true);
        answer["released"]!.GetValue<bool>().ShouldBeTrue();
        answer.Code.ShouldBe("RELEASED");
        answer["releasedAt"]!.GetValue<DateTimeOffset>().ShouldBe(at);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await (await portal.TillAsync("KASSE-2", key: till.Key)).ActivateAsync()).ShouldBeActivated(201);
    }

    [Fact]
    public async Task A_repetition_is_the_same_answer_and_no_second_effect()
    {
        var till = await portal.ActiveTillAsync("KASSE-3");
        var first = await till.ReleaseAsync();
        portal.Clock.Advance(TimeSpan.FromHours(3));

        var again = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => till.ReleaseAsync()));

        again.ShouldAllBe(answer => answer.Status == 200 && answer.Text == first.Text);
        var license = await portal.LicenseOfAsync(till);
        license.Activations.ShouldHaveSingleItem().ReleasedBy.ShouldBe(ReleaseMethod.InApp);
        await using var db = portal.Portal.Open();
        (await db.Events.CountAsync(e => e.Stream == license.Id && e.Kind == EventKind.Released)).ShouldBe(1);
        (await db.Set<OutboxMessage>().CountAsync(m => m.BusinessKey.Contains(till.Handle!))).ShouldBe(1);
    }

    /// <summary>
    /// Who has the key and the exact code gets the secret of a till that works, for a repeated request must be harmless. It must be worth
    /// nothing.
    /// </summary>
    [Fact]
    public async Task With_a_secret_handed_out_again_a_release_waits_for_a_day_where_a_dead_computer_costs_money()
    {
        var till = await portal.ActiveTillAsync("KASSE-33");
        portal.Clock.Advance(TimeSpan.FromHours(5));
        var stranger = await portal.TillAsync("KASSE-33", key: till.Key);
        (await stranger.ActivateAsync()).ShouldBeActivated(200);
        stranger.Secret.ShouldBe(till.Secret);
        var counts = portal.Clock.Now.AddHours(24);

        var answer = await stranger.ReleaseAsync();

        answer.ShouldBeProblem(409, "TOO_SOON")["nextAllowedAt"]!.GetValue<DateTimeOffset>()
            .ShouldBe(DateTimeOffset.FromUnixTimeSeconds(counts.ToUnixTimeSeconds()));
        answer["detail"]!.GetValue<string>().ShouldContain("less than a day ago");
        (await till.CheckAsync()).ShouldBe("VALID", valid: true);
        portal.Clock.Advance(TimeSpan.FromHours(24));
        (await till.ReleaseAsync()).Status.ShouldBe(200);
    }

    [Fact]
    public async Task With_a_secret_handed_out_again_a_release_that_goes_through_is_on_the_blocklist()
    {
        await using var own = new ApiPortal();
        await own.InitializeAsync();
        var till = await own.ActiveTillAsync("BEAMER-34", ApiPortal.Beam);
        (await till.ActivateAsync()).ShouldBeActivated(200);
        (await till.ReleaseAsync()).Status.ShouldBe(200);
        var proven = await own.ActiveTillAsync("BEAMER-35", ApiPortal.Beam);
        (await proven.ReleaseAsync()).Status.ShouldBe(200);

        var list = await own.Client.GetStringAsync("/api/v1/blocklist");

        var keys = own.Portal.Services.GetRequiredService<SigningKeys>().Verifier;
        Blocklist.Read(list, keys).Claims!.Blocked.Select(b => b.Handle).ShouldBe([till.Handle!]);
    }

    [Fact]
    public async Task Twenty_at_once_release_once()
    {
        var till = await portal.ActiveTillAsync("KASSE-4");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => till.ReleaseAsync()));

        answers.ShouldAllBe(answer => answer.Status == 200);
        answers.Select(answer => answer.Text).Distinct().ShouldHaveSingleItem();
        var license = await portal.LicenseOfAsync(till);
        await using var db = portal.Portal.Open();
        (await db.Events.CountAsync(e => e.Stream == license.Id && e.Kind == EventKind.Released)).ShouldBe(1);
    }

    [Fact]
    public async Task Released_and_back_on_the_same_computer_is_a_new_generation()
    {
        var till = await portal.ActiveTillAsync("KASSE-5");
        var handle = till.Handle;
        await till.ReleaseAsync();
        portal.Clock.Advance(TimeSpan.FromMinutes(1));

        (await till.ActivateAsync()).ShouldBeActivated(201);

        till.Generation.ShouldBe(2);
        till.Handle.ShouldNotBe(handle);
        (await till.CheckAsync()).ShouldBe("VALID", valid: true);
    }

    [Fact]
    public async Task A_locked_license_is_not_released()
    {
        var (old, taker) = await portal.ContradictionAsync(ApiPortal.Beam);
        var number = (await old.CheckAsync()).ShouldBe("LOCKED_ILLEGAL", valid: false)["caseNumber"]!.GetValue<string>();

        (await taker.ReleaseAsync()).ShouldBeProblem(423, "LOCKED_ILLEGAL")["caseNumber"]!.GetValue<string>().ShouldBe(number);
        (await portal.LicenseOfAsync(taker)).ActiveComputers.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("SUSPENDED")]
    [InlineData("DEVICE_EXCLUDED")]
    public async Task What_stands_in_the_way_is_403(string code)
    {
        var till = await portal.ActiveTillAsync("PC-" + code);
        await portal.StaffAsync(till, (license, activation) => _ = code switch
        {
            "SUSPENDED" => license.Suspend().Succeeded,
            _ => license.Exclude(activation, new HardwarePolicy(), portal.Clock.Now).Succeeded,
        });

        (await till.ReleaseAsync()).ShouldBeProblem(403, code);
    }

    [Fact]
    public async Task After_an_objection_nothing_is_released_until_it_is_settled()
    {
        var till = await portal.ActiveTillAsync("KASSE-6", seats: 2);
        var other = await portal.ActiveTillAsync("KASSE-7", key: till.Key);
        await till.ReleaseAsync();
        await portal.StaffAsync(till, (license, activation) => license.Object(
            activation, "not me", "F-777", new ActivationSecrets(Guid.CreateVersion7(), Handles.New(), [1]), new HardwarePolicy(),
            portal.Clock.Now));

        var answer = await other.ReleaseAsync();

        answer.ShouldBeProblem(423, "LOCKED_ILLEGAL")["caseNumber"]!.GetValue<string>().ShouldBe("F-777");
        answer["detail"]!.GetValue<string>().ShouldStartWith("The owner has objected to a release");
    }

    [Fact]
    public async Task An_unknown_handle_and_a_wrong_proof_are_one_answer()
    {
        var till = await portal.ActiveTillAsync("KASSE-8");
        var forged = till.Proven("check");

        var wrong = await till.SendAsync($"activations/{till.Handle}/release", forged);
        var unknown = await till.SendAsync("activations/0000000000000/release", till.Proven("release"));

        wrong.ShouldBeProblem(404, "UNKNOWN_ACTIVATION");
        unknown.Text.ShouldBe(wrong.Text);
        (await portal.LicenseOfAsync(till)).ActiveComputers.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_clock_that_is_off_is_told_the_time()
    {
        var till = await portal.ActiveTillAsync("KASSE-9");
        till.ClockIsOff = TimeSpan.FromHours(1);

        (await till.ReleaseAsync()).ShouldBeProblem(400, "CLOCK_SKEW")["serverTime"]!.GetValue<DateTimeOffset>().ShouldBe(portal.Clock.Now);
    }

    [Theory]
    [InlineData("generation", "The field generation is missing")]
    [InlineData("ts", "The field ts is missing")]
    [InlineData("mac", "The field mac is missing")]
    [InlineData("nonce", "The field nonce has 8 to 128 printable ASCII characters")]
    public async Task A_field_that_is_missing_is_named(string field, string detail)
    {
        var till = await portal.ActiveTillAsync("KASSE-10");
        JsonObject body = till.Proven("release");
        body.Remove(field);

        var answer = await till.SendAsync($"activations/{till.Handle}/release", body);

        answer.ShouldBeProblem(400, "INVALID_REQUEST")["detail"]!.GetValue<string>().ShouldBe(detail);
    }
}
