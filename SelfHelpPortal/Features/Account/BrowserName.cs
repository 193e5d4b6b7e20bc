namespace SelfHelpPortal.Features.Account;

/// <summary>A browser in words that its owner recognizes: <c>Firefox, Windows</c>. Nothing finer is kept.</summary>
internal static class BrowserName
{
    // In this order: nearly every browser also says that it is Chrome or Safari.
    private static readonly (string Token, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Token, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"),
            ("Linux", "Linux"),
    ];

    /// <summary>Empty when it is none of the usual ones.</summary>
    public static string From(string? userAgent) =>
        string.Join(", ", ((string?[])[First(Browsers, userAgent), First(Systems, userAgent)]).Where(name => name is not null));

    private static string? First((string Token, string Name)[] known, string? text) =>
        text is null ? null : known.FirstOrDefault(k => text.Contains(k.Token, StringComparison.Ordinal)).Name;
}
