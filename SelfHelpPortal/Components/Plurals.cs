using Microsoft.Extensions.Localization;

namespace SelfHelpPortal.Components;

/// <summary>Texts that count something have a second one for a single thing, under the same name with <c>.One</c> behind it.</summary>
internal static class Plurals
{
    /// <param name="key">Of the text for several, or none.</param>
    /// <param name="arguments">Of both texts, the count among them.</param>
    public static LocalizedString Counted(this IStringLocalizer words, int count, string key, params object[] arguments) =>
        words[count == 1 ? key + ".One" : key, arguments];
}
