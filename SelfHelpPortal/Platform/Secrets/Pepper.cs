using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SelfHelpPortal.Platform.Secrets;

/// <summary>
/// One secret of the ring. Hashes that belong together are made with one object, since the current one may change at any moment.
/// </summary>
internal sealed class Pepper
{
    private const int Bytes = 32;

    private readonly byte[] _secret;

    private Pepper(byte[] secret)
    {
        _secret = secret;
        Kid = "p-" + Convert.ToHexStringLower(HMACSHA256.HashData(secret, "lshp/pepper-id/v1"u8).AsSpan(0, 6));
    }

    /// <summary>Stored beside each hash. Made from the secret, so a wrong file can never pass for the right one.</summary>
    public string Kid { get; }

    public static Pepper New() => new(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Null if the text is not base64url of 32 bytes.</summary>
    public static Pepper? Parse(string text) =>
        Base64Url.IsValid(text, out var length) && length == Bytes ? new Pepper(Base64Url.DecodeFromChars(text)) : null;

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public string Write() => Base64Url.EncodeToString(_secret);

    /// <summary>HMAC-SHA-256.</summary>
    public byte[] Mac(string text) => HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(text));
}
