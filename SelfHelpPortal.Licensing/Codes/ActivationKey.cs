using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SelfHelpPortal.Licensing.Codes;

/// <summary>
/// Our own activation key: <c>K </c>, 19 random symbols (95 bits) and five check symbols, as in <c>KBHPE-5N400-BAQPQ-AAQSQ-PP7FH </c>.
/// </summary>
public sealed record ActivationKey
{
    private const int RandomSymbols = 19;

    private ActivationKey(string normalized) => Normalized = normalized;

    /// <summary>The 25 symbols without dashes.</summary>
    public string Normalized { get; }

    /// <summary>What may be shown and searched in clear.</summary>
    public string LastFive => Normalized[^5..];

    public static ActivationKey New() =>
        new(GroupedCode.Complete(CodeKind.ActivationKey, RandomNumberGenerator.GetString(CodeAlphabet.Symbols, RandomSymbols)));

    public static bool TryParse(string? input, [NotNullWhen(true)] out ActivationKey? key, out CodeProblem problem)
    {
        key = GroupedCode.TryRead(input, CodeKind.ActivationKey, out var normalized, out problem) ? new ActivationKey(normalized) : null;
        return key is not null;
    }

    public override string ToString() => GroupedCode.Format(Normalized);
}
