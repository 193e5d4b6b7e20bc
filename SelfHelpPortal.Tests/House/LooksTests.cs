using System.Text.RegularExpressions;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

/// <summary>The style sheet keeps its promises: small, readable in both schemes, nothing forced.</summary>
public partial class LooksTests
{
    private const double Text = 4.5;
    private const double Border = 3;

    private static readonly (string Front, string Back, double Least)[] Pairs =
    [
        ("text", "surface", Text), ("text", "bg", Text),
        ("muted", "surface", Text), ("muted", "bg", Text),
        ("accent", "surface", Text), ("accent", "bg", Text), ("accent", "info-bg", Text),
        ("on-accent", "accent", Text), ("on-accent", "accent-strong", Text),
        ("accent-strong", "surface", Text), ("accent-strong", "bg", Text), ("accent-strong", "info-bg", Text),
        ("ok", "ok-bg", Text), ("warn", "warn-bg", Text), ("danger", "danger-bg", Text), ("danger", "surface", Text),
        ("text", "ok-bg", Text), ("text", "info-bg", Text), ("text", "warn-bg", Text), ("text", "danger-bg", Text),
        ("danger", "bg", Text), ("ok", "surface", Text),
        ("field", "surface", Border), ("field", "bg", Border),
    ];

    private static string Css { get; } = File.ReadAllText(Path.Combine(Repository.Folder, "SelfHelpPortal", "wwwroot", "site.css"));

    [Fact]
    public void Every_pair_of_colors_can_be_read_in_light_and_dark() => Violations(Css).ShouldBeEmpty();

    [Theory]
    [InlineData("--muted: #4b5664", "--muted: #8a929c", "light")]
    [InlineData("--field: #8a97a6", "--field: #4a5360", "dark")]
    public void A_color_that_is_too_pale_is_found(string color, string paler, string scheme)
    {
        Css.ShouldContain(color);

        var violations = Violations(Css.Replace(color, paler, StringComparison.Ordinal));

        violations.ShouldNotBeEmpty();
        violations.ShouldAllBe(violation => violation.StartsWith(scheme));
    }

    [Theory]
    [InlineData("#fff", "#000000", 21)]
    [InlineData("#777777", "#ffffff", 4.48)]
    [InlineData("#0e5a6b", "#ffffff", 7.80)]
    public void Contrast_is_what_WCAG_says(string first, string second, double ratio) =>
        Contrast.Ratio(first, second).ShouldBe(ratio, 0.01);

    [Fact]
    public void The_style_sheet_stays_small_and_forces_nothing()
    {
        Css.Length.ShouldBeLessThan(20 * 1024);
        Css.ShouldNotContain("!important");
        Css.ShouldNotContain("@import");
        Css.ShouldNotContain("url(");
    }

    [Fact]
    public void The_scripts_of_public_pages_stay_below_5_KB()
    {
        var scripts = Directory.GetFiles(Path.Combine(Repository.Folder, "SelfHelpPortal", "wwwroot"), "*.js")
            .Where(file => Path.GetFileName(file) != "staff.js").ToList();

        scripts.ShouldNotBeEmpty();
        scripts.Sum(file => new FileInfo(file).Length).ShouldBeLessThan(5 * 1024);
    }

    private static List<string> Violations(string css)
    {
        var blocks = Root().Matches(css);
        return [.. Check("light", Colors(blocks[0].Value)), .. Check("dark", Colors(blocks[1].Value))];
    }

    private static IEnumerable<string> Check(string scheme, Dictionary<string, string> colors) =>
        from pair in Pairs
        let ratio = Contrast.Ratio(colors[pair.Front], colors[pair.Back])
        where ratio < pair.Least
        select $"{scheme}: {pair.Front} on {pair.Back} is {ratio:0.00}, {pair.Least} is needed";

    private static Dictionary<string, string> Colors(string block) =>
        Color().Matches(block).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    [GeneratedRegex(@":root \{[^}]*\}")]
    private static partial Regex Root();

    [GeneratedRegex("--([a-z-]+): (#[0-9a-f]{3,6});")]
    private static partial Regex Color();
}
