using System.Net;
using System.Text.Json.Nodes;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Backoffice.Kit;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http.Backoffice;

/// <summary>What the portal says of the backoffice API.</summary>
public sealed class DocumentTests(Shop shop) : IClassFixture<Shop>
{
    private static readonly string Written = File.ReadAllText(Repository.At("docs", "api.md"));

    [Fact]
    public async Task Every_operation_says_its_scope_and_has_examples()
    {
        var document = JsonNode.Parse(await shop.Api.Client.GetStringAsync("/api/v1/openapi.json"))!;

        document["components"]!["securitySchemes"]!["token"]!["scheme"]!.GetValue<string>().ShouldBe("bearer");
        var operations = Operations(document).ToList();
        operations.Count.ShouldBe(8);
        foreach (var operation in operations)
        {
            var name = operation["operationId"]!.GetValue<string>();
            var scopes = operation["security"]!.AsArray().Select(s => s!["token"]!.AsArray().Single()!.GetValue<string>()).ToList();
            scopes.Count.ShouldBe(name == "listChanges" ? 3 : 1, name);
            foreach (var scope in scopes)
            {
                ApiScopes.All.ShouldContain(scope, name);
                operation["description"]!.GetValue<string>().ShouldContain($"`{scope}`", Case.Sensitive, name);
            }

            operation["summary"].ShouldNotBeNull(name);
            var success = operation["responses"]!.AsObject().Single(r => r.Key is "200" or "201").Value!;
            success["content"]!["application/json"]!["example"].ShouldNotBeNull(name);
            operation["requestBody"]?["content"]!["application/json"]!["example"].ShouldNotBeNull(name);
            operation["responses"]!.AsObject().Select(r => r.Key).ShouldContain("401", name);
        }

        var changes = operations.Single(o => o["operationId"]!.GetValue<string>() == "listChanges");
        changes["parameters"]!.AsArray().Select(p => $"{p!["in"]} {p["name"]}").ShouldBe(["query since", "query limit"]);
        document["components"]!["schemas"]!["CreateLicenseBody"]!["required"]!.AsArray().Select(r => r!.GetValue<string>())
            .ShouldBe(["product", "customer"], ignoreOrder: true);
    }

    [Fact]
    public async Task It_is_the_same_at_the_address_from_before() =>
        (await shop.Api.Client.GetStringAsync("/openapi/v1.json"))
            .ShouldBe(await shop.Api.Client.GetStringAsync("/api/v1/openapi.json"));

    [Fact]
    public async Task Every_code_path_field_and_scope_is_in_the_written_page()
    {
        var document = JsonNode.Parse(await shop.Api.Client.GetStringAsync("/api/v1/openapi.json"))!;
        var codes = Operations(document).SelectMany(o => o["responses"]!.AsObject())
            .SelectMany(r => r.Value!["content"]?["application/problem+json"]?["examples"]?.AsObject().Select(e => e.Key) ?? [])
            .Distinct().ToList();
        var schemas = document["components"]!["schemas"]!;
        string[] names =
            ["CreateCustomerBody", "CustomerReply", "CreateLicenseBody", "LicenseReply", "RenewBody", "ReasonBody", "ChangeReply"];
        var fields = names
            .SelectMany(name => schemas[name]!["properties"]!.AsObject().Select(p => p.Key)).Distinct().ToList();

        codes.Count.ShouldBeGreaterThan(10);
        codes.Where(code => !Written.Contains($"`{code}`", StringComparison.Ordinal)).ShouldBeEmpty();
        fields.Count.ShouldBeGreaterThan(20);
        fields.Where(field => !Written.Contains(field, StringComparison.Ordinal)).ShouldBeEmpty();
        ApiScopes.All.Where(scope => !Written.Contains($"`{scope}`", StringComparison.Ordinal)).ShouldBeEmpty();
        EventTypes.KindsOf(EventTypes.Topics).Select(kind => EventTypes.Of(kind)!)
            .Where(type => !Written.Contains($"`{type}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void The_examples_can_be_read()
    {
        var types = EventTypes.KindsOf(EventTypes.Topics).Select(EventTypes.Of);
        BackofficeExamples.Changes.Changes.ShouldAllBe(change => types.Contains(change.Type));
        BackofficeExamples.Changes.Next.ShouldBe(BackofficeExamples.Changes.Changes[^1].Id);
        BackofficeExamples.NewCustomer.Read(out var customer).ShouldBeNull();
        customer.ShouldNotBeNull();
        BackofficeExamples.NewLicense.Read(out _).ShouldBeNull();
        BackofficeExamples.Renew.Read().ShouldBeNull();
        BackofficeExamples.Reason.Read(out _).ShouldBeNull();
        ActivationKey.TryParse(BackofficeExamples.CreatedLicense.ActivationKey, out _, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task The_page_that_shows_it_is_there_in_Development_only()
    {
        using var page = await shop.Api.Client.GetAsync("/docs/");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        var text = await page.Content.ReadAsStringAsync();
        text.ShouldContain("api/v1/openapi.json");
        text.ShouldNotContain("https://", Case.Insensitive, "everything comes from the portal itself");

        await using var real = PortalFactory.InProduction();
        await real.InitializeAsync();
        using var client = real.CreateClient();
        client.DefaultRequestHeaders.Host = "licenses.example.org";
        foreach (var path in (string[])["/docs", "/docs/", "/docs/v1", "/docs/scalar.js"])
        {
            using var answer = await client.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }

        using var published = await client.GetAsync("/api/v1/openapi.json");
        published.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static IEnumerable<JsonNode> Operations(JsonNode document) => document["paths"]!.AsObject()
        .Where(path => path.Key.StartsWith(Shop.Root, StringComparison.Ordinal))
        .SelectMany(path => path.Value!.AsObject().Select(method => method.Value!));
}
