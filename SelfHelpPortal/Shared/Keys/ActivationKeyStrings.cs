using Microsoft.Extensions.Localization;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Keys;

/// <summary>Names what pages say about a typed key: ActivationKeyStrings.resx (English) and ActivationKeyStrings.de.resx.</summary>
public sealed class ActivationKeyStrings;

internal static class ActivationKeyProblems
{
    public static string For(this IStringLocalizer<ActivationKeyStrings> words, KeyAnswer.LooksAlike alike) =>
        words["LooksAlike", string.Join(", ", alike.Places)];

    public static string For(this IStringLocalizer<ActivationKeyStrings> words, CodeProblem problem) => problem.Kind switch
    {
        CodeProblemKind.Empty => words["Empty"],
        CodeProblemKind.TooShort => words["TooShort", problem.Length!],
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
