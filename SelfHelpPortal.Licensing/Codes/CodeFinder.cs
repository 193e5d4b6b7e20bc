using System.Text;

namespace SelfHelpPortal.Licensing.Codes;

/// <summary>
/// The one reader of codes in whatever somebody typed or pasted: a code with its label, in quotes, twice, broken by line ends, or in a
/// whole mail. Its check symbols decide, so what is found is right; the work grows with the length of the text and no faster.
/// </summary>
public static class CodeFinder
{
    /// <summary>Longest text that is read, in characters.</summary>
    public const int MaxText = PastedText.MaxLength;

    /// <summary>A dash, a line end, and what answering and formatting put around them.</summary>
    private const int MaxGap = 16;

    /// <summary>No gap: what stands between can be in no code.</summary>
    private const int Broken = int.MaxValue;

    /// <summary>
    /// Three check symbols hit by chance one word of German in 32,768, and D and E begin many: where kinds have no more, their form has to
    /// speak too.
    /// </summary>
    private const int ChecksThatSuffice = 5;

    /// <summary>
    /// The first right code of this kind in the text, in groups; otherwise what was probably meant as one, so that its mistake can be
    /// named; otherwise null. Only the first <see cref="MaxText"/> characters are read.
    /// </summary>
    public static string? Find(string? text, CodeKind kind) => text is null ? null : Find(Read(text), kind) is { } symbols
        ? GroupedCode.Format(symbols) : null;

    /// <summary>Every right code of this kind in the text, in its order and in groups, each once.</summary>
    public static IReadOnlyList<string> FindAll(string? text, CodeKind kind)
    {
        List<string> found = [];
        if (text is null)
        {
            return found;
        }

        var read = Read(text);
        for (var start = 0; start < read.Count; start++)
        {
            if (IsRightAt(read, start, kind))
            {
                found.Add(read.Symbols.Substring(start, GroupedCode.LengthOf(kind)));
            }
        }

        if (found.Count == 0 && Alone(read, kind) is { } alone)
        {
            found.Add(alone);
        }

        return [.. found.Distinct().Select(GroupedCode.Format)];
    }

    /// <summary>The text as its writer saw it, without marks of a quotation or a mail program, for whoever looks for words.</summary>
    public static string PlainText(string text) => PastedText.Plain(text.Length > MaxText ? text[..MaxText] : text);

    /// <summary>The first right code of any kind: what somebody has, who should have something else.</summary>
    public static CodeKind? KindIn(string? text) => text is null ? null : KindIn(Read(text));

    internal static string Capitals(string text) => PastedText.Capitals(text.Length > MaxText ? text[..MaxText] : text);

    /// <summary>Reads a code of this kind, or says what is wrong with what was probably meant as one.</summary>
    internal static bool TryRead(string text, CodeKind kind, out string symbols, out CodeProblem problem)
    {
        var read = Read(text);
        problem = default;
        if (Right(read, kind) is { } right)
        {
            symbols = right;
            return true;
        }

        symbols = Mistyped(read, kind) ?? "";
        if (symbols.Length == 0 && KindIn(read) is { } seen)
        {
            problem = new CodeProblem(CodeProblemKind.WrongKind, Length: GroupedCode.LengthOf(seen), Seen: seen);
            return false;
        }

        symbols = symbols.Length > 0 ? symbols : Shaped(read, kind) ?? Labeled(read, kind) ?? CodeAlphabet.Normalize(text);
        if (GroupedCode.Check(symbols, kind) is not { } wrong)
        {
            return true;
        }

        problem = wrong;
        return false;
    }

    /// <summary>
    /// What may be the token of a link in this text: so many symbols behind <c>/D/</c>, which a mail program may have broken up, then
    /// whole words of that length.
    /// </summary>
    internal static IEnumerable<string> Tokens(string input)
    {
        var text = Read(input);
        var behindLink = text.PlacesBehindLink('D').Where(start => text.IsRun(start, ReleaseLink.Length));
        var words = text.Starts.Where(start => text.IsWord(start, ReleaseLink.Length));
        return behindLink.Concat(words).Select(start => text.Symbols.Substring(start, ReleaseLink.Length));
    }

    /// <summary>
    /// What may be a reference in this text, the likeliest first. It has one check symbol only, so its form has to speak: the letter and
    /// the dashes, then the letter, then the dashes; a piece that stands alone before words.
    /// </summary>
    internal static IEnumerable<string> References(string input, char type, int length)
    {
        var text = Read(input);
        var whole = length + 1;
        bool IsOne(int start, int count) => text.IsRun(start, count) && text.IsGap(start + count);
        var lettered = text.Starts.Where(start => text.Symbols[start] == type && IsOne(start, whole)).ToList();
        var dashed = text.Starts.Where(
            start => IsOne(start, length) && text.IsGap(start + 4) && !text.IsGap(start + 1) && !text.IsBehindDash(start));
        return lettered.Where(start => text.IsGap(start + 1) && text.IsGap(start + 5)).Select(start => (start, whole))
            .Concat(dashed.Select(start => (start, length)))
            .Concat(lettered.Where(start => text.IsWord(start, whole)).Select(start => (start, whole)))
            .Select(found => text.Symbols.Substring(found.Item1, found.Item2))
            .Concat(text.Pieces.Select(CodeAlphabet.Normalize).Select(Once).Where(piece => piece.Length == whole && piece[0] == type));
    }

    /// <summary>What was pasted twice without a gap.</summary>
    private static string Once(string symbols) =>
        symbols.Length % 2 == 0 && symbols.AsSpan(symbols.Length / 2).SequenceEqual(symbols.AsSpan(0, symbols.Length / 2))
            ? symbols[..(symbols.Length / 2)]
            : symbols;

    private static string? Find(Text text, CodeKind kind) => Right(text, kind) ?? Mistyped(text, kind) ?? Shaped(text, kind);

    private static CodeKind? KindIn(Text text)
    {
        for (var start = 0; start < text.Count; start++)
        {
            foreach (var kind in GroupedCode.Kinds)
            {
                if (IsRightAt(text, start, kind))
                {
                    return kind;
                }
            }
        }

        return GroupedCode.Kinds.Cast<CodeKind?>().FirstOrDefault(kind => Alone(text, kind!.Value) is not null);
    }

    private static string? Right(Text text, CodeKind kind)
    {
        for (var start = 0; start < text.Count; start++)
        {
            if (IsRightAt(text, start, kind))
            {
                return text.Symbols.Substring(start, GroupedCode.LengthOf(kind));
            }
        }

        return Alone(text, kind);
    }

    /// <summary>
    /// A right code begins here: behind a gap, of so many symbols, and with a gap or the next right code behind it (pasted twice).
    /// </summary>
    private static bool IsRightAt(Text text, int start, CodeKind kind)
    {
        var length = GroupedCode.LengthOf(kind);
        for (var end = start; text.Begins(start, kind) && IsCode(text, end, kind); end += length)
        {
            if (text.IsGap(end + length))
            {
                return !text.IsInAnother(start, kind);
            }
        }

        return false;
    }

    private static bool IsCode(Text text, int start, CodeKind kind)
    {
        var length = GroupedCode.LengthOf(kind);
        return text.IsRun(start, length)
            && GroupedCode.IsRight(text.Symbols.AsSpan(start, length), kind)
            && (length / GroupedCode.GroupLength >= ChecksThatSuffice || text.IsRegular(start, length));
    }

    /// <summary>A right code however its symbols are spaced: all of the text, of a line, or of what stands behind a label.</summary>
    private static string? Alone(Text text, CodeKind kind)
    {
        foreach (var piece in text.Pieces)
        {
            var symbols = CodeAlphabet.Normalize(piece);
            if (symbols.Length == GroupedCode.LengthOf(kind) && CodeAlphabet.IndexOfForeign(symbols.AsSpan()) < 0
                && GroupedCode.IsRight(symbols.AsSpan(), kind))
            {
                return symbols;
            }
        }

        return null;
    }

    /// <summary>The right length, and more than half of its groups are right.</summary>
    private static string? Mistyped(Text text, CodeKind kind)
    {
        var length = GroupedCode.LengthOf(kind);
        var groups = length / GroupedCode.GroupLength;
        for (var start = 0; start < text.Count; start++)
        {
            if (text.Begins(start, kind) && text.IsRun(start, length) && text.IsGap(start + length)
                && (groups >= ChecksThatSuffice || text.IsRegular(start, length))
                && text.Symbols.Substring(start, length) is var symbols && 2 * GroupedCode.RightGroups(symbols, kind) > groups
                && !text.IsInAnother(start, kind))
            {
                return symbols;
            }
        }

        return null;
    }

    /// <summary>As many groups with dashes, a symbol more or less: so mistyped that the check symbols say nothing.</summary>
    private static string? Shaped(Text text, CodeKind kind)
    {
        var length = GroupedCode.LengthOf(kind);
        foreach (var word in text.Capitals.Split([' ', '\t', '\r', '\n', '"', '„', '“', '<', '>'], StringSplitOptions.RemoveEmptyEntries))
        {
            var trimmed = word.Trim(PastedText.Around);
            var groups = trimmed.Length < length || trimmed[0] != (char)kind || !trimmed.Any(char.IsAsciiDigit) ? []
                : trimmed.Split([.. trimmed.Where(CodeAlphabet.IsDash)]);
            if (groups.Length != length / GroupedCode.GroupLength
                || !groups.All(group => group.Length is >= 4 and <= 6 && group.All(char.IsAsciiLetterOrDigit)))
            {
                continue;
            }

            var symbols = CodeAlphabet.Normalize(trimmed);
            if (symbols.Length >= length - 1 && symbols.Length <= length + 1)
            {
                return symbols;
            }
        }

        return null;
    }

    /// <summary>What stands alone or behind a label, begins with the letter of this kind and has a digit.</summary>
    private static string? Labeled(Text text, CodeKind kind)
    {
        foreach (var piece in text.Pieces)
        {
            var symbols = CodeAlphabet.Normalize(piece);
            if (symbols.Length is > 1 and <= GroupedCode.MaxMistyped && symbols[0] == (char)kind && symbols.Any(char.IsAsciiDigit))
            {
                return symbols;
            }
        }

        return null;
    }

    private static Text Read(string text) => new(Capitals(text));

    /// <summary>The letters and digits of a text one after another, with the gap before each.</summary>
    private sealed class Text
    {
        private static readonly CodeKind[] Longer =
            [.. GroupedCode.Kinds.Where(kind => GroupedCode.LengthOf(kind) / GroupedCode.GroupLength >= ChecksThatSuffice)];

        private readonly int[] _gaps;
        private readonly bool[] _lineEnds;
        private readonly int[] _places;
        private string[]? _pieces;

        public Text(string capitals)
        {
            Capitals = capitals;
            var symbols = new StringBuilder(capitals.Length);
            _gaps = new int[capitals.Length + 1];
            _lineEnds = new bool[capitals.Length + 1];
            _places = new int[capitals.Length + 1];
            var gap = Broken;
            var lineEnd = false;
            for (var place = 0; place < capitals.Length; place++)
            {
                var character = capitals[place];
                if (char.IsLetterOrDigit(character))
                {
                    _places[symbols.Length] = place;
                    _gaps[symbols.Length] = gap;
                    _lineEnds[symbols.Length] = lineEnd;
                    symbols.Append(CodeAlphabet.Unconfused(character));
                    (gap, lineEnd) = (0, false);
                }
                else
                {
                    lineEnd |= character is '\r' or '\n';
                    gap = gap < MaxGap && IsSeparator(character) ? gap + 1 : Broken;
                }
            }

            Symbols = symbols.ToString();
            _gaps[symbols.Length] = Broken;
        }

        public string Capitals { get; }

        public string Symbols { get; }

        public int Count => Symbols.Length;

        /// <summary>All of the text, each line, and what stands behind a label in it; without quotes and brackets.</summary>
        public IReadOnlyList<string> Pieces => _pieces ??=
        [
            .. Capitals.Split('\r', '\n').SelectMany(line => PastedText.WithoutLabels(line).Prepend(line)).Prepend(Capitals)
                .Select(piece => piece.Trim(PastedText.Around)).Where(piece => piece.Length is > 0 and <= 500),
        ];

        /// <summary>Where letters or digits stand behind a gap.</summary>
        public IEnumerable<int> Starts => Enumerable.Range(0, Count).Where(IsGap);

        /// <summary>Behind each such letter between two slashes, which a mail program may have put line ends beside.</summary>
        public IEnumerable<int> PlacesBehindLink(char letter)
        {
            for (var i = 0; i + 1 < Count; i++)
            {
                if (Symbols[i] == letter && Before(i).IndexOf('/') >= 0 && Before(i + 1).IndexOf('/') >= 0)
                {
                    yield return i + 1;
                }
            }
        }

        private ReadOnlySpan<char> Before(int i)
        {
            var from = i == 0 ? 0 : _places[i - 1] + 1;
            return Capitals.AsSpan(from, _places[i] - from);
        }

        /// <summary>So many symbols without a gap, and a gap behind them.</summary>
        public bool IsWord(int start, int length) =>
            IsRun(start, length) && IsGap(start + length) && !Enumerable.Range(start + 1, length - 1).Any(IsGap);

        public bool IsGap(int place) => _gaps[place] > 0;

        public bool IsBehindDash(int start) =>
            start > 0 && _gaps[start] == 1 && CodeAlphabet.IsDash(Capitals[_places[start] - 1]);

        /// <summary>
        /// In the middle of a longer code of another kind, even one with a wrong group. Its groups begin with every letter, and the check
        /// symbols of a verification code are those of an activation key one group further on.
        /// </summary>
        public bool IsInAnother(int start, CodeKind kind)
        {
            foreach (var longer in Longer)
            {
                for (var before = start - 1; longer != kind && before > start - GroupedCode.LengthOf(longer) && before >= 0; before--)
                {
                    if (IsRun(before, GroupedCode.LengthOf(longer))
                        && GroupedCode.RightGroups(Symbols.Substring(before, GroupedCode.LengthOf(longer)), longer)
                        >= (GroupedCode.LengthOf(longer) / GroupedCode.GroupLength) - 1)
                    {
                        return true;
                    }
                }
            }

            return false;
        }

        public bool Begins(int start, CodeKind kind) => Symbols[start] == (char)kind && IsGap(start);

        /// <summary>So many symbols with nothing between them but separators.</summary>
        public bool IsRun(int start, int length)
        {
            if (start + length > Count)
            {
                return false;
            }

            for (var i = start; i < start + length; i++)
            {
                if (CodeAlphabet.ValueOf(Symbols[i]) < 0 || (i > start && _gaps[i] == Broken))
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>
        /// A whole word, or gaps where groups end and nowhere else but for one line end, or a gap behind each symbol. Some words have such
        /// a form too, but no digits. What a dash joins to the word before is the rest of something.
        /// </summary>
        public bool IsRegular(int start, int length)
        {
            var (inside, between, lineEnds) = (0, 0, 0);
            for (var i = start + 1; i < start + length; i++)
            {
                var isBetween = (i - start) % GroupedCode.GroupLength == 0;
                between += isBetween && IsGap(i) ? 1 : 0;
                inside += !isBetween && IsGap(i) ? 1 : 0;
                lineEnds += !isBetween && _lineEnds[i] ? 1 : 0;
            }

            var groups = length / GroupedCode.GroupLength;
            if (IsBehindDash(start))
            {
                return false;
            }

            return inside + between is 0 || inside + between == length - 1
                || (inside == lineEnds && lineEnds <= 1
                    && (between == groups - 1 || Symbols.Skip(start).Take(length).Any(c => c is >= '2' and <= '9')));
        }

        private static bool IsSeparator(char character) =>
            CodeAlphabet.IsIgnored(character) || character is '/' or '\\' or '=' or '~' or '#' or '+'
            || Array.IndexOf(PastedText.Around, character) >= 0;
    }
}
