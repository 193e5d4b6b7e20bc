using System.Globalization;

namespace SelfHelpPortal.Shared.Api;

/// <summary>Why a field cannot be read: a word of <see cref="ApiProblemWords"/> and what fills it.</summary>
internal sealed record FieldProblem(string Word, params object[] Arguments);

/// <summary>What the fields of a request may hold.</summary>
internal static class Fields
{
    public const int PcNameLength = 100;
    public const int AppVersionLength = 50;
    public const int ProductLength = 100;
    public const int NonceShortest = 8;
    public const int NonceLongest = 128;
    public const int IdempotencyKeyLongest = 255;

    public static FieldProblem Missing(string field) => new("Field.Missing", field);

    public static FieldProblem? Nonce(string? nonce) =>
        nonce is { Length: >= NonceShortest and <= NonceLongest } && !nonce.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? null
            : new FieldProblem("Field.Nonce", NonceShortest, NonceLongest);

    public static FieldProblem? IdempotencyKey(string key) =>
        key is { Length: >= 1 and <= IdempotencyKeyLongest } && !key.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? null
            : new FieldProblem("Field.IdempotencyKey", IdempotencyKeyLongest);

    /// <summary>
    /// A text that people will see, without what could steer a terminal, a mail or the direction of writing; null when nothing is left.
    /// </summary>
    public static FieldProblem? Text(string field, string? given, int longest, out string? text)
    {
        text = null;
        if (given is null)
        {
            return null;
        }

        var clean = (given.Any(IsSteering) ? string.Concat(given.Where(character => !IsSteering(character))) : given).Trim();
        if (clean.Length > longest)
        {
            return new FieldProblem("Field.TooLong", field, longest);
        }

        text = clean.Length == 0 ? null : clean;
        return null;
    }

    private static bool IsSteering(char character) =>
        char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator;
}
