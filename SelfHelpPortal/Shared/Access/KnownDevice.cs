using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Mail.Requests;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Shared.Access;

/// <summary>
/// A signed cookie of an earlier complete sign-in. Its browser has limits of its own, so that a stranger who uses up the account's
/// does not keep the owner out.
/// </summary>
internal sealed class KnownDevice(
    IHttpContextAccessor accessor, IDataProtectionProvider protection, PortalCookies cookies, IDbContextFactory<PortalDbContext> contexts)
{
    private const string CookieName = "device";
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(180);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("lshp/known-device/v1").ToTimeLimitedDataProtector();

    /// <summary>The name of this browser for this account, or null.</summary>
    public string? Find(PortalUser user) => Read() is { } cookie && cookie.User == user.Id ? cookie.Device : null;

    /// <summary>Who asks for a mail to the address: this browser, where the owner of the address has signed in from it before.</summary>
    public async Task<MailRequester> AskerAsync(string address, CancellationToken cancellationToken)
    {
        var asker = new MailRequester(Context.Connection.RemoteIpAddress, null);
        if (Read() is not { } cookie)
        {
            return asker;
        }

        // Nobody learns by the time of this whether there is such an account: only a browser that was signed in has the cookie.
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.FindUserAsync(address, cancellationToken) is { } user && user.Id == cookie.User
            ? asker with { Browser = cookie.Device }
            : asker;
    }

    public void Remember(PortalUser user)
    {
        var device = Find(user) ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        Context.Response.Cookies.Append(
            cookies.Name(CookieName),
            _protector.Protect($"{user.Id:n}|{device}", Remembered),
            new CookieOptions
            {
                Path = "/",
                HttpOnly = true,
                IsEssential = true,
                SameSite = SameSiteMode.Lax,
                Secure = cookies.Secure is CookieSecurePolicy.Always,
                MaxAge = Remembered,
            });
    }

    private (Guid User, string Device)? Read()
    {
        if (Context.Request.Cookies[cookies.Name(CookieName)] is not { Length: < 1000 } cookie)
        {
            return null;
        }

        try
        {
            return _protector.Unprotect(cookie).Split('|') is [var id, var device] && Guid.TryParseExact(id, "n", out var user)
                ? (user, device)
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private HttpContext Context =>
        accessor.HttpContext ?? throw new InvalidOperationException(
            "There is no HTTP request to read the device's cookie from; call this from a page or endpoint.");
}
