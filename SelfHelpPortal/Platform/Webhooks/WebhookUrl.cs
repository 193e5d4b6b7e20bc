namespace SelfHelpPortal.Platform.Webhooks;

/// <summary>Which addresses an endpoint may have. Where its name leads is asked at each connection.</summary>
internal static class WebhookUrl
{
    /// <returns>The address as it is kept; null when it cannot be one.</returns>
    public static string? Read(string typed, bool allowPrivate) =>
        Uri.TryCreate(typed.Trim(), UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && allowPrivate && url.IsLoopback))
        && url.UserInfo.Length == 0 && url.Fragment.Length == 0 && url.Host.Length > 0
        && url.AbsoluteUri.Length <= WebhookEndpoint.LongestUrl
            ? url.AbsoluteUri
            : null;
}
