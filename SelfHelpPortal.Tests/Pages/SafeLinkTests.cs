using System.Globalization;
using System.Net;
using Npgsql;
using SelfHelpPortal.Account;
using SelfHelpPortal.Account.Opening;
using SelfHelpPortal.Features.Customer.ReleaseLicense;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>T26: opening a link, however and however often, changes nothing; and what a link or form carries stays out of logs and headers.</summary>
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

        var before = await RowsAsync();
        var opened = new List<Task<HttpResponseMessage>>();
        for (var i = 0; i < 25; i++)
        {
            foreach (var link in links)
            {
                opened.Add(SendAsync(browser, HttpMethod.Get, link));
                opened.Add(SendAsync(browser, HttpMethod.Head, link));
                opened.Add(SendAsync(browser, HttpMethod.Get, link, ("Sec-Purpose", "prefetch")));
                opened.Add(SendAsync(browser, HttpMethod.Get, link, ("Sec-Purpose", "prefetch;prerender")));
            }
        }

        (await Task.WhenAll(opened)).Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBeGreaterThanOrEqualTo(75 * links.Count);
        (await RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_changed_row_is_seen()
    {
        var license = await _portal.AddLicenseAsync(computers: "KASSE-ALT");
        var before = await RowsAsync();
        using var browser = portal.Open();
        await browser.GetAsync("/D/" + await license.QrTokenAsync("KASSE-ALT"));
        await browser.SubmitAsync();

        (await RowsAsync()).ShouldNotBe(before);
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

        var secrets = new[] { byCode.Key, mistyped, byCode.Key.Replace("-", "", StringComparison.Ordinal), code, token, token[..^1], draft, "Sehr geheimer Grund", SampleLicense.Owner };
        portal.Log.ShouldContain(line => line.Contains("/release/***", StringComparison.Ordinal));
        portal.Log.Where(line => secrets.Any(secret => line.Contains(secret, StringComparison.OrdinalIgnoreCase))).ShouldBeEmpty();
        headers.Where(line => secrets.Any(secret => line.Contains(secret, StringComparison.OrdinalIgnoreCase))).ShouldBeEmpty();
    }

    /// <summary>One link of each kind, each still able to act.</summary>
    private async Task<IReadOnlyList<string>> LinksAsync()
    {
        var qr = await _portal.AddLicenseAsync(computers: "KASSE-ALT");
        var key = await _portal.AddLicenseAsync(computers: "KASSE-ALT");
        var released = await _portal.AddLicenseAsync(computers: "KASSE-ALT");
        var objection = await released.ReleaseAsync("KASSE-ALT");
        var mailed = await _portal.AddLicenseAsync(new ReleasePolicy { DeadPc = DeadPcRule.ConfirmByMail }, computers: "KASSE-ALT");
        var request = new ReleaseRequest { LicenseId = mailed.Id, CreatedAt = _portal.Clock.Now };
        request.Mailed((await mailed.ReadAsync()).Activations.Single().Id, _portal.Clock.Now);
        await using (var db = _portal.Open())
        {
            db.Add(request);
            await db.SaveChangesAsync();
        }

        var locked = await _portal.AddLicenseAsync(flag: new FlagPolicy { HoursBetweenStages = 1 }, computers: "KASSE-ALT");
        await locked.ReleaseAsync("KASSE-ALT");
        await locked.ActivateAsync("KASSE-NEU");
        for (var stage = 0; stage < 3; stage++)
        {
            _portal.Clock.Advance(TimeSpan.FromHours(1));
            await locked.SightAsync("KASSE-ALT");
        }

        using var browser = portal.Open();
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", key.Key));
        return
        [
            "/flag/" + await locked.LinkAsync(LinkPurpose.Flag, (await locked.ReadAsync()).OpenFlag(FlagKind.Sighting)!.Id),
            "/D/" + await qr.QrTokenAsync("KASSE-ALT"),
            browser.Path,
            "/license/" + await key.LinkAsync(LinkPurpose.LicenseInformation, key.Id),
            "/release/confirm/" + await mailed.LinkAsync(LinkPurpose.ReleaseConfirm, request.Id),
            "/object/" + await released.LinkAsync(LinkPurpose.Objection, objection.Id),
            .. await AccountLinksAsync(key),
        ];
    }

    private async Task<IReadOnlyList<string>> AccountLinksAsync(SampleLicense license)
    {
        var customer = await license.OfAsync(SampleLicense.Owner);
        var user = await CustomerUser.CreateAsync(_portal, customer, CustomerRole.Member);
        var now = _portal.Clock.Now;
        var opening = new Registration { Id = Guid.NewGuid(), Email = SampleLicense.Owner, CreatedAt = now, ExpiresAt = now.AddDays(1) };
        var invitation = new Registration { Id = Guid.NewGuid(), Email = user.Email, CustomerId = customer, Role = CustomerRole.Owner, CreatedAt = now, ExpiresAt = now.AddDays(1) };
        var used = new Registration { Id = Guid.NewGuid(), Email = user.Email, LicenseId = license.Id, CreatedAt = now, ExpiresAt = now.AddDays(1), UsedAt = now, UserId = user.Id };
        var change = new AddressChange
        {
            Id = Guid.NewGuid(),
            UserId = user.Id,
            OldEmail = user.Email,
            NewEmail = "next@muster-gastro.example",
            CreatedAt = now,
            ExpiresAt = now.AddDays(1),
        };
        await using (var db = _portal.Open())
        {
            db.AddRange(opening, invitation, used, change);
            await db.SaveChangesAsync();
        }

        return
        [
            "/account/confirm/" + await license.LinkAsync(LinkPurpose.Registration, opening.Id),
            "/account/confirm/" + await license.LinkAsync(LinkPurpose.Invitation, invitation.Id),
            "/account/access/" + await license.LinkAsync(LinkPurpose.AccessObjection, used.Id),
            "/account/reset/" + await license.LinkAsync(LinkPurpose.PasswordReset, user.Id),
            "/account/address/" + await license.LinkAsync(LinkPurpose.AddressOld, change.Id),
            "/account/address/" + await license.LinkAsync(LinkPurpose.AddressNew, change.Id),
        ];
    }

    private static async Task<HttpResponseMessage> SendAsync(Browser browser, HttpMethod method, string path, params (string Name, string Value)[] headers)
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

    /// <summary>Each table with the number of its rows, and a sum over their contents and the transactions that wrote them.</summary>
    private async Task<IReadOnlyList<string>> RowsAsync()
    {
        var lines = new List<string>();
        await using var connection = new NpgsqlConnection(_portal.Database.OwnerConnection + ";Pooling=false");
        await connection.OpenAsync();
        var tables = new List<string>();
        await using (var names = new NpgsqlCommand("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1", connection))
        await using (var reader = await names.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }

        tables.Count.ShouldBeGreaterThan(10);
        foreach (var table in tables)
        {
#pragma warning disable CA2100 // The database's own names, quoted by itself.
            await using var rows = new NpgsqlCommand($"SELECT count(*), coalesce(sum(hashtextextended(t::text || t.xmin::text, 0)), 0)::text FROM {table} t", connection);
#pragma warning restore CA2100
            await using var reader = await rows.ExecuteReaderAsync();
            await reader.ReadAsync();
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{table}: {reader.GetInt64(0)} rows, {reader.GetString(1)}"));
        }

        return lines;
    }
}
