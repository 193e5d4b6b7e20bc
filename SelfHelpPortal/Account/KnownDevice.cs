using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Account;

/// <summary>
/// A signed cookie of an earlier complete sign-in. Its browser has a guess budget of its own, so that a stranger who uses up the account's
/// budget does not keep the owner out.
/// </summary>
internal sealed class KnownDevice(IHttpContextAccessor accessor, IDataProtectionProvider protection, PortalCookies cookies)
{
    private const string CookieName = "device";
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(180);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("lshp/known-device/v1").ToTimeLimitedDataProtector();

    /// <summary>The name of this browser for this account, or null.</summary>
    public string? Of(PortalUser user)
    {
        if (Context.Request.Cookies[cookies.Name(CookieName)] is not { Length: < 1000 } cookie)
        {
            return null;
        }

        try
        {
            return _protector.Unprotect(cookie).Split('|') is [var id, var device] && id == user.Id.ToString("n") ? device : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Remember(PortalUser user)
    {
        var device = Of(user) ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
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

    private HttpContext Context => accessor.HttpContext ?? throw new InvalidOperationException("Devices are known from requests.");
}
