using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Hosting.Backups;

/// <summary>
/// Encrypts what opens the database: to the holder of a certificate (CMS, which openssl reads too), or with a passphrase (AES-256-GCM
/// with a key of PBKDF2-SHA256).
/// </summary>
internal static class BackupSeal
{
    private const int Iterations = 600_000;
    private const int MostIterations = 10_000_000;
    private const int SaltSize = 16;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const string Aes256 = "2.16.840.1.101.3.4.1.42";

    private static ReadOnlySpan<byte> Mark => "SHPSEAL1"u8;

    private static int HeaderSize => Mark.Length + sizeof(int) + SaltSize + NonceSize;

    public static byte[] ForCertificate(byte[] plain, string certificateFile)
    {
        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(certificateFile));
        var cms = new EnvelopedCms(new(plain), new(new Oid(Aes256)));
        cms.Encrypt(new CmsRecipient(certificate, RSAEncryptionPadding.OaepSHA256));
        return cms.Encode();
    }

    public static byte[] WithPassphrase(byte[] plain, string passphraseFile)
    {
        var sealedBytes = new byte[HeaderSize + TagSize + plain.Length];
        var header = sealedBytes.AsSpan(0, HeaderSize);
        Mark.CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header[Mark.Length..], Iterations);
        RandomNumberGenerator.Fill(header[(Mark.Length + sizeof(int))..]);
        using var aes = Cipher(header, Passphrase(passphraseFile));
        aes.Encrypt(header[^NonceSize..], plain, sealedBytes.AsSpan(HeaderSize + TagSize), sealedBytes.AsSpan(HeaderSize, TagSize), header);
        return sealedBytes;
    }

    /// <exception cref="StartRefusedException">The passphrase or the key is another, or the file is none of ours.</exception>
    public static byte[] Open(byte[] sealedBytes, string? passphraseFile, string? keyFile)
    {
        var byPassphrase = sealedBytes.AsSpan().StartsWith(Mark) && sealedBytes.Length >= HeaderSize + TagSize;
        if (byPassphrase != passphraseFile is not null)
        {
            throw new StartRefusedException(byPassphrase
                ? "The secrets of this backup were encrypted with a passphrase: --passphrase-file FILE."
                : "The secrets of this backup were encrypted to a certificate: --key KEY.pem, the private key that belongs to it.");
        }

        try
        {
            if (!byPassphrase)
            {
                var cms = new EnvelopedCms();
                cms.Decode(sealedBytes);
                using var key = RSA.Create();
                key.ImportFromPem(File.ReadAllText(keyFile!));
                cms.Decrypt(cms.RecipientInfos[0], key);
                return cms.ContentInfo.Content;
            }

            var header = sealedBytes.AsSpan(0, HeaderSize);
            var plain = new byte[sealedBytes.Length - HeaderSize - TagSize];
            using var aes = Cipher(header, Passphrase(passphraseFile!));
            aes.Decrypt(
                header[^NonceSize..], sealedBytes.AsSpan(HeaderSize + TagSize), sealedBytes.AsSpan(HeaderSize, TagSize), plain, header);
            return plain;
        }
        catch (Exception wrong) when (wrong is CryptographicException or ArgumentException)
        {
            throw new StartRefusedException(byPassphrase
                ? "The passphrase does not open the secrets of this backup."
                : $"{keyFile} does not open the secrets of this backup.");
        }
    }

    private static AesGcm Cipher(ReadOnlySpan<byte> header, string passphrase)
    {
        var iterations = BinaryPrimitives.ReadInt32BigEndian(header[Mark.Length..]);
        if (iterations is < 1 or > MostIterations)
        {
            throw new CryptographicException("The header is not ours.");
        }

        var key = Rfc2898DeriveBytes.Pbkdf2(
            passphrase, header.Slice(Mark.Length + sizeof(int), SaltSize), iterations, HashAlgorithmName.SHA256, 32);
        return new(key, TagSize);
    }

    private static string Passphrase(string file) => File.ReadAllText(file).TrimEnd('\r', '\n') is { Length: >= 12 } passphrase
        ? passphrase : throw new StartRefusedException($"The passphrase in {file} is shorter than 12 characters.");
}
