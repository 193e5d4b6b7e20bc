using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Signing;

namespace SelfHelpPortal.Tests.Support;

/// <summary>One secrets folder per test run, copied for each portal: making an RSA key takes longer than most tests.</summary>
internal static class PreparedSecrets
{
    private static readonly Lazy<DirectoryInfo> Made = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("selfhelp-secrets-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        var directory = SecretsDirectory.Open(folder.FullName, mayCreate: true);
        Peppers.Open(directory);
        ProtectionCertificate.Open(directory, TestClock.Start).Dispose();
        SigningKeys.Open(directory, TestClock.Start);
        return folder;
    });

    public static void CopyTo(string folder)
    {
        var target = SecretsDirectory.Open(folder, mayCreate: true);
        foreach (var file in Made.Value.GetFiles())
        {
            file.CopyTo(Path.Combine(target.Path, file.Name));
        }
    }
}
