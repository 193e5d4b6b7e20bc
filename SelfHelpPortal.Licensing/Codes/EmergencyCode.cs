using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SelfHelpPortal.Licensing.Codes;

/// <summary>
/// The code that lets a locked computer run on for a while, one per license and year: <c>E </c>, 11 symbols of a MAC, three check symbols.
/// </summary>
public sealed record EmergencyCode
{
    private EmergencyCode(string normalized) => Normalized = normalized;

    /// <summary>The 15 symbols without dashes.</summary>
    public string Normalized { get; }

    public static EmergencyCode Compute(ReadOnlySpan<byte> releaseSecret, string handle, int generation, int year)
    {
        var message = string.Create(CultureInfo.InvariantCulture, $"lshp/emergency/v1|{handle}|{generation}|{year}");
        return new(GroupedCode.Complete(CodeKind.EmergencyCode, Mac.Symbols(releaseSecret, message, VerificationCode.MacSymbols)));
    }

    public static bool TryParse(string? input, [NotNullWhen(true)] out EmergencyCode? code, out CodeProblem problem)
    {
        code = GroupedCode.TryRead(input, CodeKind.EmergencyCode, out var normalized, out problem) ? new EmergencyCode(normalized) : null;
        return code is not null;
    }

    /// <summary>Whether the code was made for this activation and year; takes the same time for every wrong code.</summary>
    public bool Matches(ReadOnlySpan<byte> releaseSecret, string handle, int generation, int year) =>
        Mac.AreEqual(Normalized, Compute(releaseSecret, handle, generation, year).Normalized);

    public override string ToString() => GroupedCode.Format(Normalized);
}
