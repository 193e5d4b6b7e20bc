using System.Text;

namespace SelfHelpPortal.Licensing.Codes;

/// <summary>
/// What all human codes share: a type letter, groups of four data symbols and a check symbol, and the reading of typed text.
/// </summary>
internal static class GroupedCode
{
    public const int GroupLength = 5;
    public const int DataPerGroup = GroupLength - 1;

    /// <summary>Longer input is refused unread, so that nobody can make the portal work on megabytes.</summary>
    public const int MaxInput = PastedText.MaxLength;

    /// <summary>More symbols than this are a text, not a mistyped code; naming one letter in it would help nobody.</summary>
    public const int MaxMistyped = 64;

    public static readonly CodeKind[] Kinds = Enum.GetValues<CodeKind>();

    /// <summary>The number of symbols, type letter and check symbols included.</summary>
    public static int LengthOf(CodeKind kind) => kind switch
    {
        CodeKind.ActivationKey => 25,
        CodeKind.VerificationCode => 15,
        CodeKind.HardwareCode => 35,
        CodeKind.EmergencyCode => 15,
    };

    /// <summary>The code of this type letter and data, with the check symbols put in.</summary>
    public static string Complete(CodeKind kind, string data)
    {
        var all = (char)kind + data;
        var code = new StringBuilder(LengthOf(kind));
        for (var start = 0; start < all.Length; start += DataPerGroup)
        {
            var group = all.AsSpan(start, DataPerGroup);
            code.Append(group).Append(CheckSymbols.Compute((char)kind, start / DataPerGroup, group));
        }

        return code.ToString();
    }

    /// <summary>Groups of five with dashes, as printed.</summary>
    public static string Format(string symbols) => string.Join('-', symbols.Chunk(GroupLength).Select(group => new string(group)));

    /// <summary>Reads a code of this kind that was typed alone, or finds it in what was pasted (<see cref="CodeFinder"/>).</summary>
    public static bool TryRead(string? input, CodeKind kind, out string normalized, out CodeProblem problem)
    {
        normalized = "";
        if (input is { Length: > MaxInput })
        {
            problem = new CodeProblem(CodeProblemKind.TooLong, Length: input.Length);
            return false;
        }

        problem = default;
        normalized = CodeAlphabet.Normalize(input ?? "");
        return Check(normalized, kind) is null || CodeFinder.TryRead(input ?? "", kind, out normalized, out problem);
    }

    /// <summary>Whether every group of these symbols of the alphabet has its check symbol; they are as many as the kind has.</summary>
    public static bool IsRight(ReadOnlySpan<char> symbols, CodeKind kind)
    {
        for (var group = 0; group < symbols.Length / GroupLength; group++)
        {
            if (!IsRight(symbols, kind, group))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>How many whole groups have the check symbol that this kind asks for.</summary>
    public static int RightGroups(string symbols, CodeKind kind) =>
        Enumerable.Range(0, symbols.Length / GroupLength).Count(group => IsRight(symbols.AsSpan(), kind, group));

    /// <summary>What is wrong with these symbols as a code of this kind; null when they are one.</summary>
    public static CodeProblem? Check(string symbols, CodeKind kind)
    {
        if (symbols.Length == 0)
        {
            return new CodeProblem(CodeProblemKind.Empty);
        }

        if (symbols.Length > MaxMistyped)
        {
            return new CodeProblem(CodeProblemKind.TooLong, Length: symbols.Length);
        }

        if (symbols.IndexOf('U', StringComparison.Ordinal) is >= 0 and var letterU)
        {
            return InGroup(CodeProblemKind.LetterU, symbols, letterU / GroupLength);
        }

        if (CodeAlphabet.IndexOfForeign(symbols) is >= 0 and var foreign)
        {
            return InGroup(CodeProblemKind.ForeignCharacter, symbols, foreign / GroupLength);
        }

        if (OtherKind(symbols, kind) is { } seen)
        {
            return new CodeProblem(CodeProblemKind.WrongKind, Length: symbols.Length, Seen: seen);
        }

        if (symbols.Length != LengthOf(kind))
        {
            var tooShort = symbols.Length < LengthOf(kind);
            return new CodeProblem(tooShort ? CodeProblemKind.TooShort : CodeProblemKind.TooLong, Length: symbols.Length);
        }

        for (var group = 0; group < symbols.Length / GroupLength; group++)
        {
            if (!IsRight(symbols.AsSpan(), kind, group))
            {
                return InGroup(CodeProblemKind.WrongGroup, symbols, group);
            }
        }

        return null;
    }

    /// <summary>
    /// The other kind whose letter comes first, if the check symbols speak for it. The letter alone does not decide: it may be the mistyped
    /// symbol. Where the check symbols say nothing, the length does.
    /// </summary>
    private static CodeKind? OtherKind(string symbols, CodeKind expected)
    {
        foreach (var other in Kinds)
        {
            if (other == expected || symbols[0] != (char)other)
            {
                continue;
            }

            var (forOther, forExpected) = (RightGroups(symbols, other), RightGroups(symbols, expected));
            var lengthSpeaks = symbols.Length == LengthOf(other) && symbols.Length != LengthOf(expected);
            return forOther > forExpected || (forOther == forExpected && lengthSpeaks) ? other : null;
        }

        return null;
    }

    private static bool IsRight(ReadOnlySpan<char> symbols, CodeKind kind, int group)
    {
        var start = group * GroupLength;
        return (group > 0 || symbols[0] == (char)kind)
            && symbols[start + DataPerGroup] == CheckSymbols.Compute((char)kind, group, symbols.Slice(start, DataPerGroup));
    }

    private static CodeProblem InGroup(CodeProblemKind kind, string symbols, int group)
    {
        var start = group * GroupLength;
        return new CodeProblem(kind, group + 1, symbols.Substring(start, Math.Min(GroupLength, symbols.Length - start)), symbols.Length);
    }
}
