namespace SelfHelpPortal.Components.Layout;

/// <summary>A link whose text is Words[<see cref="Word" />].</summary>
internal sealed record SiteLink(string Word, string Href);

/// <summary>The links around every public page. A line is added with the page it leads to.</summary>
internal static class SiteLinks
{
    public const string SignIn = "/account/sign-in";

    public static IReadOnlyList<SiteLink> Header { get; } = [new("SeeStatus", "/transfer/status")];

    public static IReadOnlyList<SiteLink> Footer { get; } =
    [
        new("Imprint", "/imprint"),
        new("Privacy", "/privacy"),
        new("Accessibility", "/accessibility"),
    ];
}
