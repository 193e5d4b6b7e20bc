using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Secrets;

/// <summary>
/// T25, Data Protection: one ring for all nodes, encrypted in the database; a revoked ring signs everybody out and loses nothing stored.
/// </summary>
public sealed class ProtectionRingTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const string Kind = "activation/release-secret";
    private readonly Guid _record = Guid.CreateVersion7();

    [Fact]
    public async Task The_ring_is_in_the_database_and_no_key_of_it_is_readable_there()
    {
        portal.Services.GetRequiredService<StoredSecrets>().Seal([1], Kind, _record);
        await using var db = portal.Open();
        var xml = await db.Set<DataProtectionKey>().Select(k => k.Xml).ToListAsync();
        xml.ShouldNotBeEmpty();
        xml.ShouldAllBe(x => x.Contains("revocation", StringComparison.Ordinal) || x.Contains("EncryptedData", StringComparison.Ordinal));
        xml.ShouldAllBe(x => !x.Contains("masterKey", StringComparison.Ordinal) && !x.Contains("<value>", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_node_reads_what_this_one_wrote_and_follows_its_revocation_without_losing_a_secret()
    {
        await using var node = await SecondNode.StartAsync(portal);
        var (here, there) = (Cookies(portal.Services), Cookies(node.Services));
        var stored = portal.Services.GetRequiredService<StoredSecrets>().Seal([1, 2, 3], Kind, _record);
        var cookie = here.Protect("signed in");
        there.Unprotect(cookie).ShouldBe("signed in");
        var watch = node.Services.GetRequiredService<KeyRingWatch>();
        await watch.LookAsync(default);

        // The command is a third process.
        (await portal.RunAsync("keys", "revoke-protection")).Exit.ShouldBe(ExitCode.Done);

        (await portal.Services.GetRequiredService<KeyRingWatch>().LookAsync(default)).ShouldBeTrue();
        (await watch.LookAsync(default)).ShouldBeTrue();
        await DiesAsync(() => here.Unprotect(cookie));
        await DiesAsync(() => there.Unprotect(cookie));
        foreach (var services in new[] { portal.Services, node.Services })
        {
            var secrets = services.GetRequiredService<StoredSecrets>();
            secrets.Unseal(stored, Kind, _record, out var writeBack).ShouldBe([1, 2, 3]);
            writeBack.ShouldBeTrue();
            secrets.Unseal(secrets.Seal([4], Kind, _record), Kind, _record, out writeBack).ShouldBe([4]);
            writeBack.ShouldBeFalse();
        }

        // Both can sign people in again, and each understands the other.
        there.Unprotect(here.Protect("again")).ShouldBe("again");
        await watch.LookAsync(default);
        (await watch.LookAsync(default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_node_with_another_certificate_is_not_ready_and_with_the_old_one_beside_it_is()
    {
        await using var alone = new PortalFactory();
        await alone.InitializeAsync();
        var secrets = SecretsDirectory.Open(alone.SecretsFolder, mayCreate: true);
        var stored = alone.Services.GetRequiredService<StoredSecrets>().Seal([7], Kind, _record);
        var old = secrets.Read(ProtectionCertificate.FileName)!;

        secrets.Delete(ProtectionCertificate.FileName);
        await using (var node = await SecondNode.StartAsync(alone))
        {
            await node.Services.GetRequiredService<KeyRingWatch>().LookAsync(default);
            node.Services.GetRequiredService<KeyRingWatch>().Unreadable.ShouldBeTrue();
            Should.Throw<CryptographicException>(() => node.Services.GetRequiredService<StoredSecrets>().Unseal(stored, Kind, _record));
        }

        secrets.Write("data-protection-2025.pfx", old);
        await using (var node = await SecondNode.StartAsync(alone))
        {
            await node.Services.GetRequiredService<KeyRingWatch>().LookAsync(default);
            node.Services.GetRequiredService<KeyRingWatch>().Unreadable.ShouldBeFalse();
            node.Services.GetRequiredService<StoredSecrets>().Unseal(stored, Kind, _record).ShouldBe([7]);
        }
    }

    [Fact]
    public void The_key_manager_in_use_is_the_watched_one() =>
        portal.Services.GetRequiredService<IKeyManager>().ShouldBeOfType<WatchedKeyManager>();

    /// <summary>The new ring is read in the background, so the old one may answer a moment longer.</summary>
    private static async Task DiesAsync(Action use)
    {
        for (var i = 0; i < 200; i++)
        {
            try
            {
                use();
            }
            catch (CryptographicException)
            {
                return;
            }

            await Task.Delay(25);
        }

        throw new TimeoutException("The cookie of the revoked ring still opens.");
    }

    private static IDataProtector Cookies(IServiceProvider services) =>
        services.GetRequiredService<IDataProtectionProvider>().CreateProtector("cookie");
}
