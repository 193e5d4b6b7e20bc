using Microsoft.Extensions.Localization;

namespace SelfHelpPortal.Shared.Keys;

/// <summary>Names what pages say about a typed key: ActivationKeyStrings.resx (English) and ActivationKeyStrings.de.resx.</summary>
public sealed class ActivationKeyStrings;

internal static class ActivationKeyProblems
{
    public static string For(this IStringLocalizer<ActivationKeyStrings> words, KeyAnswer.LooksAlike alike) =>
        words["LooksAlike", string.Join(", ", alike.Places)];
}
