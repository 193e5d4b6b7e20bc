using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace SelfHelpPortal.E2E.Support;

/// <summary>The app on a clerk's phone (RFC 6238).</summary>
internal static class Authenticator
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <param name="seed">Base 32, as the page shows it.</param>
    public static string Code(string seed, DateTimeOffset at)
    {
        Span<byte> step = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(step, at.ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // The standard of authenticator apps is SHA-1.
        var mac = HMACSHA1.HashData(Decode(seed), step);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(mac.AsSpan(mac[^1] & 0xF)) & int.MaxValue;
        return (number % 1_000_000).ToString("d6", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string seed)
    {
        var (bits, count) = (0, 0);
        List<byte> bytes = [];
        foreach (var symbol in seed.Where(char.IsLetterOrDigit))
        {
            bits = (bits << 5) | Alphabet.IndexOf(char.ToUpperInvariant(symbol), StringComparison.Ordinal);
            count += 5;
            if (count >= 8)
            {
                count -= 8;
                bytes.Add((byte)(bits >> count));
                bits &= (1 << count) - 1;
            }
        }

        return [.. bytes];
    }
}
