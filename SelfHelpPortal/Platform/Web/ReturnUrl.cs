using Microsoft.AspNetCore.Http.HttpResults;

namespace SelfHelpPortal.Platform.Web;

/// <summary>Where somebody wanted to go before signing in; only ever a path of our own.</summary>
internal static class ReturnUrl
{
    /// <summary>In ASCII, since it goes into a header; the portal's own addresses are.</summary>
    public static string? LocalOrNull(string? path) =>
        path is { Length: > 0 and < 500 } && RedirectHttpResult.IsLocalUrl(path) && !path.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? path
            : null;

    public static string With(string page, string? path) => path is null ? page : $"{page}?return={Uri.EscapeDataString(path)}";
}
