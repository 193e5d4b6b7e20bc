using System.Runtime.InteropServices;

// As Text.cs, for bytes and cryptography.
namespace System.Buffers.Text
{
    internal static class Base64Url
    {
        private const int Invalid = -1;

        public static int GetEncodedLength(int bytes) => ((bytes * 4) + 2) / 3;

        public static string EncodeToString(ReadOnlySpan<byte> bytes) =>
            Convert.ToBase64String(bytes.ToArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_');

        public static int EncodeToUtf8(ReadOnlySpan<byte> bytes, Span<byte> utf8)
        {
            var text = System.Text.Encoding.ASCII.GetBytes(EncodeToString(bytes));
            text.CopyTo(utf8);
            return text.Length;
        }

        public static bool TryEncodeToChars(ReadOnlySpan<byte> bytes, Span<char> chars, out int written)
        {
            var text = EncodeToString(bytes);
            written = text.Length;
            return text.AsSpan().TryCopyTo(chars);
        }

        /// <summary>Stricter than its namesake, which skips blanks; who asks here refuses them anyway.</summary>
        public static bool IsValid(ReadOnlySpan<char> text)
        {
            foreach (var character in text)
            {
                if (ValueOf(character) == Invalid)
                {
                    return false;
                }
            }

            return text.Length % 4 != 1;
        }

        public static byte[] DecodeFromChars(ReadOnlySpan<char> text)
        {
            var bytes = new byte[text.Length * 3 / 4];
            var (buffer, bits, next) = (0, 0, 0);
            foreach (var character in text)
            {
                buffer = ((buffer << 6) | ValueOf(character)) & 0xFFFF;
                bits += 6;
                if (bits >= 8)
                {
                    bits -= 8;
                    bytes[next++] = (byte)(buffer >> bits);
                }
            }

            return bytes;
        }

        private static int ValueOf(char character) => character switch
        {
            >= 'A' and <= 'Z' => character - 'A',
            >= 'a' and <= 'z' => character - 'a' + 26,
            >= '0' and <= '9' => character - '0' + 52,
            '-' => 62,
            '_' => 63,
            _ => Invalid,
        };
    }
}

namespace System
{
    internal static class BytePolyfills
    {
        extension(Convert)
        {
            public static string ToHexStringLower(ReadOnlySpan<byte> bytes) =>
                string.Concat(bytes.ToArray().Select(value => value.ToString("x2", Globalization.CultureInfo.InvariantCulture)));
        }

        extension(Text.Encoding encoding)
        {
            public byte[] GetBytes(string text, int index, int count) => encoding.GetBytes(text.Substring(index, count));
        }
    }
}

namespace System.Security.Cryptography
{
    internal static class CryptographicOperations
    {
        public static bool FixedTimeEquals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
        {
            if (left.Length != right.Length)
            {
                return false;
            }

            var difference = 0;
            for (var i = 0; i < left.Length; i++)
            {
                difference |= left[i] ^ right[i];
            }

            return difference == 0;
        }
    }

    internal enum DSASignatureFormat
    {
        IeeeP1363FixedFieldConcatenation,
    }

    internal static class CryptographyPolyfills
    {
        extension(HMACSHA256)
        {
            public static byte[] HashData(ReadOnlySpan<byte> key, byte[] data)
            {
                using var mac = new HMACSHA256(key.ToArray());
                return mac.ComputeHash(data);
            }
        }

        extension(SHA256)
        {
            public static byte[] HashData(byte[] data)
            {
                using var hash = SHA256.Create();
                return hash.ComputeHash(data);
            }
        }

        extension(RandomNumberGenerator)
        {
            public static byte[] GetBytes(int count)
            {
                using var random = RandomNumberGenerator.Create();
                var bytes = new byte[count];
                random.GetBytes(bytes);
                return bytes;
            }

            /// <summary>Every choice is as likely as another when their number divides 256, as 32 does.</summary>
            public static string GetString(ReadOnlySpan<char> choices, int length)
            {
                if (256 % choices.Length != 0)
                {
                    throw new ArgumentException("The number of choices does not divide 256.", nameof(choices));
                }

                var text = new char[length];
                var bytes = GetBytes(length);
                for (var i = 0; i < length; i++)
                {
                    text[i] = choices[bytes[i] % choices.Length];
                }

                return new string(text);
            }
        }

        extension(ECDsa ecdsa)
        {
            /// <summary>The format of these signatures is the only one that netstandard2.0 has.</summary>
            public bool TrySignData(
                ReadOnlySpan<byte> data, Span<byte> signature, HashAlgorithmName hash, DSASignatureFormat format, out int written)
            {
                var made = ecdsa.SignData(data.ToArray(), hash);
                written = made.Length;
                return made.AsSpan().TryCopyTo(signature);
            }

            public bool VerifyData(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, HashAlgorithmName hash,
                DSASignatureFormat format) =>
                ecdsa.VerifyData(data.ToArray(), signature.ToArray(), hash);
        }
    }
}
