using Microsoft.Extensions.Localization;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Keys;

/// <summary>What pages and API say about a code that they cannot read: CodeWords.resx (English) and CodeWords.de.resx.</summary>
public sealed class CodeWords;

internal static class CodeProblemWords
{
    /// <summary>What has more symbols is no code with some too many.</summary>
    private const int GroupedText = 64;

    /// <summary>What was read, what is wrong with it and the way out; without a full stop, as errors beside a field are written.</summary>
    public static string For(this IStringLocalizer<CodeWords> words, CodeKind wanted, string? typed, CodeProblem problem) =>
        words.Explain(typed, problem, wanted, wanted.ToString());

    /// <summary>For a field that takes the number of a license or its key.</summary>
    /// <param name="unknown">What is said of a right key that nobody has; the way out is the page's.</param>
    public static string ForLicense(this IStringLocalizer<CodeWords> words, string? typed, KeyAnswer? answer, string unknown) =>
        answer is KeyAnswer.Mistyped { Problem: var problem } ? words.Explain(typed, problem, CodeKind.ActivationKey, "License") : unknown;

    private static string Explain(
        this IStringLocalizer<CodeWords> words, string? typed, CodeProblem problem, CodeKind kind, string wanted) =>
        words.Other(typed, problem) is { } other ? $"{other}. {words["Wanted." + wanted]}" : problem.Kind switch
        {
            CodeProblemKind.Empty or CodeProblemKind.WrongKind => words["Empty." + wanted],
            CodeProblemKind.TooShort => words["TooShort." + kind, problem.Length!],
            CodeProblemKind.TooLong when problem.Length > GroupedText => words["NotInText." + kind, problem.Length!],
            CodeProblemKind.TooLong => words["TooLong." + kind, problem.Length!],
            CodeProblemKind.LetterU => words["LetterU"],
            CodeProblemKind.ForeignCharacter => words["ForeignCharacter", problem.Group!, problem.GroupText!],
            CodeProblemKind.WrongGroup => words["WrongGroup", problem.Group!, problem.GroupText!],
        };

    /// <summary>What was typed is something else of ours, and where that belongs; null when it is not.</summary>
    private static string? Other(this IStringLocalizer<CodeWords> words, string? typed, CodeProblem problem) =>
        problem is { Kind: CodeProblemKind.WrongKind, Seen: { } seen } ? words["Is." + seen].Value
        : typed is null || problem.Kind is CodeProblemKind.Empty or CodeProblemKind.WrongGroup ? null
        : ReleaseLink.TryParse(typed, out _) ? words["Is.Link"].Value
        : LicenseNumber.Read(typed) is { } number ? words["Is.LicenseNumber", number].Value
        : RequestReference.TryParse(typed, out var reference) ? words["Is.Reference", reference].Value
        : null;
}
