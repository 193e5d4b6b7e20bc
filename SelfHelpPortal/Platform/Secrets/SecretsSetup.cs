using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Platform.Health;

namespace SelfHelpPortal.Platform.Secrets;

/// <summary>
/// Peppers, stored secrets and the Data Protection ring. The web server does not start when a part is missing: it would answer
/// "unknown key" to everybody. Commands that need none of it (<c>keys create</c>, <c>migrate</c>) still run.
/// </summary>
internal static class SecretsSetup
{
    public static void AddSecrets(this WebApplicationBuilder builder)
    {
        var opened = TryOpen(builder);
        var services = builder.Services;
        services.AddSingleton(_ => opened.Directory ?? throw new StartRefusedException(opened.Refusal));
        services.AddSingleton(s => Peppers.Open(s.GetRequiredService<SecretsDirectory>()));
        services.AddSingleton<PepperWatch>();
        services.AddHostedService(s => s.GetRequiredService<PepperWatch>());
        services.AddSingleton(new ReadinessCheck(
            "peppers", (s, _) => Task.FromResult(s.GetRequiredService<PepperWatch>().Failing ? Readiness.Unavailable : Readiness.Ready)));
        services.AddSingleton<KeyHasher>().AddSingleton<StoredSecrets>();
        services.AddSingleton(new RequiredSecret(s => s.GetRequiredService<Peppers>()));
        services.AddSingleton<IValidateOptions<SecretsOptions>, AllSecretsThere>();

        // The certificate has to be known while services are being registered, which is why the folder is opened here.
        var protection = services.AddDataProtection().SetApplicationName("SelfHelpPortal");
        if (opened.Certificates is [var current, ..])
        {
            protection.ProtectKeysWithCertificate(current).UnprotectKeysWithAnyCertificate(opened.Certificates);
        }

        services.AddSingleton<DataProtectionRing>();
        services.AddOptions<KeyManagementOptions>().Configure<IServiceProvider>((o, s) => o.XmlRepository = opened.Certificates.Length > 0
            ? s.GetRequiredService<DataProtectionRing>()
            : throw new StartRefusedException(opened.Refusal));
        services.AddSingleton(s => new WatchedKeyManager(ActivatorUtilities.CreateInstance<XmlKeyManager>(s)));
        services.AddSingleton<IKeyManager>(s => s.GetRequiredService<WatchedKeyManager>());
        services.AddSingleton<KeyRingWatch>();
        services.AddHostedService(s => s.GetRequiredService<KeyRingWatch>());
        services.AddSingleton(new ReadinessCheck(
            "stored secrets", (s, _) =>
                Task.FromResult(s.GetRequiredService<KeyRingWatch>().Unreadable ? Readiness.Unavailable : Readiness.Ready)));
    }

    private static Opened TryOpen(WebApplicationBuilder builder)
    {
        var environment = builder.Environment;
        var folder = ConfigurationSetup.SecretsFolder(builder.Configuration["Secrets:Directory"], environment);
        try
        {
            RuntimeFloor.Check(RuntimeFloor.Running);
            var directory = folder.Length > 0
                ? SecretsDirectory.Open(folder, mayCreate: environment.IsDevelopment())
                : throw new StartRefusedException("Secrets:Directory is missing.");
            return new(directory, [ProtectionCertificate.Open(directory, TimeProvider.System.GetUtcNow()),
                .. ProtectionCertificate.OpenEarlier(directory)], "");
        }
        catch (StartRefusedException refusal)
        {
            return new(null, [], refusal.Message);
        }
    }

    private sealed record Opened(SecretsDirectory? Directory, X509Certificate2[] Certificates, string Refusal);

    /// <summary>Opens every part at the start, so that a missing one is named then and not at the first customer.</summary>
    private sealed class AllSecretsThere(IServiceProvider services, IEnumerable<RequiredSecret> secrets) : IValidateOptions<SecretsOptions>
    {
        public ValidateOptionsResult Validate(string? name, SecretsOptions options)
        {
            if (options.Directory.Length == 0)
            {
                return ValidateOptionsResult.Skip;
            }

            try
            {
                foreach (var secret in secrets)
                {
                    secret.Open(services);
                }

                return ValidateOptionsResult.Success;
            }
            catch (StartRefusedException refusal)
            {
                return ValidateOptionsResult.Fail(refusal.Message);
            }
        }
    }
}
