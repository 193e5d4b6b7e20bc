using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using SelfHelpPortal.Features.Staff.Theme;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>MudBlazor's components have the portal's colors, which come as a file because the policy forbids style elements.</summary>
public sealed partial class ThemeTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static string SiteCss { get; } = File.ReadAllText(Repository.At("SelfHelpPortal", "wwwroot", "site.css"));

    [Fact]
    public async Task The_theme_has_the_colors_of_the_site_in_light_and_dark()
    {
        using var client = portal.CreateClient();
        var (light, dark) = SiteColors.Read(SiteCss, accent: null);

        var css = await client.GetStringAsync("/theme.css");

        var halves = css.Split("@media (prefers-color-scheme: dark)");
        halves.Length.ShouldBe(2);
        foreach (var (half, colors) in halves.Zip([light, dark]))
        {
            Shown(half, "primary").ShouldBe(colors["accent"]);
            Shown(half, "surface").ShouldBe(Long(colors["surface"]));
            Shown(half, "background").ShouldBe(colors["bg"]);
            Shown(half, "text-primary").ShouldBe(colors["text"]);
            Shown(half, "error").ShouldBe(colors["danger"]);
        }

        css.ShouldNotContain("<");
        css.ShouldContain("--mud-typography-default-family: var(--font)");
    }

    [Fact]
    public async Task The_vendors_accent_is_the_themes_too()
    {
        await using var other = new PortalFactory();
        other.Configuration["Vendor:Accent:Light"] = "#6b0e5a";
        await other.InitializeAsync();
        using var client = other.CreateClient();

        Shown((await client.GetStringAsync("/theme.css")).Split("@media")[0], "primary").ShouldBe("#6b0e5a");
    }

    [Fact]
    public async Task It_is_kept_for_long_under_the_address_that_the_page_names_and_sent_compressed()
    {
        using var handler = new HttpClientHandler { AutomaticDecompression = DecompressionMethods.None };
        using var client = new HttpClient(handler) { BaseAddress = portal.Address };
        var clerk = await StaffUser.CreateAsync(portal);
        using var browser = await clerk.SignInAsync();
        await browser.GetAsync("/staff");
        var address = browser.Page.QuerySelector("link[href^='/theme.css']")!.GetAttribute("href")!;

        using var kept = await client.GetAsync(address);
        using var outdated = await client.GetAsync("/theme.css?v=0123456789abcdef");
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Accept-Encoding", "gzip, br");
        using var compressed = await client.SendAsync(request);

        kept.Headers.CacheControl!.ToString().ShouldContain("immutable");
        outdated.Headers.CacheControl!.NoCache.ShouldBeTrue();
        kept.Content.Headers.ContentEncoding.ShouldBeEmpty();
        compressed.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        compressed.Headers.Vary.ShouldBe(["Accept-Encoding"]);
        var bytes = await compressed.Content.ReadAsByteArrayAsync();
        bytes.Length.ShouldBeLessThan(8 * 1024);
        await using var brotli = new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var reader = new StreamReader(brotli);
        (await reader.ReadToEndAsync()).ShouldBe(await kept.Content.ReadAsStringAsync());
    }

    /// <summary>
    /// Under the names with a hash that Assets gives, the files of a package are sent as they are: more than half a megabyte.
    /// </summary>
    [Fact]
    public async Task Style_and_script_of_MudBlazor_are_sent_compressed()
    {
        using var handler = new HttpClientHandler { AutomaticDecompression = DecompressionMethods.None };
        using var client = new HttpClient(handler) { BaseAddress = portal.Address };
        client.DefaultRequestHeaders.Add("Accept-Encoding", "gzip, br");
        var clerk = await StaffUser.CreateAsync(portal);
        using var browser = await clerk.SignInAsync();
        await browser.GetAsync("/staff");
        var styles = browser.Page.QuerySelectorAll("link[rel=stylesheet]").Select(link => link.GetAttribute("href")!);
        var files = styles.Concat(browser.Page.QuerySelectorAll("script").Select(script => script.GetAttribute("src")!)).ToList();

        files.Count(file => file.Contains("MudBlazor", StringComparison.Ordinal)).ShouldBe(2);
        foreach (var file in files)
        {
            using var answer = await client.GetAsync(file);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, file);
            answer.Content.Headers.ContentEncoding.ShouldNotBeEmpty(file);
        }
    }

    [Theory]
    [InlineData("--surface: #fff;", "", "--surface")]
    [InlineData(":root {", ":host {", ":root")]
    public void A_style_sheet_without_what_the_theme_needs_is_refused(string text, string other, string named) =>
        Should.Throw<InvalidOperationException>(() => StaffTheme.From(
            SiteColors.Read(SiteCss.Replace(text, other, StringComparison.Ordinal), new VendorAccent()).Light,
            SiteColors.Read(SiteCss, accent: null).Dark)).Message.ShouldContain(named);

    /// <summary>What the theme says for a color, without its opacity.</summary>
    private static string Shown(string css, string name)
    {
        var value = Regex.Match(css, $"--mud-palette-{name}: ([^;]+);").Groups[1].Value;
        var parts = Rgb().Match(value);
        return parts.Success
            ? "#" + string.Concat(parts.Groups.Values.Skip(1)
                .Select(part => byte.Parse(part.Value, CultureInfo.InvariantCulture).ToString("x2", null)))
            : value[..Math.Min(7, value.Length)];
    }

    private static string Long(string color) =>
        color.Length == 4 ? "#" + string.Concat(color.Skip(1).Select(digit => new string(digit, 2))) : color;

    [GeneratedRegex(@"^rgba?\((\d+),\s*(\d+),\s*(\d+)")]
    private static partial Regex Rgb();
}
