using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Shared.Access;

/// <summary>
/// Stands before routing and lets nobody but staff, from our own pages, come as far as a circuit (security.md, section 4). Blazor itself
/// accepts any Origin, and CORS does not cover WebSockets.
/// </summary>
internal sealed partial class CircuitGate(
    RequestDelegate next, PublicAddress address, TimeProvider time, IOptions<AccountOptions> options, ILogger<CircuitGate> log)
{
    private const int MaxSockets = WebLimits.StaffSockets;
    public const int MaxSocketsPerAccount = 10;

    private readonly ConcurrentDictionary<string, int> _sockets = [];
    private int _all;

    public async Task InvokeAsync(HttpContext context)
    {
        if (!StaffArea.IsCircuit(context.Request.Path))
        {
            await next(context);
            return;
        }

        var signIn = await context.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        if (!StaffPolicy.IsStaff(signIn.Principal, options.Value.AbsoluteTime, time.GetUtcNow()))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        // A browser that has not asked for it sends no Upgrade header with HTTP/2 but an extended CONNECT, which counts as an upgrade here.
        var isSocket = context.WebSockets.IsWebSocketRequest || context.Request.Headers.ContainsKey(HeaderNames.Upgrade)
            || HttpMethods.IsConnect(context.Request.Method);
        if ((isSocket || HttpMethods.IsPost(context.Request.Method)) && !IsOurs(context.Request))
        {
            Foreign(log, ClientAddress.Network(context));
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        Note(signIn.Principal!, ClientAddress.Network(context));
        if (isSocket)
        {
            await CountedAsync(context, signIn.Principal!.FindFirstValue(ClaimTypes.NameIdentifier) ?? "");
        }
        else
        {
            await next(context);
        }
    }

    private bool IsOurs(HttpRequest request) =>
        request.Headers.Origin is [{ } origin] && string.Equals(origin, address.Root, StringComparison.OrdinalIgnoreCase);

    private async Task CountedAsync(HttpContext context, string account)
    {
        var all = Interlocked.Increment(ref _all);
        var own = _sockets.AddOrUpdate(account, 1, (_, n) => n + 1);
        try
        {
            if (all > MaxSockets || own > MaxSocketsPerAccount)
            {
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                return;
            }

            await next(context);
        }
        finally
        {
            Interlocked.Decrement(ref _all);
            if (_sockets.AddOrUpdate(account, 0, (_, n) => n - 1) == 0)
            {
                _sockets.TryRemove(KeyValuePair.Create(account, 0));
            }
        }
    }

    /// <summary>The circuit has this principal and no request: what events are to say about the network has to be in it.</summary>
    private static void Note(ClaimsPrincipal principal, string network)
    {
        if (principal.Identity is ClaimsIdentity identity)
        {
            foreach (var old in identity.FindAll(SignInClaims.Network).ToArray())
            {
                identity.RemoveClaim(old);
            }

            identity.AddClaim(new Claim(SignInClaims.Network, network));
        }
    }

    [LoggerMessage(1111, LogLevel.Warning, "A circuit from a foreign origin was refused, network {Network}")]
    private static partial void Foreign(ILogger log, string network);
}
