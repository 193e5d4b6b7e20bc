using System.Buffers.Text;

namespace SelfHelpPortal.Licensing.Files;

/// <summary>Base64url without padding (RFC 4648, section 5), where each value has exactly one text: no blanks, no left-over bits.</summary>
internal static class StrictBase64Url
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>The bytes, or null if the text is not what <see cref="Encode"/> writes for them.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        // The decoder of the platform skips blanks and may ignore the bits behind the last byte; both would let a changed file pass.
        if (!Base64Url.IsValid(text))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(text);
        return text.SequenceEqual(Encode(bytes).AsSpan()) ? bytes : null;
    }
}
