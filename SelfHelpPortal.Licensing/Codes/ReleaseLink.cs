using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SelfHelpPortal.Licensing.Codes;

/// <summary>
/// The token in the QR code of a computer that gave up its license: 32 symbols of the 20 bytes
/// <c>0x01 ‖ handle(8) ‖ generation(1) ‖ first 10 bytes of a MAC with the release secret</c>.
/// </summary>
public sealed record ReleaseLink
{
    public const int Length = 32;

    private const byte Version = 1;
    private const int GenerationAt = 1 + Handles.ByteLength;
    private const int MacBytes = 10;

    private ReleaseLink(string normalized, string handle, int generation) =>
        (Normalized, Handle, Generation) = (normalized, handle, generation);

    /// <summary>The token in upper case.</summary>
    public string Normalized { get; }

    public string Handle { get; }

    /// <summary>1 to 255.</summary>
    public int Generation { get; }

    /// <summary>What the computer shows under its QR code, so that a person can compare.</summary>
    public string LastFour => Normalized[^4..];

    /// <exception cref="ArgumentException">The handle is not one, or the generation is not 1 to 255.</exception>
    public static string Token(ReadOnlySpan<byte> releaseSecret, string handle, int generation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(generation, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(generation, byte.MaxValue);
        var message = string.Create(CultureInfo.InvariantCulture, $"lshp/release-qr/v1|{handle}|{generation}");
        byte[] bytes = [Version, .. Handles.ToBytes(handle), (byte)generation, .. Mac.Compute(releaseSecret, message).AsSpan(0, MacBytes)];
        return CodeAlphabet.Encode(bytes);
    }

    /// <summary>
    /// Reads a token in upper or lower case, alone or in its link, whatever stands around it. True says only that it is well formed;
    /// <see cref="Verify"/> says whether it is genuine.
    /// </summary>
    public static bool TryParse(string? token, [NotNullWhen(true)] out ReleaseLink? link)
    {
        link = token is null or { Length: > GroupedCode.MaxInput } ? null
            : Of(CodeAlphabet.Normalize(token)) ?? CodeFinder.Tokens(token).Select(Of).FirstOrDefault(found => found is not null);
        return link is not null;
    }

    private static ReleaseLink? Of(string symbols) =>
        symbols.Length == Length && CodeAlphabet.TryDecode(symbols.AsSpan(), out var bytes)
        && bytes[0] == Version && bytes[GenerationAt] > 0
            ? new ReleaseLink(symbols, CodeAlphabet.Encode(bytes.AsSpan(1, Handles.ByteLength)), bytes[GenerationAt])
            : null;

    /// <summary>Whether the holder of this release secret made the token; takes the same time for every wrong one.</summary>
    public bool Verify(ReadOnlySpan<byte> releaseSecret) => Mac.AreEqual(Normalized, Token(releaseSecret, Handle, Generation));
}
