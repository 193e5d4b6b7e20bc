using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SelfHelpPortal.Tests.Support;

/// <summary>Certificates for servers on this computer, valid around the clock of the system.</summary>
internal static class TestCertificates
{
    private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddDays(-1);
    private static readonly DateTimeOffset Until = From.AddDays(3);

    public static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Request(name, key).CreateSelfSigned(From, Until);
        return Reloaded(certificate);
    }

    /// <summary>Writes <c>{name}.pfx</c> and <c>{name}.pem</c> for each name. Returns the file of the authority that issued them.</summary>
    public static string IssueInto(string folder, params IEnumerable<string> names)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var authority = request.CreateSelfSigned(From, Until);
        foreach (var name in names)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var issued = Request(name, key)
                .Create(authority, From.AddHours(1), Until.AddHours(-1), RandomNumberGenerator.GetBytes(8));
            using var withKey = issued.CopyWithPrivateKey(key);
            File.WriteAllBytes(Path.Combine(folder, name + ".pfx"), withKey.Export(X509ContentType.Pfx));
            File.WriteAllText(Path.Combine(folder, name + ".pem"), $"{issued.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        }

        var file = Path.Combine(folder, "authority.pem");
        File.WriteAllText(file, authority.ExportCertificatePem());
        return file;
    }

    public static X509Certificate2 Load(string folder, string name) =>
        X509CertificateLoader.LoadPkcs12FromFile(Path.Combine(folder, name + ".pfx"), null);

    private static CertificateRequest Request(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    private static X509Certificate2 Reloaded(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
}
