using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Tests.Support;

/// <summary>What the page's script does between a press of the button and the form.</summary>
internal static class PasskeyDevice
{
    public static SoftwareAuthenticator NewDevice(this PortalFactory portal) =>
        new() { Origin = portal.Services.GetRequiredService<PublicAddress>().Root };

    /// <summary>Asks the portal as the script does, with the token and the ticket of the page that is open.</summary>
    public static async Task<(JsonElement Options, string State)> AskAsync(this Browser browser, params (string Name, string Value)[] more)
    {
        string? Field(string name) => browser.Page.QuerySelector($"main form:has([data-passkey]) [name={name}]")?.GetAttribute("value");
        using var question = new HttpRequestMessage(HttpMethod.Post, "/account/passkey-question")
        {
            Content = new FormUrlEncodedContent(
            [
                new("__RequestVerificationToken", Field("__RequestVerificationToken") ?? ""),
                new("PasskeyTicket", Field("PasskeyTicket") ?? ""),
                .. more.Select(m => KeyValuePair.Create(m.Name, m.Value)),
            ]),
        };
        using var answer = await browser.SendAsync(question);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return (json.GetProperty("options"), json.GetProperty("state").GetString()!);
    }

    /// <summary>Presses the page's passkey button.</summary>
    public static async Task<Browser> UsePasskeyAsync(
        this Browser browser, SoftwareAuthenticator device, params (string Name, string? Value)[] typed)
    {
        var (options, state) = await browser.AskAsync();
        var credential = options.TryGetProperty("user", out _) ? device.Create(options) : device.Get(options);
        return await browser.SubmitAsync([("Passkey", credential), ("PasskeyState", state), .. typed]);
    }
}
