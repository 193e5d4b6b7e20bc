using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http.Backoffice;

/// <summary>The header Idempotency-Key of the backoffice API.</summary>
public sealed class OnceTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Many_at_once_are_one_license_and_one_answer()
    {
        var customer = await shop.CustomerAsync();
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => shop.PostAsync("/licenses", Shop.NewLicense(customer), key)));

        answers.ShouldAllBe(a => a.Status == 201);
        answers.Select(a => a.Text).Distinct().ShouldHaveSingleItem().ShouldContain("activationKey");
        await using var db = shop.Portal.Open();
        (await db.Licenses.CountAsync(l => db.Customers.Any(c => c.Number == customer && c.Id == l.CustomerId))).ShouldBe(1);
    }

    [Fact]
    public async Task A_repetition_has_the_same_answer_whatever_happened_since()
    {
        var license = await shop.LicenseAsync();
        var key = Guid.NewGuid().ToString();
        var first = await shop.PostAsync($"/licenses/{license}/suspend", new() { ["reason"] = "Not paid" }, key);
        (await shop.PostAsync($"/licenses/{license}/resume", new() { ["reason"] = "Paid" })).Status.ShouldBe(200);

        var again = await shop.PostAsync($"/licenses/{license}/suspend", new() { ["reason"] = "Not paid" }, key);

        (again.Status, again.Text).ShouldBe((200, first.Text));
        (await shop.GetAsync($"/licenses/{license}"))["state"]!.GetValue<string>().ShouldBe("active");
        (await shop.EventsOfAsync(license)).Count(e => e.Kind == EventKind.Suspended).ShouldBe(1);
    }

    [Fact]
    public async Task Another_request_under_the_same_key_is_refused_without_an_effect()
    {
        var (license, other) = (await shop.LicenseAsync(), await shop.LicenseAsync());
        var key = Guid.NewGuid().ToString();
        (await shop.PostAsync($"/licenses/{license}/suspend", new() { ["reason"] = "Not paid" }, key)).Status.ShouldBe(200);

        (await shop.PostAsync($"/licenses/{license}/suspend", new() { ["reason"] = "Stolen" }, key))
            .ShouldBeProblem(422, "IDEMPOTENCY_MISMATCH");
        (await shop.PostAsync($"/licenses/{other}/suspend", new() { ["reason"] = "Not paid" }, key))
            .ShouldBeProblem(422, "IDEMPOTENCY_MISMATCH");
        (await shop.PostAsync($"/licenses/{license}/resume", new() { ["reason"] = "Not paid" }, key))
            .ShouldBeProblem(422, "IDEMPOTENCY_MISMATCH");
        (await shop.PostAsync("/customers", Shop.NewCustomer(), key)).ShouldBeProblem(422, "IDEMPOTENCY_MISMATCH");
        (await shop.GetAsync($"/licenses/{other}"))["state"]!.GetValue<string>().ShouldBe("active");
        (await shop.GetAsync($"/licenses/{license}"))["state"]!.GetValue<string>().ShouldBe("suspended");
    }

    [Fact]
    public async Task Two_tokens_that_chose_the_same_key_never_meet()
    {
        var other = await shop.Portal.AddTokenAsync(ApiScopes.All, name: "Second shop");

        var first = await shop.PostAsync("/customers", Shop.NewCustomer(), key: "1");
        var second = await shop.PostAsync("/customers", Shop.NewCustomer("Andere GmbH"), key: "1", token: other);

        Shop.Number(second).ShouldNotBe(Shop.Number(first));
    }

    [Fact]
    public async Task A_refusal_is_not_remembered()
    {
        var license = await shop.LicenseAsync();
        var key = Guid.NewGuid().ToString();
        (await shop.PostAsync($"/licenses/{license}/resume", new() { ["reason"] = "Paid" }, key)).ShouldBeProblem(409, "CONFLICT");
        (await shop.PostAsync($"/licenses/{license}/suspend", new() { ["reason"] = "Not paid" })).Status.ShouldBe(200);

        (await shop.PostAsync($"/licenses/{license}/resume", new() { ["reason"] = "Paid" }, key)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_key_is_honored_for_a_day()
    {
        var key = Guid.NewGuid().ToString();
        var first = Shop.Number(await shop.PostAsync("/customers", Shop.NewCustomer(), key));
        shop.Api.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Shop.Number(await shop.PostAsync("/customers", Shop.NewCustomer(), key)).ShouldBe(first);
        shop.Api.Clock.Advance(TimeSpan.FromSeconds(1));
        Shop.Number(await shop.PostAsync("/customers", Shop.NewCustomer(), key)).ShouldNotBe(first);
    }

    [Theory]
    [InlineData("with a space")]
    [InlineData("TOO LONG")]
    public async Task An_unusable_key_is_refused(string key) =>
        (await shop.PostAsync("/customers", Shop.NewCustomer(), key is "TOO LONG" ? new string('k', 256) : key))
            .ShouldBeProblem(400, "INVALID_REQUEST");

    [Fact]
    public async Task The_key_of_the_license_is_sealed_where_the_answer_is_kept()
    {
        var key = Guid.NewGuid().ToString();
        var made = await shop.PostAsync("/licenses", Shop.NewLicense("C-10042"), key);
        var activationKey = made["activationKey"]!.GetValue<string>();

        var dump = await Dump.ReadAsync(
            Npgsql.NpgsqlDataSource.Create(shop.Portal.Database.OwnerConnection + ";Pooling=false"), "command", "license", "license_event");

        dump.ShouldNotContain(activationKey);
        dump.ShouldNotContain(Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(activationKey)));
        dump.ShouldContain("CreateLicense");
    }
}
