using System.Net;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>
/// T26: opening a link, however and however often, changes nothing; and what a link or form carries stays out of logs and headers.
/// </summary>
public class SafeLinkTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private readonly PortalFactory _portal = portal.Portal;

    [Fact]
    public async Task Opening_links_changes_no_row()
    {
        var links = await LinksAsync();
        using var browser = portal.Open();
        foreach (var link in links)
        {
            await browser.GetAsync(link);
            browser.Status.ShouldBe(HttpStatusCode.OK, link[..12]);
        }

        var before = await Rows.ReadAsync(_portal);
        foreach (var link in links)
        {
            var opened = new List<Task<HttpResponseMessage>>();
            for (var i = 0; i < 25; i++)
            {
                opened.Add(SendAsync(browser, HttpMethod.Get, link));
                opened.Add(SendAsync(browser, HttpMethod.Head, link));
                opened.Add(SendAsync(browser, HttpMethod.Get, link, ("Sec-Purpose", "prefetch")));
                opened.Add(SendAsync(browser, HttpMethod.Get, link, ("Sec-Purpose", "prefetch;prerender")));
            }

            (await Task.WhenAll(opened)).Count(answer => answer.StatusCode == HttpStatusCode.OK)
                .ShouldBeGreaterThanOrEqualTo(75, link[..12]);
        }

        (await Rows.ReadAsync(_portal)).ShouldBe(before);
    }

    [Fact]
    public async Task A_changed_row_is_seen()
    {
        var license = await _portal.AddLicenseAsync(computers: "KASSE-ALT");
        var before = await Rows.ReadAsync(_portal);
        using var browser = portal.Open();
        await browser.GetAsync("/D/" + await license.QrTokenAsync("KASSE-ALT"));
        await browser.SubmitAsync();

        (await Rows.ReadAsync(_portal)).ShouldNotBe(before);
    }

    [Fact]
    public async Task Keys_codes_and_links_stay_out_of_logs_and_headers()
    {
        var byCode = await _portal.AddLicenseAsync(computers: "KASSE-ALT");
        var byQr = await _portal.AddLicenseAsync(computers: "KASSE-1");
        var code = await byCode.VerificationCodeAsync("KASSE-ALT");
        var token = await byQr.QrTokenAsync("KASSE-1");
        var mistyped = byCode.Key[..^1] + (byCode.Key[^1] == '0' ? '1' : '0');
        using var browser = portal.Open();
        var headers = new List<string>();
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", mistyped));
        headers.AddRange(Headers(browser.Answer));
        await browser.SubmitAsync(("ActivationKey", byCode.Key));
        headers.AddRange(Headers(browser.Answer));
        var draft = browser.Path["/release/".Length..];
        await browser.SubmitAsync(("VerificationCode", code), ("Reason", "Sehr geheimer Grund"));
        browser.Outcome.ShouldBe("released");
        headers.AddRange(Headers(browser.Answer));
        await browser.GetAsync("/D/" + token);
        await browser.SubmitAsync();
        browser.Outcome.ShouldBe("released");
        headers.AddRange(Headers(browser.Answer));
        await browser.GetAsync("/D/" + token[..^1]);
        await browser.GetAsync("/object/" + draft);

        var secrets = new[] { byCode.Key, mistyped, byCode.Key.Replace("-", "", StringComparison.Ordinal), code, token, token[..^1], draft,
            "Sehr geheimer Grund", SampleLicense.Owner };
        portal.Log.ShouldContain(line => line.Contains("/release/***", StringComparison.Ordinal));
        portal.Log.Where(line => secrets.Any(secret => line.Contains(secret, StringComparison.OrdinalIgnoreCase))).ShouldBeEmpty();
        headers.Where(line => secrets.Any(secret => line.Contains(secret, StringComparison.OrdinalIgnoreCase))).ShouldBeEmpty();
    }

    /// <summary>Links that are mailed, and those that are not; each still able to act.</summary>
    private async Task<IReadOnlyList<string>> LinksAsync()
    {
        var qr = await _portal.AddLicenseAsync(computers: "KASSE-ALT");
        var key = await _portal.AddLicenseAsync(computers: "KASSE-ALT");
        using var browser = portal.Open();
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", key.Key));
        return
        [
            "/D/" + await qr.QrTokenAsync("KASSE-ALT"),
            browser.Path,
            "/license/" + await key.LinkAsync(LinkPurpose.LicenseInformation, key.Id),
            .. (await MailedLinks.AllAsync(_portal)).Where(l => l.Person is null).DistinctBy(l => l.Purpose).Select(l => l.Path),
        ];
    }

    private static async Task<HttpResponseMessage> SendAsync(
        Browser browser, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await browser.SendAsync(request);
    }

    private static IEnumerable<string> Headers(HttpResponseMessage answer) =>
        answer.Headers.Concat(answer.Content.Headers).SelectMany(header => header.Value.Select(value => $"{header.Key}: {value}"));
}
