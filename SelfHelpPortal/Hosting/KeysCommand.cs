using System.Globalization;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Signing;

namespace SelfHelpPortal.Hosting;

/// <summary>What an operator does with the secrets directory. The running portal follows within seconds (protection: a minute).</summary>
internal static class KeysCommand
{
    private static readonly string[] Parts = [Peppers.FileName, ProtectionCertificate.FileName, SigningKeyFile.Name];

    /// <summary>First installation only: with some parts there and others not, something was lost, and a new one would hide that.</summary>
    public static async Task<int> CreateAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args.Length > 0)
        {
            return ExitCode.Usage;
        }

        var folder = ConfigurationSetup.SecretsFolder(
            services.GetRequiredService<IConfiguration>()["Secrets:Directory"], services.GetRequiredService<IHostEnvironment>());
        if (folder.Length == 0)
        {
            await output.WriteLineAsync("Secrets:Directory is missing: name the folder that is to hold the keys.");
            return ExitCode.Refused;
        }

        var directory = SecretsDirectory.Open(folder, mayCreate: true);
        var missing = Array.FindAll(Parts, p => !directory.Has(p));
        if (missing.Length == 0)
        {
            await output.WriteLineAsync($"{directory.Path} holds all keys already; nothing was changed.");
            return ExitCode.Done;
        }

        if (missing.Length < Parts.Length)
        {
            await output.WriteLineAsync(
                $"{directory.Path} holds some keys, but not {string.Join(", ", missing)}. Restore them from the backup.");
            return ExitCode.Refused;
        }

        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        Peppers.Open(directory);
        ProtectionCertificate.Open(directory, now).Dispose();
        SigningKeys.Open(directory, now);
        await output.WriteLineAsync(
            $"Made: pepper, Data Protection certificate and signing keys in {directory.Path}. Back this folder up now, apart from the "
                + $"database.");
        return ExitCode.Done;
    }

    public static async Task<int> RotateAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args is not ([] or ["--now"]))
        {
            return ExitCode.Usage;
        }

        var keys = services.GetRequiredService<SigningKeys>();
        var result = keys.Rotate(services.GetRequiredService<TimeProvider>().GetUtcNow(), evenIfYoung: args.Length > 0);
        if (result.PossibleFrom is { } from)
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"The next keys are not published for {SigningKeys.PublishedBeforeUse.Days} days yet, so not every licensed program knows "
                    + $"them. "
                + $"Possible from {from:yyyy-MM-dd}; a stolen key is withdrawn with \"keys revoke KID\"; \"keys rotate --now\" does not "
                    + $"wait."));
            return ExitCode.Refused;
        }

        await output.WriteLineAsync($"Signing now: {string.Join(", ", result.Current)}. What was signed before stays valid.");
        return ExitCode.Done;
    }

    public static async Task<int> RevokeAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args is not [var kid])
        {
            return ExitCode.Usage;
        }

        var keys = services.GetRequiredService<SigningKeys>();
        var result = keys.Revoke(kid, services.GetRequiredService<TimeProvider>().GetUtcNow());
        await output.WriteLineAsync(result switch
        {
            RevokeResult.Revoked => $"{kid} is withdrawn: nothing it signed is accepted any more.",
            RevokeResult.AlreadyRevoked => $"{kid} was withdrawn before.",
            RevokeResult.Unknown =>
                $"There is no key {kid}. There are: {string.Join(", ", keys.Entries.Select(e => $"{e.Kid} ({e.State})"))}.",
        });
        return result == RevokeResult.Unknown ? ExitCode.Refused : ExitCode.Done;
    }

    public static async Task<int> RevokeProtectionAsync(
        IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args.Length > 0)
        {
            return ExitCode.Usage;
        }

        // The system's clock, since Data Protection dates its keys by that one.
        services.GetRequiredService<IKeyManager>().RevokeAllKeys(TimeProvider.System.GetUtcNow(), "keys revoke-protection");
        await output.WriteLineAsync(
            "Everybody is signed out within a minute, and open forms have to be opened again. Stored keys stay readable.");
        return ExitCode.Done;
    }
}
