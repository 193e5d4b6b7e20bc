using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Commands;

namespace SelfHelpPortal.Tests.Http.Api;

/// <summary>The header Idempotency-Key of activations.</summary>
public sealed class IdempotencyTests(ApiPortal portal) : IClassFixture<ApiPortal>
{
    [Fact]
    public async Task Twenty_at_once_are_one_activation_and_one_answer()
    {
        var till = await portal.TillAsync("KASSE-1");
        var body = till.ActivateBody();
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync(till, body, key)));

        answers.ShouldAllBe(answer => answer.Status == 201);
        answers.Select(answer => answer.Text).Distinct().ShouldHaveSingleItem();
        till.Take(answers[0]);
        var license = await portal.LicenseOfAsync(till);
        license.Activations.ShouldHaveSingleItem();
        await using var db = portal.Portal.Open();
        (await db.Events.CountAsync(e => e.Stream == license.Id && e.Kind == EventKind.Activated)).ShouldBe(1);
        (await till.CheckAsync()).ShouldBe("VALID", valid: true);
    }

    [Fact]
    public async Task Without_the_header_a_repetition_is_told_that_it_is_one()
    {
        var till = await portal.TillAsync("KASSE-2");
        var body = till.ActivateBody();

        (await till.SendAsync("activations", body)).ShouldBeActivated(201);
        (await till.SendAsync("activations", body)).ShouldBeActivated(200);
    }

    [Theory]
    [InlineData("hardwareCode")]
    [InlineData("pcName")]
    [InlineData("nonce")]
    public async Task Another_body_under_the_same_key_is_refused_without_an_effect(string field)
    {
        var till = await portal.TillAsync("KASSE-3-" + field, seats: 2);
        var other = await portal.TillAsync("ANDERE-" + field);
        var body = till.ActivateBody();
        var key = Guid.NewGuid().ToString();
        till.Take((await SendAsync(till, body, key)).ShouldBeActivated(201));
        body[field] = other.ActivateBody()[field]!.DeepClone();

        (await SendAsync(till, body, key)).ShouldBeProblem(422, "IDEMPOTENCY_MISMATCH");

        (await portal.LicenseOfAsync(till)).Activations.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Two_customers_who_chose_the_same_key_never_meet()
    {
        var mine = await portal.TillAsync("KASSE-12");
        var other = await portal.TillAsync("KASSE-13");
        const string Key = "1";

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => SendAsync(i % 2 == 0 ? mine : other, (i % 2 == 0 ? mine : other).ActivateBody(), Key)));

        // Each till has a nonce of its own in each request, so of its five one is carried out and the others are told that they differ.
        var first = answers.Where((_, i) => i % 2 == 0).Where(a => a.Status == 201).ShouldHaveSingleItem();
        var second = answers.Where((_, i) => i % 2 == 1).Where(a => a.Status == 201).ShouldHaveSingleItem();
        first["handle"]!.GetValue<string>().ShouldNotBe(second["handle"]!.GetValue<string>());
        first["releaseSecret"]!.GetValue<string>().ShouldNotBe(second["releaseSecret"]!.GetValue<string>());
        mine.Take(first);
        other.Take(second);
        (await portal.LicenseOfAsync(mine)).Activations.ShouldHaveSingleItem();
        (await portal.LicenseOfAsync(other)).Activations.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task It_counts_for_a_day()
    {
        var till = await portal.TillAsync("KASSE-4");
        var body = till.ActivateBody();
        var key = Guid.NewGuid().ToString();
        var first = (await SendAsync(till, body, key)).ShouldBeActivated(201);
        portal.Clock.Advance(TimeSpan.FromHours(23));
        var within = await SendAsync(till, body, key);
        portal.Clock.Advance(TimeSpan.FromHours(1));
        var after = await SendAsync(till, body, key);

        within.Text.ShouldBe(first.Text);
        within.Status.ShouldBe(201);
        after.ShouldBeActivated(200);
    }

    [Fact]
    public async Task A_refusal_is_not_remembered()
    {
        var first = await portal.ActiveTillAsync("KASSE-5");
        var second = await portal.TillAsync("KASSE-6", key: first.Key);
        var body = second.ActivateBody();
        var key = Guid.NewGuid().ToString();
        (await SendAsync(second, body, key)).ShouldBeProblem(409, "TOO_MANY_ACTIVATIONS");
        await first.ReleaseAsync();

        (await SendAsync(second, body, key)).ShouldBeActivated(201);
    }

    [Fact]
    public async Task An_activation_that_was_released_meanwhile_is_not_handed_out_again()
    {
        var first = await portal.TillAsync("KASSE-10");
        var body = first.ActivateBody();
        var key = Guid.NewGuid().ToString();
        first.Take((await SendAsync(first, body, key)).ShouldBeActivated(201));
        await first.ReleaseAsync();
        var second = await portal.TillAsync("KASSE-11", key: first.Key);
        second.Take((await second.SendAsync("activations", second.ActivateBody())).ShouldBeActivated(201));

        (await SendAsync(first, body, key)).ShouldBeProblem(409, "TOO_MANY_ACTIVATIONS");

        await second.ReleaseAsync();
        var again = (await SendAsync(first, body, key)).ShouldBeActivated(201);
        again["handle"]!.GetValue<string>().ShouldNotBe(first.Handle);
        (await SendAsync(first, body, key)).Text.ShouldBe(again.Text);
    }

    [Fact]
    public async Task The_stored_answer_cannot_be_read_in_the_database()
    {
        var till = await portal.TillAsync("KASSE-7");
        var answer = (await SendAsync(till, till.ActivateBody(), Guid.NewGuid().ToString())).ShouldBeActivated(201);
        await using var db = portal.Portal.Open();

        var stored = await db.Set<CommandRecord>().AsNoTracking().ToListAsync();

        stored.ShouldNotBeEmpty();
        var secret = answer["releaseSecret"]!.GetValue<string>();
        stored.ShouldAllBe(c => !Encoding.Latin1.GetString(c.Answer!).Contains("LSHP LICENSE")
            && !Encoding.Latin1.GetString(c.Answer!).Contains(secret));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task An_empty_header_is_an_invalid_request(string key)
    {
        var till = await portal.TillAsync("KASSE-8");

        (await SendAsync(till, till.ActivateBody(), key)).ShouldBeProblem(400, "INVALID_REQUEST");
    }

    [Fact]
    public async Task A_header_that_is_too_long_is_an_invalid_request()
    {
        var till = await portal.TillAsync("KASSE-9");

        (await SendAsync(till, till.ActivateBody(), new string('k', 256))).ShouldBeProblem(400, "INVALID_REQUEST");
    }

    private static Task<ApiAnswer> SendAsync(Till till, JsonObject body, string key) =>
        till.SendAsync("activations", body, headers => headers.TryAddWithoutValidation("Idempotency-Key", key));
}
