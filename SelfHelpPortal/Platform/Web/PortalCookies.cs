using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Web;

/// <summary>One rule for the portal's own cookies: bound to this host and to TLS wherever the portal is reached by https.</summary>
internal sealed class PortalCookies(PublicAddress address)
{
    /// <summary>Of whoever is signed in.</summary>
    public const string Account = "account";

    public string Name(string name) => address.IsHttps ? "__Host-" + name : name;

    public CookieSecurePolicy Secure => address.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.None;

    public void Apply(CookieBuilder cookie, string name)
    {
        cookie.Name = Name(name);
        cookie.SecurePolicy = Secure;
        cookie.HttpOnly = true;
        cookie.Path = "/";
        cookie.IsEssential = true;
    }
}
