using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SelfHelpPortal.Licensing.Codes;

/// <summary>The public name of an activation: 8 random bytes as 13 symbols, new with each activation.</summary>
public static class Handles
{
    public const int ByteLength = 8;
    public const int Length = 13;

    public static string New() => CodeAlphabet.Encode(RandomNumberGenerator.GetBytes(ByteLength));

    /// <summary>Reads a handle in any case; false when it is not exactly one handle.</summary>
    public static bool TryParse(string? input, [NotNullWhen(true)] out string? handle)
    {
        handle = null;
        if (input is null or { Length: > GroupedCode.MaxInput })
        {
            return false;
        }

        var symbols = CodeAlphabet.Normalize(input);
        if (symbols.Length == Length && CodeAlphabet.TryDecode(symbols, out _))
        {
            handle = symbols;
        }

        return handle is not null;
    }

    /// <summary>The eight bytes of a normalized handle.</summary>
    /// <exception cref="ArgumentException">The text is not a handle.</exception>
    public static byte[] ToBytes(string handle) =>
        handle.Length == Length && CodeAlphabet.TryDecode(handle, out var bytes)
            ? bytes
            : throw new ArgumentException("Not a handle.", nameof(handle));
}
