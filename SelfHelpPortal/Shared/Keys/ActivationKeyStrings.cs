using Microsoft.Extensions.Localization;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Keys;

/// <summary>Names what pages say about a typed key: ActivationKeyStrings.resx (English) and ActivationKeyStrings.de.resx.</summary>
public sealed class ActivationKeyStrings;

internal static class ActivationKeyProblems
{
    /// <summary>What has more symbols is no key with some too many.</summary>
    private const int GroupedText = 64;

    public static string For(this IStringLocalizer<ActivationKeyStrings> words, KeyAnswer.LooksAlike alike) =>
        words["LooksAlike", string.Join(", ", alike.Places)];

    /// <summary>What was typed is something else of ours; null when it is not.</summary>
    public static string? ForOther(this IStringLocalizer<ActivationKeyStrings> words, string? typed, CodeProblem problem) =>
        typed is null || problem.Kind is CodeProblemKind.Empty or CodeProblemKind.WrongKind or CodeProblemKind.WrongGroup ? null
        : ReleaseLink.TryParse(typed, out _) ? words["Link"].Value
        : LicenseNumber.Read(typed) is { } number ? words["LicenseNumber", number].Value
        : RequestReference.TryParse(typed, out var reference) ? words["Reference", reference].Value
        : null;

    public static string For(this IStringLocalizer<ActivationKeyStrings> words, CodeProblem problem) => problem.Kind switch
    {
        CodeProblemKind.Empty => words["Empty"],
        CodeProblemKind.TooShort => words["TooShort", problem.Length!],
        CodeProblemKind.TooLong when problem.Length > GroupedText => words["NotInText", problem.Length!],
        CodeProblemKind.TooLong => words["TooLong", problem.Length!],
        CodeProblemKind.LetterU => words["LetterU"],
        CodeProblemKind.ForeignCharacter => words["ForeignCharacter", problem.Group!, problem.GroupText!],
        CodeProblemKind.WrongGroup => words["WrongGroup", problem.Group!, problem.GroupText!],
        CodeProblemKind.WrongKind => problem.Seen switch
        {
            CodeKind.HardwareCode => words["HardwareCode"],
            CodeKind.VerificationCode => words["VerificationCode"],
            CodeKind.EmergencyCode => words["EmergencyCode"],
            CodeKind.ActivationKey or null => words["Empty"],
        },
    };
}
