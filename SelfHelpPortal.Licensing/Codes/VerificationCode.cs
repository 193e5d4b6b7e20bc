using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SelfHelpPortal.Licensing.Codes;

/// <summary>
/// The code an offline computer shows after it gave up its license: <c>D </c>, 11 symbols (55 bits) of a MAC with the release secret, three
/// check symbols. It holds no date, because a wrong clock must not strand anyone.
/// </summary>
public sealed record VerificationCode
{
    internal const int MacSymbols = 11;

    private VerificationCode(string normalized) => Normalized = normalized;

    /// <summary>The 15 symbols without dashes.</summary>
    public string Normalized { get; }

    public static VerificationCode Compute(ReadOnlySpan<byte> releaseSecret, string handle, int generation)
    {
        var message = string.Create(CultureInfo.InvariantCulture, $"lshp/release-code/v1|{handle}|{generation}");
        return new(GroupedCode.Complete(CodeKind.VerificationCode, Mac.Symbols(releaseSecret, message, MacSymbols)));
    }

    public static bool TryParse(string? input, [NotNullWhen(true)] out VerificationCode? code, out CodeProblem problem)
    {
        code = GroupedCode.TryRead(input, CodeKind.VerificationCode, out var normalized, out problem)
            ? new VerificationCode(normalized)
            : null;
        return code is not null;
    }

    /// <summary>Whether this activation made the code; takes the same time for every wrong code.</summary>
    public bool Matches(ReadOnlySpan<byte> releaseSecret, string handle, int generation) =>
        Mac.AreEqual(Normalized, Compute(releaseSecret, handle, generation).Normalized);

    public override string ToString() => GroupedCode.Format(Normalized);
}
