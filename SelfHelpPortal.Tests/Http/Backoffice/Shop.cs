using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SelfHelpPortal.Data;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http.Backoffice;

/// <summary>A portal with products and a vendor's shop that has a token for everything.</summary>
public sealed class Shop : IAsyncLifetime
{
    public const string Root = "/api/v1/backoffice";

    private int _callers;

    public Shop() => Api = new ApiPortal { Portal = new PortalFactory { Change = b => b.Services.AddSingleton<ILoggerProvider>(Log) } };

    internal ApiPortal Api { get; }

    internal PortalFactory Portal => Api.Portal;

    /// <summary>What it has logged.</summary>
    internal KeptLog Log { get; } = new();

    /// <summary>With every scope.</summary>
    internal string Token { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Portal.Configuration[Browser.Trusted.Key] = Browser.Trusted.Value;
        // Each is written, as in Development.
        Portal.Configuration["Logging:LogLevel:Default"] = "Debug";
        await Api.InitializeAsync();
        await using (var db = Portal.Open())
        {
            // The customer of the other API has a number that was never taken from the sequence.
            await Numbers.MoveBehindAsync(db, license: null, await db.Customers.MaxAsync(c => c.Number), default);
        }

        Token = await Portal.AddTokenAsync(ApiScopes.All);
    }

    public async Task DisposeAsync() => await Api.DisposeAsync();

    internal Task<ApiAnswer> GetAsync(string path, string? token = null) => SendAsync(HttpMethod.Get, path, null, token ?? Token);

    internal Task<ApiAnswer> PostAsync(string path, JsonObject body, string? key = null, string? token = null) =>
        SendAsync(HttpMethod.Post, path, body.ToJsonString(), token ?? Token, key);

    /// <param name="token">Empty: none is sent.</param>
    /// <param name="from">Who asks; everybody is somebody else, since wrong tokens are counted for their source.</param>
    internal async Task<ApiAnswer> SendAsync(
        HttpMethod method, string path, string? body, string token, string? key = null, IPAddress? from = null)
    {
        using var request = new HttpRequestMessage(method, Root + path);
        request.Headers.Add("X-Forwarded-For", (from ?? NextAddress()).ToString());
        if (token.Length > 0)
        {
            request.Headers.TryAddWithoutValidation(
                "Authorization", token.Contains(' ', StringComparison.Ordinal) ? token : $"Bearer {token}");
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await Api.Client.SendAsync(request);
        return await ApiAnswer.ReadAsync(response);
    }

    internal IPAddress NextAddress() => new([10, 0, (byte)(Interlocked.Increment(ref _callers) >> 8), (byte)_callers]);

    internal static JsonObject NewCustomer(string company = "Muster Gastro GmbH") => new()
    {
        ["company"] = company,
        ["email"] = "Buero@muster-gastro.example",
        ["street"] = "Musterstraße 1",
        ["postalCode"] = "12345",
        ["city"] = "Musterstadt",
    };

    internal static JsonObject NewLicense(string customer, string product = ApiPortal.Pos) =>
        new() { ["product"] = product, ["customer"] = customer };

    /// <returns>Its number.</returns>
    internal async Task<string> CustomerAsync() => Number(await PostAsync("/customers", NewCustomer()));

    /// <returns>Its number.</returns>
    internal async Task<string> LicenseAsync(string? customer = null) =>
        Number(await PostAsync("/licenses", NewLicense(customer ?? await CustomerAsync())));

    internal static string Number(ApiAnswer created)
    {
        created.Status.ShouldBe(201, created.Text);
        return created["number"]!.GetValue<string>();
    }

    /// <summary>What the history of a license or customer tells, oldest first.</summary>
    internal async Task<List<LicenseEvent>> EventsOfAsync(string number)
    {
        await using var db = Portal.Open();
        var id = await db.Licenses.Where(l => l.Number == number).Select(l => l.Id)
            .Concat(db.Customers.Where(c => c.Number == number).Select(c => c.Id)).SingleAsync();
        return await db.Events.AsNoTracking().Include(e => e.Detail).Where(e => e.Stream == id).OrderBy(e => e.Seq).ToListAsync();
    }
}
