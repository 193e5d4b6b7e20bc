using System.Security.Cryptography;
using System.Text;

namespace SelfHelpPortal.Licensing.Codes;

/// <summary>HMAC-SHA-256 over UTF-8 text, and its first bits as symbols.</summary>
internal static class Mac
{
    public static byte[] Compute(ReadOnlySpan<byte> key, string message) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(message));

    public static byte[] Compute(string key, string message) => Compute(Encoding.UTF8.GetBytes(key), message);

    public static string Symbols(ReadOnlySpan<byte> key, string message, int count) => CodeAlphabet.Encode(Compute(key, message), count);

    /// <summary>Takes the same time wherever the texts differ.</summary>
    public static bool AreEqual(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}
