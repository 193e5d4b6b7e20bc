using Microsoft.Extensions.Localization;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Shared.Keys;

namespace SelfHelpPortal.Shared.Activations;

/// <summary>
/// Names the parts of a computer and what is said when too few can be read: HardwareWords.resx (English) and HardwareWords.de.resx.
/// </summary>
public sealed class HardwareWords;

internal static class HardwareInputWords
{
    /// <summary>Why the code, or the file in its place, cannot be read.</summary>
    /// <param name="empty">What is said where nothing was given.</param>
    public static string For(
        this IStringLocalizer<HardwareWords> words, HardwareInput input, string? typed, IStringLocalizer<CodeWords> codes, string empty) =>
        input.FileProblem is { } file ? words["File." + file]
        : input.Problem is { Kind: not CodeProblemKind.Empty } problem ? codes.For(CodeKind.HardwareCode, typed, problem)
        : empty;

    /// <summary>One sentence without a full stop, as errors beside a field are written.</summary>
    /// <param name="kinds">The kinds of parts that could be read.</param>
    public static string FewParts(this IStringLocalizer<HardwareWords> words, IReadOnlyList<string> kinds) =>
        kinds is [] ? words["NoParts"] : words["FewParts", string.Join(", ", kinds.Select(kind => words["Part." + kind]))];
}
