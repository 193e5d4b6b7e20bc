using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using AngleSharp.Html.Parser;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>T19: what is too much is refused as such, with a page that says so.</summary>
public class InputLimitTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const int Large = 30 * 1024 * 1024;

    [Fact]
    public async Task A_body_that_announces_30_MB_is_refused_unread()
    {
        using var client = portal.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/kit") { Content = Form(new byte[Large]) };
        request.Headers.ExpectContinue = true;

        using var answer = await client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Das war zu viel auf einmal");
    }

    [Fact]
    public async Task A_body_that_hides_its_30_MB_is_refused_at_the_limit()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(portal.Address.Host, portal.Address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes("POST /kit HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"));
        var chunk = Encoding.ASCII.GetBytes($"10000\r\n{new string('a', 0x10000)}\r\n");
        var sent = 0;
        try
        {
            for (; sent < Large; sent += 0x10000)
            {
                await stream.WriteAsync(chunk);
            }
        }
        catch (IOException)
        {
            // The portal hung up, as it should.
        }

        sent.ShouldBeLessThan(Large);
    }

    [Theory]
    [InlineData(10_000, 4, 4)]
    [InlineData(WebLimits.FormKeys + 1, 4, 4)]
    [InlineData(1, WebLimits.FormKeyLength + 1, 4)]
    [InlineData(1, 4, WebLimits.FormValueLength + 1)]
    [InlineData(1, 4, 1_000_000)]
    public async Task A_form_with_too_much_in_it_is_refused(int fields, int nameLength, int valueLength)
    {
        using var client = portal.CreateClient();
        var (token, names) = await TokenAsync(client);
        var body = new StringBuilder(token);
        for (var i = 0; i < fields; i++)
        {
            body.Append('&').Append($"{i}".PadLeft(nameLength, 'n')).Append('=').Append('v', valueLength);
        }

        using var content = Form(Encoding.ASCII.GetBytes(body.ToString()));
        using var answer = await client.PostAsync("/kit", content);

        ((int)answer.StatusCode).ShouldBeInRange(400, 499);
        names.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_form_with_just_enough_is_taken()
    {
        using var client = portal.CreateClient();
        var (token, names) = await TokenAsync(client);
        var fields = Enumerable.Range(0, WebLimits.FormKeys - names.Count).Select(i => $"&{i}={new string('v', 1000)}");

        using var content = Form(Encoding.ASCII.GetBytes(token + string.Concat(fields)));
        using var answer = await client.PostAsync("/kit", content);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused_with_a_page()
    {
        using var client = portal.CreateClient();
        using var content = Form("_handler=kit&ActivationKey=KBHPE"u8.ToArray());

        using var answer = await client.PostAsync("/kit", content);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("Das hat nicht geklappt");
        page.ShouldNotContain("KBHPE");
    }

    [Fact]
    public async Task A_path_or_header_that_is_too_long_is_refused()
    {
        using var client = portal.CreateClient();

        using var longPath = await client.GetAsync("/" + new string('a', 9000));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-Long", new string('a', 40_000));
        using var longHeader = await client.SendAsync(request);

        longPath.StatusCode.ShouldBe(HttpStatusCode.RequestUriTooLong);
        longHeader.StatusCode.ShouldBe(HttpStatusCode.RequestHeaderFieldsTooLarge);
    }

    /// <summary>What the form itself sends: its handler and its token.</summary>
    private static async Task<(string Body, IReadOnlyList<string> Names)> TokenAsync(HttpClient client)
    {
        var page = new HtmlParser().ParseDocument(await client.GetStringAsync("/kit"));
        var hidden = page.QuerySelectorAll("form input[type=hidden]")
            .Select(input => (Name: input.GetAttribute("name")!, Value: input.GetAttribute("value")!)).ToList();
        return (string.Join('&', hidden.Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}")),
            [.. hidden.Select(field => field.Name)]);
    }

    private static ByteArrayContent Form(byte[] body) =>
        new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") } };
}
