using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>Search engines are told what they need not ask for.</summary>
[Trait("Needs", "Database")]
public class RobotsTextTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task Only_the_start_page_and_what_helps_is_listed()
    {
        using var client = portal.CreateClient();
        var text = await client.GetStringAsync("/robots.txt");

        foreach (var page in (string[])["/", "/?lang=en", "/move", "/imprint", "/accessibility", "/site.css", "/brand/0.svg",
            "/touch-icon.png"])
        {
            MayAsk(text, page).ShouldBeTrue(page);
        }

        foreach (var page in LinkRoutes.Prefixes.Select(p => p + "x")
            .Concat(["/staff", "/my", "/account/sign-in", "/api/v1", "/release", "/transfer", "/license", "/?given=x", "/privacy"]))
        {
            MayAsk(text, page).ShouldBeFalse(page);
        }
    }

    [Theory]
    [InlineData("User-agent: *\nDisallow: /staff\n", "/release", true)]
    [InlineData("User-agent: *\nAllow: /$\nDisallow: /\n", "/release", false)]
    [InlineData("User-agent: *\nAllow: /$\nDisallow: /\n", "/", true)]
    public void The_longest_rule_counts(string text, string path, bool may) => MayAsk(text, path).ShouldBe(may);

    /// <summary>RFC 9309, 2.2.2 and 2.2.3: the longest rule that fits; of two alike the one that allows; $ is the end.</summary>
    private static bool MayAsk(string text, string path)
    {
        var rules = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(": ")).ToList();
        rules.ShouldAllBe(rule => rule.Length == 2 && (rule[0] == "Allow" || rule[0] == "Disallow"));
        var fitting = rules.Where(rule =>
            rule[1].EndsWith('$') ? path == rule[1][..^1] : path.StartsWith(rule[1], StringComparison.Ordinal));
        return fitting.OrderByDescending(rule => rule[1].Length).ThenBy(rule => rule[0], StringComparer.Ordinal).FirstOrDefault()
            is not ["Disallow", _];
    }
}
