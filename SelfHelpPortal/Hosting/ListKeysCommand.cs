using System.Globalization;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Signing;

namespace SelfHelpPortal.Hosting;

/// <summary><c>keys list</c>: every key by name, state and age, and nothing secret of any.</summary>
internal static class ListKeysCommand
{
    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args.Length > 0)
        {
            return ExitCode.Usage;
        }

        var directory = services.GetRequiredService<SecretsDirectory>();
        foreach (var key in services.GetRequiredService<SigningKeys>().Entries)
        {
            await LineAsync(key.Kid, $"signing, {key.State.ToString().ToLowerInvariant()}", key.CreatedAt);
        }

        var peppers = services.GetRequiredService<Peppers>();
        foreach (var pepper in peppers.All)
        {
            await output.WriteLineAsync(
                $"{pepper.Kid}  pepper, {(pepper == peppers.Current ? "current" : pepper == peppers.Next ? "next" : "earlier")}");
        }

        foreach (var name in directory.Names(ProtectionCertificate.EarlierPattern).Append(ProtectionCertificate.FileName))
        {
            using var certificate = ProtectionCertificate.Read(directory, name);
            await LineAsync(name, $"certificate, {(name == ProtectionCertificate.FileName ? "current" : "earlier")}",
                certificate.NotBefore.ToUniversalTime());
        }

        foreach (var key in services.GetRequiredService<IKeyManager>().GetAllKeys())
        {
            await LineAsync(key.KeyId.ToString(), $"Data Protection, {(key.IsRevoked ? "revoked" : "ring")}", key.CreationDate);
        }

        return ExitCode.Done;

        Task LineAsync(string name, string what, DateTimeOffset since) =>
            output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name}  {what}, since {since.UtcDateTime:yyyy-MM-dd}"));
    }
}
