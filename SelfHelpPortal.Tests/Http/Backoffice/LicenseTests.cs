using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http.Backoffice;

/// <summary>Licenses that the vendor's shop enters, reads, renews, suspends and resumes.</summary>
public sealed class LicenseTests(Shop shop) : IClassFixture<Shop>
{
    private const string Unpaid = "Payment of order 4711 came back";

    [Fact]
    public async Task A_license_is_entered_with_a_key_that_works_and_is_told_once()
    {
        var customer = await shop.CustomerAsync();
        var body = Shop.NewLicense(customer);
        (body["seats"], body["maintenanceUntil"], body["serial"]) = (2, "2027-03-31", "S-1");

        var created = await shop.PostAsync("/licenses", body);

        var number = Shop.Number(created);
        var key = created["activationKey"]!.GetValue<string>();
        key.ShouldEndWith(created["keyEnds"]!.GetValue<string>());
        created.Headers.Location!.ToString().ShouldBe($"{Shop.Root}/licenses/{number}");
        (created["seats"]!.GetValue<int>(), created["seatsInUse"]!.GetValue<int>(), created["state"]!.GetValue<string>())
            .ShouldBe((2, 0, "active"));
        (created["customer"]!.GetValue<string>(), created["maintenanceUntil"]!.GetValue<string>(), created["serial"]!.GetValue<string>())
            .ShouldBe((customer, "2027-03-31", "S-1"));
        var till = await shop.Api.TillAsync("KASSE-1", key: key);
        (await till.ActivateAsync()).ShouldBeActivated(201);
        var read = await shop.GetAsync($"/licenses/{number}");
        read.Status.ShouldBe(200);
        read["activationKey"].ShouldBeNull();
        read["seatsInUse"]!.GetValue<int>().ShouldBe(1);
        read.Text.ShouldNotContain(key);
        var first = (await shop.EventsOfAsync(number))[0];
        (first.Kind, first.ActorKind, first.Detail!.ActorName).ShouldBe((EventKind.Imported, ActorKind.Api, "api token Webshop"));
    }

    [Fact]
    public async Task The_vendor_may_have_keys_and_numbers_of_its_own_once()
    {
        var customer = await shop.CustomerAsync();
        var key = SelfHelpPortal.Licensing.Codes.ActivationKey.New().ToString();
        var body = Shop.NewLicense(customer);
        (body["activationKey"], body["number"]) = (key.ToLowerInvariant(), "L-80000");

        var created = await shop.PostAsync("/licenses", body);

        (Shop.Number(created), created["activationKey"]!.GetValue<string>()).ShouldBe(("L-80000", key));
        body["number"] = "L-80001";
        (await shop.PostAsync("/licenses", body.DeepClone().AsObject())).ShouldBeProblem(409, "KEY_TAKEN");
        (body["number"], body["activationKey"]) = ("L-80000", null);
        (await shop.PostAsync("/licenses", body.DeepClone().AsObject())).ShouldBeProblem(409, "NUMBER_TAKEN");
        Shop.Number(await shop.PostAsync("/licenses", Shop.NewLicense(customer))).ShouldBe("L-80001");
    }

    [Fact]
    public async Task Of_many_at_once_with_one_key_or_one_number_one_is_made()
    {
        var customer = await shop.CustomerAsync();
        var key = SelfHelpPortal.Licensing.Codes.ActivationKey.New().ToString();
        var sameKey = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ =>
        {
            var body = Shop.NewLicense(customer);
            body["activationKey"] = key;
            return shop.PostAsync("/licenses", body);
        }));
        var sameNumber = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ =>
        {
            var body = Shop.NewLicense(customer);
            body["number"] = "SHOP-77";
            return shop.PostAsync("/licenses", body);
        }));

        sameKey.Count(a => a.Status == 201).ShouldBe(1);
        sameKey.Where(a => a.Status != 201).ShouldAllBe(a => a.Code == "KEY_TAKEN");
        sameNumber.Count(a => a.Status == 201).ShouldBe(1);
        sameNumber.Where(a => a.Status != 201).ShouldAllBe(a => a.Code == "NUMBER_TAKEN");
    }

    [Theory]
    [InlineData("product", "none", 404, "UNKNOWN_PRODUCT")]
    [InlineData("customer", "none", 404, "UNKNOWN_CUSTOMER")]
    [InlineData("activationKey", "KBHPE-5N400-BAQPQ-AAQSQ-PP7FF", 400, "INVALID_KEY")]
    [InlineData("activationKey", "", 400, "INVALID_KEY")]
    [InlineData("product", null, 400, "INVALID_REQUEST")]
    [InlineData("product", "LONG 101", 400, "INVALID_REQUEST")]
    [InlineData("customer", null, 400, "INVALID_REQUEST")]
    [InlineData("number", "l 1", 400, "INVALID_REQUEST")]
    [InlineData("serial", "LONG 41", 400, "INVALID_REQUEST")]
    [InlineData("activationKey", "LONG 201", 400, "INVALID_REQUEST")]
    [InlineData("maintenanceUntil", "31.12.2027", 400, "INVALID_REQUEST")]
    [InlineData("maintenanceUntil", "9999-12-31", 400, "INVALID_REQUEST")]
    [InlineData("maintenanceUntil", "0001-01-01", 400, "INVALID_REQUEST")]
    [InlineData("serial", "a\0b", 400, "INVALID_REQUEST")]
    public async Task What_cannot_be_is_refused(string field, string? value, int status, string code)
    {
        var body = Shop.NewLicense("C-10042");
        body[field] = value is not null && value.StartsWith("LONG ", StringComparison.Ordinal)
            ? new string('x', int.Parse(value[5..], System.Globalization.CultureInfo.InvariantCulture))
            : value;
        var before = await CountAsync();

        (await shop.PostAsync("/licenses", body, key: Guid.NewGuid().ToString())).ShouldBeProblem(status, code);

        (await CountAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("10001")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("\"2\"")]
    [InlineData("99999999999")]
    public async Task Seats_are_a_number_that_can_be(string seats)
    {
        var body = Shop.NewLicense("C-10042");
        body["seats"] = JsonNode.Parse(seats);

        (await shop.PostAsync("/licenses", body)).ShouldBeProblem(400, "INVALID_REQUEST")["detail"]!.GetValue<string>()
            .ShouldContain("seats");
    }

    [Fact]
    public async Task Maintenance_is_extended_told_and_never_shortened()
    {
        var license = await shop.LicenseAsync();

        var renewed = await RenewAsync("2027-12-31");
        renewed["maintenanceUntil"]!.GetValue<string>().ShouldBe("2027-12-31");
        (await RenewAsync("2027-12-31")).Status.ShouldBe(200);
        (await RenewAsync("2027-12-30")).ShouldBeProblem(409, "NOT_LATER");
        (await RenewAsync("2028-12-31"))["maintenanceUntil"]!.GetValue<string>().ShouldBe("2028-12-31");
        (await shop.PostAsync($"/licenses/{license}/renew", [])).ShouldBeProblem(400, "INVALID_REQUEST");
        (await RenewAsync("2200-01-01")).ShouldBeProblem(400, "INVALID_REQUEST");
        (await shop.PostAsync("/licenses/L-0/renew", new() { ["maintenanceUntil"] = "2027-12-31" }))
            .ShouldBeProblem(404, "UNKNOWN_LICENSE");

        var told = (await shop.EventsOfAsync(license)).Where(e => e.Kind == EventKind.SubscriptionRenewed).ToList();
        told.Select(e => EventLog.Read(e.Data).Until!.Value.UtcDateTime.ToString("yyyy-MM-dd", null))
            .ShouldBe(["2027-12-31", "2028-12-31"]);
        told.ShouldAllBe(e => e.ActorKind == ActorKind.Api && e.Detail!.ActorName == "api token Webshop");

        Task<ApiAnswer> RenewAsync(string until) =>
            shop.PostAsync($"/licenses/{license}/renew", new() { ["maintenanceUntil"] = until });
    }

    [Fact]
    public async Task A_license_that_ended_is_not_renewed()
    {
        var license = await shop.LicenseAsync();
        await using (var db = shop.Portal.Open())
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            var id = await db.Licenses.Where(l => l.Number == license).Select(l => l.Id).SingleAsync();
            (await db.LockLicenseAsync(id, default))!.Revoke(shop.Api.Clock.Now).ShouldSucceed();
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }

        (await shop.PostAsync($"/licenses/{license}/renew", new() { ["maintenanceUntil"] = "2027-12-31" }))
            .ShouldBeProblem(409, "REVOKED");
        (await shop.PostAsync($"/licenses/{license}/suspend", Reason())).ShouldBeProblem(409, "CONFLICT");
        (await shop.GetAsync($"/licenses/{license}"))["state"]!.GetValue<string>().ShouldBe("revoked");
    }

    [Fact]
    public async Task A_license_is_suspended_with_a_mail_to_its_owner_and_resumed()
    {
        var license = await shop.LicenseAsync();

        (await shop.PostAsync($"/licenses/{license}/resume", Reason())).ShouldBeProblem(409, "CONFLICT");
        (await shop.PostAsync($"/licenses/{license}/suspend", Reason()))["state"]!.GetValue<string>().ShouldBe("suspended");
        (await shop.PostAsync($"/licenses/{license}/suspend", Reason())).ShouldBeProblem(409, "CONFLICT");
        (await shop.PostAsync($"/licenses/{license}/resume", Reason()))["state"]!.GetValue<string>().ShouldBe("active");

        var told = (await shop.EventsOfAsync(license)).Skip(1).ToList();
        told.Select(e => e.Kind).ShouldBe([EventKind.Suspended, EventKind.Resumed]);
        told.ShouldAllBe(e => e.ActorKind == ActorKind.Api && e.Detail!.Text == Unpaid && e.Detail.ActorName == "api token Webshop");
        await using var db = shop.Portal.Open();
        var mail = await db.Set<OutboxMessage>().SingleAsync(m => m.Kind == "suspended" && m.Reference == license);
        mail.ToAddress.ShouldBe("Buero@muster-gastro.example");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("ab")]
    [InlineData("LONG")]
    public async Task A_suspension_needs_a_reason(string? reason)
    {
        var license = await shop.LicenseAsync();
        foreach (var act in (string[])["suspend", "resume"])
        {
            (await shop.PostAsync($"/licenses/{license}/{act}", new() { ["reason"] = reason is "LONG" ? new string('x', 1001) : reason }))
                .ShouldBeProblem(400, "INVALID_REQUEST")["detail"]!.GetValue<string>().ShouldContain("reason");
        }

        (await shop.EventsOfAsync(license)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_suspensions_at_once_one_is_done()
    {
        var license = await shop.LicenseAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.PostAsync($"/licenses/{license}/suspend", Reason())));

        answers.Count(a => a.Status == 200).ShouldBe(1);
        (await shop.EventsOfAsync(license)).Count(e => e.Kind == EventKind.Suspended).ShouldBe(1);
    }

    private static JsonObject Reason() => new() { ["reason"] = Unpaid };

    private async Task<int> CountAsync()
    {
        await using var db = shop.Portal.Open();
        return await db.Licenses.CountAsync();
    }
}
