namespace SelfHelpPortal.Platform.Web;

/// <summary>
/// Paths that carry a secret behind their first words: no Referer leaves them, no search engine lists them, no log repeats them.
/// </summary>
internal static class LinkRoutes
{
    public static readonly IReadOnlyList<string> Prefixes =
    [
        "/D/", "/release/", "/activate/", "/object/", "/transfer/", "/flag/", "/license/", "/appointments/", "/owner/", "/account/",
        "/my/data/",
    ];

    /// <summary>Its query carries the hardware code of a computer.</summary>
    private const string FilledInByPrograms = "/transfer";

    public static bool Contains(PathString path) =>
        Prefix(path) is not null || path.Equals(FilledInByPrograms, StringComparison.OrdinalIgnoreCase);

    /// <summary>The path as a log may show it; a query is never logged.</summary>
    public static string Masked(PathString path) => Prefix(path) is { } prefix ? prefix + "***" : path.Value ?? "";

    private static string? Prefix(PathString path) =>
        path.Value is { } value
            ? Prefixes.FirstOrDefault(prefix => value.Length > prefix.Length
                && value.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            : null;
}
