using Microsoft.AspNetCore.Components;

namespace SelfHelpPortal.Components.Kit;

internal static class QueryLinks
{
    /// <summary>The present page with other query values, as a path: a link must not repeat the Host header.</summary>
    public static string With(NavigationManager navigation, IReadOnlyDictionary<string, object?> values) =>
        new Uri(navigation.GetUriWithQueryParameters(values)).PathAndQuery;
}
