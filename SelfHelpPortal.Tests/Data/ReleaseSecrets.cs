using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>
/// The secrets of a kept release are computed from its name, so that its dump can be opened for ever and the repository holds no secret.
/// </summary>
internal static class ReleaseSecrets
{
    public static void WriteTo(string folder, string release)
    {
        var directory = SecretsDirectory.Open(folder, mayCreate: true);
        directory.Write(Peppers.FileName, Encoding.ASCII.GetBytes(Base64Url.EncodeToString(Derive(release, "pepper")) + "\n"));
        directory.Write(SigningKeyFile.Name, SigningKeyFile.Write(
            from purpose in SignaturePurposes.All
            from state in (SigningKeyState[])[SigningKeyState.Current, SigningKeyState.Next]
            select WriteKey(directory, release, purpose, state)));
    }

    /// <summary>A certificate cannot be computed, so the Data Protection ring lies open in the dump.</summary>
    public static void LeaveRingOpen(WebApplicationBuilder builder) =>
        builder.Services.PostConfigure<KeyManagementOptions>(o => o.XmlEncryptor = null);

    private static SigningKeyEntry WriteKey(SecretsDirectory directory, string release, SignaturePurpose purpose, SigningKeyState state)
    {
        var secret = Derive(release, $"{purpose} {state}");
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret });
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var kid = purpose.KidPrefix() + Convert.ToHexStringLower(SHA256.HashData(secret).AsSpan(0, 8));
        var entry = new SigningKeyEntry(kid, state, point.X!, point.Y!, TestClock.Start, TestClock.Start);
        directory.Write(entry.PemName, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        return entry;
    }

    private static byte[] Derive(string release, string purpose) => SHA256.HashData(Encoding.UTF8.GetBytes($"{release} {purpose}"));
}
