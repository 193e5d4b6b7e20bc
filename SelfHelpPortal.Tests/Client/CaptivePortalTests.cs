using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SelfHelpPortal.Client;
using SelfHelpPortal.Tests.Http.Api;

namespace SelfHelpPortal.Tests.Client;

/// <summary>
/// A network that wants its guests to sign in answers every request itself. Whatever it says, for the program that is no connection: a
/// license is not released into a sign-in page, and no answer of it is taken for the portal's.
/// </summary>
public class CaptivePortalTests(ApiPortal portal) : IClassFixture<ApiPortal>
{
    private const string Page = "<!doctype html><title>Wi-Fi</title><form>Please sign in</form>";
    private const string Problem = "application/problem+json";

    public static TheoryData<string> Answers() => [.. Table.Keys];

    private static readonly Dictionary<string, (int Status, string? Type, string Text, string? Location)> Table = new()
    {
        ["a page"] = (200, "text/html; charset=utf-8", Page, null),
        ["a short page"] = (200, "text/html", "live", null),
        ["another word"] = (200, "text/plain", "ok", null),
        ["the word and more"] = (200, "text/plain", "live\n" + Page, null),
        ["nothing"] = (200, null, "", null),
        ["a redirect to its page"] = (302, null, "", "/login"),
        ["a redirect that keeps the method"] = (307, null, "", "/login"),
        ["sign in first"] = (511, "text/html", Page, null),
        ["a proxy"] = (407, "text/html", Page, null),
        ["JSON of its own"] =
            (200, "application/captive+json", """{ "captive": true, "user-portal-url": "https://wifi.example.org" }""", null),
        ["JSON with a code"] = (200, "application/json", """{ "code": "login_required" }""", null),
        ["a refusal with a code"] = (403, "application/json", """{ "code": 17 }""", null),
        ["a redirect with JSON"] = (302, "application/json", """{ "code": "RELEASED" }""", null),
        ["a page that says it is JSON"] = (200, "application/json", Page, null),
        ["JSON that says it is a page"] = (200, "text/html", """{ "code": "RELEASED" }""", null),
        ["half of an answer"] = (200, "application/json", """{ "code": "RELEASED" """, null),
        ["an unknown charset"] = (403, "application/json; charset=klingon", """{ "code": "LOGIN" }""", null),
        ["a problem of its own"] = (503, Problem, """{ "code": "SERVER_ERROR" }""", null),
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Its_answer_is_no_connection(string answer)
    {
        var (status, type, text, location) = Table[answer];
        await using var network = await NetworkAsync(context => WriteAsync(context.Response, status, type, text, location));
        using var pc = await ActiveAsync();
        pc.LedTo = AddressOf(network);
        pc.Restart();

        (await pc.Client.ReleaseAsync()).ShouldBe(LicenseCodes.NoConnection, succeeded: false);
        (await pc.Client.CheckInAsync()).ShouldBe(LicenseCodes.NoConnection, succeeded: false);

        pc.Status.IsUsable.ShouldBeTrue();
        pc.Client.PendingRelease.ShouldBeNull();
        pc.Told.ShouldBeEmpty();

        using var fresh = new LicensedPc(portal, "NEU") { LedTo = pc.LedTo };
        (await fresh.Client.ActivateAsync("KBHPE-5N400-BAQPQ-AAQSQ-PP7FH")).ShouldBe(LicenseCodes.NoConnection, succeeded: false);
    }

    /// <summary>The gate may close between the question and the act; what was asked then stays open, and the code is kept.</summary>
    [Fact]
    public async Task A_release_that_meets_it_halfway_waits_with_its_code()
    {
        await using var network = await NetworkAsync(context => context.Request.Path == "/healthz/live"
            ? WriteAsync(context.Response, 200, "text/plain", "live", null)
            : WriteAsync(context.Response, 200, "text/html", Page, null));
        using var pc = await ActiveAsync();
        pc.LedTo = AddressOf(network);
        pc.Restart();

        (await pc.Client.ReleaseAsync()).ShouldBe(LicenseCodes.ReleasedHere, succeeded: false);
        pc.Client.PendingRelease.ShouldNotBeNull();

        pc.LedTo = null;
        pc.Restart();
        (await pc.Client.CheckInAsync()).ShouldBe("RELEASED", succeeded: true);
        pc.Client.PendingRelease.ShouldBeNull();
    }

    /// <summary>A program may bring a handler that follows redirects: then the page answers in the portal's place.</summary>
    [Fact]
    public async Task A_page_at_the_end_of_a_redirect_is_not_the_portal()
    {
        await using var network = await NetworkAsync(context => context.Request.Path == "/login"
            ? WriteAsync(context.Response, 200, "text/plain", "live", null)
            : WriteAsync(context.Response, 302, null, "", "/login"));
        using var pc = await ActiveAsync();
        pc.LedTo = AddressOf(network);
        pc.Restart();

        (await pc.Client.ReleaseAsync()).ShouldBe(LicenseCodes.NoConnection, succeeded: false);
        pc.Status.IsUsable.ShouldBeTrue();
    }

    private async Task<LicensedPc> ActiveAsync() =>
        await new LicensedPc(portal, "HOTEL").ActivatedAsync(await portal.LicenseAsync(ApiPortal.Beam));

    private static async Task WriteAsync(HttpResponse response, int status, string? type, string text, string? location)
    {
        response.StatusCode = status;
        response.ContentType = type;
        response.Headers.Location = location;
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
    }

    private static async Task<WebApplication> NetworkAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }

    private static Uri AddressOf(WebApplication network) =>
        new(network.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
