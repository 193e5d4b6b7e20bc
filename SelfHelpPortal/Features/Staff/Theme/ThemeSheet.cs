using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using MudBlazor;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Theme;

/// <summary>
/// MudBlazor's theme as a style sheet. MudThemeProvider would write it into the page as a style element, which the content security
/// policy of the staff area forbids. It is rendered here when the portal starts and when the vendor's accent is another, light and dark, so
/// that the colors follow the system without a script and without a flash.
/// </summary>
internal sealed partial class ThemeSheet(IServiceScopeFactory scopes, IOptions<VendorOptions> vendor) : IHostedService
{
    public const string Path = "/theme.css";

    private volatile Sheet? _rendered;

    /// <summary>With a hash of all that the content is made of, so that a browser may keep it for a year.</summary>
    public string Address => $"{Path}?v={VersionOf(vendor.Value.Accent)}";

    // The first one now, so that a style sheet that does not fit refuses the start.
    public Task StartAsync(CancellationToken cancellationToken) => SheetAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The style sheet, compressed where the browser takes that.</summary>
    public async Task<IResult> AnswerAsync(HttpContext context)
    {
        var sheet = await SheetAsync(context.RequestAborted);
        // Another hash is that of another accent, or of a node with another version; it gets this theme for now and asks again next time.
        context.Response.Headers.CacheControl =
            context.Request.Query["v"] == sheet.Version ? "public, max-age=31536000, immutable" : "no-cache";
        context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (!context.Request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value == "br" && encoding.Quality != 0))
        {
            return TypedResults.Bytes(sheet.Text, "text/css; charset=utf-8");
        }

        context.Response.Headers.ContentEncoding = "br";
        return TypedResults.Bytes(sheet.Compressed.Value, "text/css; charset=utf-8");
    }

    /// <returns>The one with the accent of now. Two who ask for a new one at once render it twice, which harms nobody.</returns>
    private async Task<Sheet> SheetAsync(CancellationToken cancellationToken)
    {
        var accent = vendor.Value.Accent;
        var version = VersionOf(accent);
        if (_rendered is { } known && known.Version == version)
        {
            return known;
        }

        var (light, dark) = SiteColors.Read(await ReadSiteCssAsync(cancellationToken), accent);
        var theme = StaffTheme.From(light, dark);
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, scope.ServiceProvider.GetRequiredService<ILoggerFactory>());
        var inLight = await RenderAsync(renderer, theme, isDark: false);
        var inDark = await RenderAsync(renderer, theme, isDark: true);
        var text = Encoding.UTF8.GetBytes($"{inLight}\n@media (prefers-color-scheme: dark) {{\n{inDark}\n}}\n");
        return _rendered = new Sheet(version, text, new(() => Compress(text)));
    }

    private static string VersionOf(VendorAccent? accent)
    {
        // The build stands for site.css and the theme.
        string?[] parts =
        [
            typeof(ThemeSheet).Module.ModuleVersionId.ToString(), typeof(MudTheme).Module.ModuleVersionId.ToString(),
            accent?.Light, accent?.LightStrong, accent?.Dark, accent?.DarkStrong,
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', parts))))[..16];
    }

    private static async Task<string> RenderAsync(HtmlRenderer renderer, MudTheme theme, bool isDark)
    {
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(MudThemeProvider.Theme)] = theme,
            [nameof(MudThemeProvider.IsDarkMode)] = isDark,
            [nameof(MudThemeProvider.DefaultScrollbar)] = true,
        });
        var html = await renderer.Dispatcher.InvokeAsync(
            async () => (await renderer.RenderComponentAsync<MudThemeProvider>(parameters)).ToHtmlString());
        var css = string.Concat(StyleElement().Matches(html).Select(style => style.Groups[1].Value));
        return css.Contains("--mud-palette-primary:", StringComparison.Ordinal)
            ? css
            : throw new InvalidOperationException(
                "MudThemeProvider rendered no palette, so the staff area would have no colors. "
                + "Compare its markup with ThemeSheet after an update of MudBlazor.");
    }

    /// <summary>From inside the assembly, so that the theme has this version's colors wherever the portal runs.</summary>
    private static async Task<string> ReadSiteCssAsync(CancellationToken cancellationToken)
    {
        await using var stream = typeof(ThemeSheet).Assembly.GetManifestResourceStream("site.css")
            ?? throw new InvalidOperationException(
                "site.css is not embedded in the assembly. Look for EmbeddedResource in SelfHelpPortal.csproj.");
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static byte[] Compress(byte[] text)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.SmallestSize))
        {
            brotli.Write(text);
        }

        return compressed.ToArray();
    }

    /// <param name="Compressed">Made when somebody asks for it first: that takes longer than all else at the start.</param>
    private sealed record Sheet(string Version, byte[] Text, Lazy<byte[]> Compressed);

    [GeneratedRegex("<style[^>]*>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex StyleElement();
}
