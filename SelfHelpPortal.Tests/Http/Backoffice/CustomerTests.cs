using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http.Backoffice;

/// <summary>Customers that the vendor's shop enters and reads.</summary>
public sealed class CustomerTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_customer_is_entered_read_and_told_in_its_history()
    {
        var created = await shop.PostAsync("/customers", Shop.NewCustomer());

        var number = Shop.Number(created);
        number.ShouldStartWith("C-");
        created.Headers.Location!.ToString().ShouldBe($"{Shop.Root}/customers/{number}");
        created["email"]!.GetValue<string>().ShouldBe("Buero@muster-gastro.example");
        (created["language"]!.GetValue<string>(), created["country"]!.GetValue<string>()).ShouldBe(("de", "DE"));
        var told = (await shop.EventsOfAsync(number)).ShouldHaveSingleItem();
        (told.Kind, told.ActorKind, told.Detail!.ActorName).ShouldBe((EventKind.CustomerCreated, ActorKind.Api, "api token Webshop"));
        told.Detail.IpPrefix.ShouldNotBeNull().ShouldEndWith("/24");

        var read = await shop.GetAsync($"/customers/{number}");
        (read.Status, read.Text).ShouldBe((200, created.Text));
    }

    [Fact]
    public async Task Reading_is_in_the_audit_log_once_an_hour()
    {
        var number = await shop.CustomerAsync();
        await shop.GetAsync($"/customers/{number}");
        await shop.GetAsync($"/customers/{number}");

        await using var db = shop.Portal.Open();
        var entry = await db.AuditEntries.SingleAsync(e => e.Subject == number);
        (entry.Kind, entry.Text).ShouldBe((AuditKind.CustomerReadByApi, "api token Webshop"));
        entry.Stream.ShouldBe(await db.ApiTokens.Where(t => t.Prefix == shop.Token.Substring(0, 10)).Select(t => t.Id).SingleAsync());
    }

    [Fact]
    public async Task The_shop_may_have_numbers_of_its_own_once_and_later_ones_lie_behind_them()
    {
        var own = Shop.NewCustomer();
        own["number"] = "C-70000";
        Shop.Number(await shop.PostAsync("/customers", own)).ShouldBe("C-70000");

        (await shop.PostAsync("/customers", own.DeepClone().AsObject())).ShouldBeProblem(409, "NUMBER_TAKEN");
        Shop.Number(await shop.PostAsync("/customers", Shop.NewCustomer())).ShouldBe("C-70001");
        var both = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
        {
            var same = Shop.NewCustomer($"Muster {i} GmbH");
            same["number"] = "SHOP-1";
            return shop.PostAsync("/customers", same);
        }));
        both.Count(a => a.Status == 201).ShouldBe(1);
        both.Where(a => a.Status != 201).ShouldAllBe(a => a.Code == "NUMBER_TAKEN");
    }

    [Theory]
    [InlineData("company", null)]
    [InlineData("company", "   ")]
    [InlineData("company", "LONG 201")]
    [InlineData("email", null)]
    [InlineData("email", "nobody")]
    [InlineData("email", "a@b.example\nBcc: c@d.example")]
    [InlineData("number", "c-1")]
    [InlineData("number", "C-123456789012345678901")]
    [InlineData("number", "C-1\n")]
    [InlineData("language", "fr")]
    [InlineData("country", "XX")]
    [InlineData("country", "Deutschland")]
    [InlineData("postalCode", "1234")]
    [InlineData("street", "LONG 121")]
    [InlineData("city", "LONG 121")]
    [InlineData("vatId", "DE123")]
    [InlineData("vatId", "LONG 5000")]
    public async Task What_cannot_be_is_refused_by_its_field(string field, string? value)
    {
        var body = Shop.NewCustomer();
        body[field] = value is not null && value.StartsWith("LONG ", StringComparison.Ordinal)
            ? new string('x', int.Parse(value[5..], System.Globalization.CultureInfo.InvariantCulture))
            : value;
        var before = await CountAsync();

        var refused = await shop.PostAsync("/customers", body, key: Guid.NewGuid().ToString());

        refused.ShouldBeProblem(400, "INVALID_REQUEST");
        refused["detail"]!.GetValue<string>().ShouldContain(field);
        (await CountAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("{", "")]
    [InlineData("[]", "")]
    [InlineData("null", "")]
    [InlineData("""{"company":"a\u0000b","email":"a@b.example"}""", "company")]
    [InlineData("""{"company":"a\uD800b","email":"a@b.example"}""", "")]
    [InlineData("""{"company":1,"email":"a@b.example"}""", "company")]
    [InlineData("""{"company":"a","email":["a@b.example"]}""", "email")]
    [InlineData("""{"company":"a","email":"a@b.example","isConsumer":"yes"}""", "isConsumer")]
    public async Task What_is_no_JSON_or_no_text_is_refused(string body, string field)
    {
        var refused = await shop.SendAsync(HttpMethod.Post, "/customers", body, shop.Token);

        refused.ShouldBeProblem(400, "INVALID_REQUEST");
        refused["detail"]?.GetValue<string>().ShouldContain(field);
    }

    [Fact]
    public async Task Too_large_a_body_is_refused()
    {
        var body = Shop.NewCustomer();
        body["more"] = new string('x', 70_000);

        (await shop.PostAsync("/customers", body)).ShouldBeProblem(413, "INVALID_REQUEST");
    }

    [Fact]
    public async Task What_steers_a_terminal_or_the_direction_of_writing_is_left_out()
    {
        var body = Shop.NewCustomer("Muster\u202E\u0007 Gastro");

        (await shop.PostAsync("/customers", body))["company"]!.GetValue<string>().ShouldBe("Muster Gastro");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("C-0")]
    [InlineData("c-10042")]
    [InlineData("%F0%9F%92%A9")]
    public async Task An_unknown_number_is_not_found(string number) =>
        (await shop.GetAsync($"/customers/{number}")).ShouldBeProblem(404, "UNKNOWN_CUSTOMER");

    [Fact]
    public async Task A_foreign_VAT_id_is_kept_as_it_is_written()
    {
        var body = Shop.NewCustomer();
        (body["country"], body["postalCode"], body["vatId"], body["isConsumer"]) = ("AT", "1010", "atu 12345678", false);

        (await shop.PostAsync("/customers", body))["vatId"]!.GetValue<string>().ShouldBe("ATU12345678");
    }

    [Fact]
    public async Task A_customer_who_was_erased_gets_no_license()
    {
        var number = await shop.CustomerAsync();
        await using (var db = shop.Portal.Open())
        {
            await db.Customers.Where(c => c.Number == number)
                .ExecuteUpdateAsync(s => s.SetProperty(c => c.ErasedAt, shop.Api.Clock.Now).SetProperty(c => c.Email, ""));
        }

        (await shop.PostAsync("/licenses", Shop.NewLicense(number))).ShouldBeProblem(404, "UNKNOWN_CUSTOMER");
        (await shop.GetAsync($"/customers/{number}"))["erasedAt"].ShouldNotBeNull();
    }

    private async Task<int> CountAsync()
    {
        await using var db = shop.Portal.Open();
        return await db.Customers.CountAsync();
    }
}
