using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.SeedDemo;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Shared.Activations;

namespace SelfHelpPortal.Bench;

/// <summary>What a phone loads for a page: the HTML and everything it names that is style or script, in bytes as they are sent.</summary>
internal static partial class PageWeight
{
    private const int Allowed = 60 * 1024;

    public static async Task<int> RunAsync()
    {
        await using var bench = await BenchPortal.CreateAsync();
        string link;
        await using (var app = bench.Services())
        {
            var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
            await app.Services.GetRequiredService<SeedDemo>().ExecuteAsync(now, CancellationToken.None);
            await using var db = await app.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
            var activation = await db.Activations.FirstAsync();
            var secret = app.Services.GetRequiredService<ActivationSecretsMaker>().Open(activation);
            link = "/D/" + ReleaseLink.Token(secret, activation.Handle, activation.Generation);
        }

        var portal = (await bench.ServePortalAsync()).Url;
        Console.WriteLine("| page | HTML | style | script | other | together | allowed |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        var fits = true;
        foreach (var (name, path) in new[] { ("/", "/"), ("/D/{token}", link) })
        {
            fits &= await WeighAsync(portal, name, path);
        }

        return fits ? 0 : 1;
    }

    private static async Task<bool> WeighAsync(Uri portal, string name, string path)
    {
        using var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None };
        using var client = new HttpClient(handler) { BaseAddress = portal };
        client.DefaultRequestHeaders.Host = new Uri(BenchPortal.PublicUrl).Host;
        var html = await client.GetStringAsync(new Uri(path, UriKind.Relative));
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br, gzip");
        var page = (await client.GetByteArrayAsync(new Uri(path, UriKind.Relative))).Length;
        var (styles, scripts, other) = (0, 0, 0);
        foreach (var asset in Assets().Matches(html).Select(m => m.Groups[1].Value).Where(a => !a.StartsWith("http", StringComparison.Ordinal)).Distinct())
        {
            var bytes = (await client.GetByteArrayAsync(new Uri(new Uri("http://x/"), asset).PathAndQuery)).Length;
            if (bytes == 0)
            {
                throw new InvalidOperationException($"{asset} is empty.");
            }

            var file = asset.Split('?')[0];
            _ = file.EndsWith(".css", StringComparison.Ordinal) ? styles += bytes
                : file.EndsWith(".js", StringComparison.Ordinal) ? scripts += bytes
                : other += bytes;
        }

        var all = page + styles + scripts + other;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {page:N0} | {styles:N0} | {scripts:N0} | {other:N0} | {all:N0} | {Allowed:N0} |"));
        return all <= Allowed;
    }

    /// <summary>Everything that the browser fetches by itself: href of link, src of script and img.</summary>
    [GeneratedRegex("""<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"]+)"[^>]*>""")]
    private static partial Regex Assets();
}
