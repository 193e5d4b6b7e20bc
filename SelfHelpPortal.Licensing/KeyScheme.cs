using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Licensing;

/// <summary>
/// How a product's activation keys look: our own (no pattern) or a vendor's format whose keys go on working after the import.
/// </summary>
public sealed record KeyScheme
{
    private const int MaxInput = 4096;

    /// <summary>As many keys are looked for in one text; a loose format fits many words, and each of them is a guess.</summary>
    private const int MostFound = 5;

    private static readonly ConcurrentDictionary<string, Regex> Compiled = new(StringComparer.Ordinal);

    /// <summary>Our own keys (<see cref="ActivationKey"/>).</summary>
    public static KeyScheme Own { get; } = new();

    /// <summary>
    /// A regular expression for the whole normalized foreign key, without backreferences and look-around; null for our own keys.
    /// </summary>
    public string? Pattern { get; init; }

    /// <summary>
    /// Characters that do not count, mostly <c>"- "</c>. Dashes of every kind are one dash, spaces of every kind one space.
    /// </summary>
    public string? StripCharacters { get; init; }

    /// <summary>Whether case does not count.</summary>
    public bool UpperCase { get; init; } = true;

    /// <summary>The keys can be guessed (short, numbered): tries are budgeted more tightly.</summary>
    public bool LowEntropy { get; init; }

    [JsonIgnore]
    public bool IsForeign => Pattern is not null;

    /// <summary>Why a pattern cannot be used, in the words of the regular expression compiler (English), or null.</summary>
    public static string? ProblemOf(string pattern)
    {
        try
        {
            // Alone first: "a)|(b" would be valid inside the brackets that Whole puts around it.
            _ = new Regex(pattern, RegexOptions.NonBacktracking);
            _ = Whole(pattern);
            return null;
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            return wrong.Message;
        }
    }

    /// <summary>
    /// The folded form of a normalized key: what a reader confuses (O/0, I/L/1, B/8) becomes equal, so that one hash finds all near misses.
    /// </summary>
    public static string Fold(string normalized) => string.Create(normalized.Length, normalized, static (folded, key) =>
    {
        for (var i = 0; i < key.Length; i++)
        {
            folded[i] = char.ToUpperInvariant(key[i]) switch
            {
                'O' => '0',
                'I' or 'L' => '1',
                'B' => '8',
                var other => other,
            };
        }
    });

    /// <summary>The foreign key in the form that is stored and hashed, or null when the text does not have the product's format.</summary>
    /// <exception cref="ArgumentException">The pattern is not a regular expression; <see cref="ProblemOf"/> finds that before it is
    /// stored.</exception>
    public string? TryNormalizeForeign(string? input)
    {
        if (Pattern is null || input is null or { Length: > MaxInput })
        {
            return null;
        }

        var key = new StringBuilder(input.Length);
        foreach (var character in CodeAlphabet.ToCompatible(input).Trim())
        {
            var plain = CodeAlphabet.IsDash(character) ? '-' : char.IsWhiteSpace(character) ? ' ' : character;
            if (!CodeAlphabet.IsInvisible(plain) && StripCharacters?.Contains(plain, StringComparison.Ordinal) != true)
            {
                key.Append(UpperCase ? char.ToUpperInvariant(plain) : plain);
            }
        }

        var normalized = key.ToString().Trim();
        return Compiled.GetOrAdd(Pattern, Whole).IsMatch(normalized) ? normalized : null;
    }

    /// <summary>
    /// The keys of this format in a pasted text, in the form that is stored, the likeliest first; a few at most. What is a key as a whole
    /// (<see cref="TryNormalizeForeign"/>) is not looked for here.
    /// </summary>
    public IReadOnlyList<string> FindIn(string? text)
    {
        var found = new List<string>();
        if (Pattern is null || text is null or { Length: > CodeFinder.MaxText })
        {
            return found;
        }

        foreach (var passage in PastedText.Passages(text))
        {
            if ((TryNormalizeForeign(passage) ?? TryNormalizeForeign(Respelled(passage))) is { } key && !found.Contains(key))
            {
                found.Add(key);
            }

            if (found.Count == MostFound)
            {
                break;
            }
        }

        return found;
    }

    /// <summary>
    /// With letters of our alphabet and dashes for what stands in their place, and once where it was pasted twice; null when it stays as
    /// it is.
    /// </summary>
    private string? Respelled(string passage)
    {
        var half = passage.Length / 2;
        var once = passage.Length % 2 == 0 && half > 0 && passage.AsSpan(0, half).SequenceEqual(passage.AsSpan(half))
            ? passage[..half]
            : passage;
        var respelled = string.Concat((UpperCase ? once.ToUpperInvariant() : once).Select(
            c => c is '/' or '\\' or '.' or '_' or ',' or '·' ? '-' : UpperCase ? PastedText.Unmasked(c) : c));
        return respelled == passage ? null : respelled;
    }

    // NonBacktracking: the time is linear in the input, whatever pattern an administrator enters.
    private static Regex Whole(string pattern) => new($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
