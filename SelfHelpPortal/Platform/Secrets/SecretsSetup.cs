using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace SelfHelpPortal.Platform.Secrets;

internal static class SecretsSetup
{
    /// <summary>
    /// Peppers, stored secrets and the Data Protection ring. Throws <see cref="SecretsException"/> at once when a part is missing:
    /// a portal without its pepper or certificate must not come up and answer "unknown key" to everybody.
    /// </summary>
    public static IServiceCollection AddSecrets(this IServiceCollection services, SecretsDirectory directory, TimeProvider time)
    {
        RuntimeFloor.Check(RuntimeFloor.Running);
        var peppers = Peppers.Open(directory);
        var certificate = ProtectionCertificate.Open(directory, time.GetUtcNow());

        services.AddSingleton(directory).AddSingleton(peppers).AddSingleton<KeyHasher>().AddSingleton<StoredSecrets>();
        services.AddDataProtection()
            .SetApplicationName("SelfHelpPortal")
            .ProtectKeysWithCertificate(certificate)
            .UnprotectKeysWithAnyCertificate([certificate, .. ProtectionCertificate.OpenEarlier(directory)]);
        services.AddSingleton<DataProtectionRing>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(
            s => new ConfigureOptions<KeyManagementOptions>(o => o.XmlRepository = s.GetRequiredService<DataProtectionRing>()));

        services.AddSingleton<WatchedKeyManager>(s => new WatchedKeyManager(ActivatorUtilities.CreateInstance<XmlKeyManager>(s)));
        services.AddSingleton<IKeyManager>(s => s.GetRequiredService<WatchedKeyManager>());
        services.AddSingleton<KeyRingWatch>();
        services.AddHostedService(s => s.GetRequiredService<KeyRingWatch>());
        return services;
    }
}
