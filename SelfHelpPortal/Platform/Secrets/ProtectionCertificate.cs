using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Secrets;

/// <summary>
/// The certificate that encrypts the Data Protection ring in the database: <c>data-protection.pfx </c> (RSA, no password, mode 600) in the
/// secrets directory. Older ones stay beside it as <c>data-protection-*.pfx</c> and are used for reading only.
/// </summary>
internal static class ProtectionCertificate
{
    public const string FileName = "data-protection.pfx";

    /// <summary>Those before.</summary>
    public const string EarlierPattern = "data-protection-*.pfx";

    public static X509Certificate2 Open(SecretsDirectory directory, DateTimeOffset now) =>
        Load(
            directory,
            FileName,
            directory.ReadOrCreate(FileName, "without the Data Protection certificate no stored secret can be read", () => Create(now)));

    public static X509Certificate2[] OpenEarlier(SecretsDirectory directory) =>
        [.. directory.Names(EarlierPattern).Select(name => Read(directory, name))];

    public static X509Certificate2 Read(SecretsDirectory directory, string name) => Load(directory, name, directory.Read(name) ?? []);

    /// <summary>Makes a new one and keeps the one before beside it. Returns the name under which that one lies now.</summary>
    public static string Rotate(SecretsDirectory directory, DateTimeOffset now) => directory.Exclusively(() =>
    {
        var before = directory.Read(FileName)
            ?? throw new StartRefusedException($"There is no file \"{FileName}\" in {directory.Path}. Restore it from the backup.");
        var kept = string.Create(CultureInfo.InvariantCulture, $"data-protection-{now.UtcDateTime:yyyyMMddHHmmss}.pfx");
        directory.Write(kept, before);
        directory.Write(FileName, Create(now));
        return kept;
    });

    private static byte[] Create(DateTimeOffset now)
    {
        // RSA, since the encryption of the ring's XML knows no elliptic curves. Nobody checks the dates: the certificate only wraps keys.
        using var key = RSA.Create(3072);
        var request = new CertificateRequest("CN=SelfHelpPortal Data Protection", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(20));
        return certificate.Export(X509ContentType.Pkcs12);
    }

    private static X509Certificate2 Load(SecretsDirectory directory, string name, byte[] pfx)
    {
        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12(pfx, password: null);
            return certificate.HasPrivateKey && certificate.GetRSAPrivateKey() is not null
                ? certificate
                : throw new StartRefusedException($"The file \"{name}\" in {directory.Path} holds no RSA private key.");
        }
        catch (CryptographicException)
        {
            throw new StartRefusedException(
                $"The file \"{name}\" in {directory.Path} is not a PFX without password. Restore it from the backup.");
        }
    }
}
