using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SelfHelpPortal.Licensing.Codes;

/// <summary>
/// The reference of a transfer request, short enough for the telephone: five random symbols and a check symbol, as in <c>M-7F3K-20 </c>.
/// </summary>
public sealed record RequestReference
{
    private const char Type = 'M';
    private const int Random = 5;
    private const int Length = Random + 1;

    private RequestReference(string normalized) => Normalized = normalized;

    /// <summary>The six symbols, without the <c>M</c> and dashes.</summary>
    public string Normalized { get; }

    public static RequestReference New()
    {
        var symbols = RandomNumberGenerator.GetString(CodeAlphabet.Symbols, Random);
        return new(symbols + CheckSymbols.Compute(Type, 0, symbols));
    }

    /// <summary>
    /// Reads a reference with or without its <c>M</c>, alone or in a text; false when its check symbol does not fit.
    /// </summary>
    public static bool TryParse(string? input, [NotNullWhen(true)] out RequestReference? reference)
    {
        reference = input is null or { Length: > GroupedCode.MaxInput } ? null
            : Of(CodeAlphabet.Normalize(input))
                ?? CodeFinder.References(input, Type, Length).Select(Of).FirstOrDefault(found => found is not null);
        return reference is not null;
    }

    private static RequestReference? Of(string symbols)
    {
        var bare = symbols.Length == Length + 1 && symbols[0] == Type ? symbols[1..] : symbols;
        return bare.Length == Length && CodeAlphabet.IndexOfForeign(bare.AsSpan()) < 0
            && bare[^1] == CheckSymbols.Compute(Type, 0, bare.AsSpan(0, Random))
                ? new RequestReference(bare)
                : null;
    }

    public override string ToString() => $"{Type}-{Normalized[..4]}-{Normalized[4..]}";
}
