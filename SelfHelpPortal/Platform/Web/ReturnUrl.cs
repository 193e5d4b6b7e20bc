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

    /// <summary>The same for a page that leads back to one's own pages and nowhere else.</summary>
    public static string? InMyAreaOrNull(string? path) => LocalOrNull(path) is { } own && new PathString(own.Split('?', '#')[0]) is var page
        && page.StartsWithSegments("/my", StringComparison.OrdinalIgnoreCase)
        ? own
        : null;

    public static string With(string page, string? path) => path is null ? page : $"{page}?return={Uri.EscapeDataString(path)}";
}
