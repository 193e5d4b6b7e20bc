using Microsoft.Extensions.Localization;

namespace SelfHelpPortal.Shared.Activations;

/// <summary>
/// Names the parts of a computer and what is said when too few can be read: HardwareWords.resx (English) and HardwareWords.de.resx.
/// </summary>
public sealed class HardwareWords;

internal static class FewPartsWords
{
    /// <summary>One sentence without a full stop, as errors beside a field are written.</summary>
    /// <param name="kinds">The kinds of parts that could be read.</param>
    public static string FewParts(this IStringLocalizer<HardwareWords> words, IReadOnlyList<string> kinds) =>
        kinds is [] ? words["NoParts"] : words["FewParts", string.Join(", ", kinds.Select(kind => words["Part." + kind]))];
}
