using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Signing;

namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// One set of secrets per test run, written anew for each portal: making an RSA key takes longer than most tests. Opening the certificate
/// as the portal writes it is a fifth of a start, so the copies are encrypted with one round instead of thousands.
/// </summary>
internal static class PreparedSecrets
{
    private static readonly Lazy<IReadOnlyDictionary<string, byte[]>> Made = new(() =>
    {
        using var made = new TemporarySecrets();
        Peppers.Open(made.Directory);
        ProtectionCertificate.Open(made.Directory, TestClock.Start).Dispose();
        SigningKeys.Open(made.Directory, TestClock.Start);
        return Directory.GetFiles(made.Directory.Path).ToDictionary(file => Path.GetFileName(file), Read);
    });

    private static byte[] Read(string file)
    {
        if (Path.GetFileName(file) != ProtectionCertificate.FileName)
        {
            return File.ReadAllBytes(file);
        }

        using var certificate = X509CertificateLoader.LoadPkcs12FromFile(file, null, X509KeyStorageFlags.Exportable);
        return certificate.ExportPkcs12(new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1), null);
    }

    public static void CopyTo(string folder)
    {
        var target = SecretsDirectory.Open(folder, mayCreate: true);
        foreach (var (name, content) in Made.Value)
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new FileStream(Path.Combine(target.Path, name), options);
            file.Write(content);
        }
    }
}
