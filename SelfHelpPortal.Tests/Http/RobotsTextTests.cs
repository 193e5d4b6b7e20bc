using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>Search engines are told what they need not ask for.</summary>
[Trait("Needs", "Database")]
public class RobotsTextTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task Staff_customers_and_links_with_secrets_are_left_out_and_the_rest_is_not()
    {
        using var client = portal.CreateClient();
        var lines = (await client.GetStringAsync("/robots.txt")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines[0].ShouldBe("User-agent: *");
        lines.Skip(1).ShouldAllBe(line => line.StartsWith("Disallow: /"));
        foreach (var path in LinkRoutes.Prefixes.Concat(["/staff", "/my"]))
        {
            lines.ShouldContain($"Disallow: {path}");
        }

        var paths = lines.Skip(1).Select(line => line["Disallow: ".Length..]).ToList();
        foreach (var page in new[] { "/", "/release", "/imprint", "/transfer" })
        {
            paths.ShouldNotContain(path => page.StartsWith(path, StringComparison.Ordinal), page);
        }
    }
}
