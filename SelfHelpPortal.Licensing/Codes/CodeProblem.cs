namespace SelfHelpPortal.Licensing.Codes;

/// <summary>Why a typed code cannot be read; found without any look-up.</summary>
public enum CodeProblemKind
{
    /// <summary>Nothing but spaces and dashes.</summary>
    Empty,

    /// <summary>Fewer symbols than the code has; see <see cref="CodeProblem.Length"/>.</summary>
    TooShort,

    /// <summary>More symbols than the code has; see <see cref="CodeProblem.Length"/>.</summary>
    TooLong,

    /// <summary>The letter U, which no code contains (mostly a misread V); see <see cref="CodeProblem.Group"/>.</summary>
    LetterU,

    /// <summary>Another of our codes; see <see cref="CodeProblem.Seen"/>.</summary>
    WrongKind,

    /// <summary>The check symbol of <see cref="CodeProblem.Group"/> does not fit: something in that group is mistyped.</summary>
    WrongGroup,

    /// <summary>A character that no code contains; see <see cref="CodeProblem.Group"/>.</summary>
    ForeignCharacter,
}

/// <summary>What is wrong with a typed code, in the words a person can act on.</summary>
/// <param name="Kind">The first problem found.</param>
/// <param name="Group">The group it is in, counted from 1.</param>
/// <param name="GroupText">That group as it was read.</param>
/// <param name="Length">The number of symbols that were read; for a text too long to be read at all, its characters.</param>
/// <param name="Seen">For <see cref="CodeProblemKind.WrongKind"/>: what was typed instead.</param>
public readonly record struct CodeProblem(
    CodeProblemKind Kind,
    int? Group = null,
    string? GroupText = null,
    int? Length = null,
    CodeKind? Seen = null);
