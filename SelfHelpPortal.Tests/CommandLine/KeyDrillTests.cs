using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Hosting;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Tests.Licensing.Files;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.CommandLine;

/// <summary>T25: the drills of docs/security/keys.md, run as they stand there beside a portal that goes on.</summary>
public partial class KeyDrillTests
{
    private static readonly string Document = File.ReadAllText(Repository.At("docs", "security", "keys.md"));

    [Fact]
    public async Task Signing_keys()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        var keys = portal.Services.GetRequiredService<SigningKeys>();
        var k1 = keys.For(SignaturePurpose.License).Kid;
        var old = Sample.License().Write(keys.For(SignaturePurpose.License));
        portal.Clock.Advance(SigningKeys.PublishedBeforeUse);

        var steps = Steps("signing keys");
        steps.Count.ShouldBe(3);
        (await DoAsync(portal, steps[0], k1)).ShouldContain($"{k1}  signing, current, since 2026-");
        await DoAsync(portal, steps[1], k1);

        keys.Reload();
        keys.For(SignaturePurpose.License).Kid.ShouldNotBe(k1);
        LicenseFile.Read(old, keys.Verifier).IsGenuine.ShouldBeTrue();
        var young = Sample.License().Write(keys.For(SignaturePurpose.License));

        await DoAsync(portal, steps[2], k1);
        keys.Reload();
        LicenseFile.Read(old, keys.Verifier).Fault.ShouldBe(FileFault.UnknownKey);
        LicenseFile.Read(young, keys.Verifier).IsGenuine.ShouldBeTrue();
    }

    [Fact]
    public async Task Pepper()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        var license = await portal.AddLicenseAsync(computers: "PC-1");
        var before = portal.Services.GetRequiredService<Peppers>().CurrentKid;

        var steps = Steps("pepper");
        steps.Count.ShouldBe(3);
        foreach (var step in steps)
        {
            await DoAsync(portal, step, before);
            (await FindAsync(portal, license.Key)).ShouldBe(license.Id);
        }

        (await portal.RunAsync("keys", "list")).Output.ShouldNotContain(before);
        await using var db = portal.Open();
        (await db.Licenses.Select(l => l.Key.PepperId).Distinct().SingleAsync()).ShouldNotBe(before);
    }

    [Fact]
    public async Task Data_Protection_certificate()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        var license = await portal.AddLicenseAsync(computers: "PC-1");
        var cookie = Cookies(portal.Services).Protect("signed in");

        var steps = Steps("Data Protection certificate");
        steps.Count.ShouldBe(2);
        await DoAsync(portal, steps[0], "");
        var earlier = SecretsDirectory.Open(portal.SecretsFolder, mayCreate: false).Names(ProtectionCertificate.EarlierPattern)
            .ShouldHaveSingleItem();

        // A portal that has not been restarted yet, and one that has, understand each other.
        await using (var restarted = await SecondNode.StartAsync(portal))
        {
            Cookies(restarted.Services).Unprotect(cookie).ShouldBe("signed in");
            Cookies(portal.Services).Unprotect(Cookies(restarted.Services).Protect("there")).ShouldBe("there");
        }

        await DoAsync(portal, steps[1], earlier);
        File.Exists(Path.Combine(portal.SecretsFolder, earlier)).ShouldBeFalse();
        await using (var restarted = await SecondNode.StartAsync(portal))
        {
            Cookies(restarted.Services).Unprotect(cookie).ShouldBe("signed in");
            await using var db = portal.Open();
            var stored = await db.Licenses.SingleAsync(l => l.Id == license.Id);
            restarted.Services.GetRequiredService<LicenseFactory>().KeyOf(stored).ShouldBe(license.Key);
            (await portal.RunAsync("check", "restore")).Exit.ShouldBe(ExitCode.Done);
        }

        (await portal.RunAsync("keys", "remove-certificate", ProtectionCertificate.FileName)).ShouldSatisfyAllConditions(
            r => r.Exit.ShouldBe(ExitCode.Refused),
            r => r.Output.ShouldContain("There is none."));
    }

    [Fact]
    public async Task Data_Protection_ring()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        var license = await portal.AddLicenseAsync();

        await DoAsync(portal, Steps("Data Protection ring").ShouldHaveSingleItem(), "");

        await using var db = portal.Open();
        portal.Services.GetRequiredService<LicenseFactory>().KeyOf(await db.Licenses.SingleAsync(l => l.Id == license.Id))
            .ShouldBe(license.Key);
    }

    [Fact]
    public async Task Secrets_folder_of_another_database()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        var license = await portal.AddLicenseAsync();
        var directory = SecretsDirectory.Open(portal.SecretsFolder, mayCreate: true);
        var own = directory.Read(ProtectionCertificate.FileName)!;
        directory.Delete(ProtectionCertificate.FileName);
        ProtectionCertificate.Open(directory, portal.Clock.Now).Dispose();
        var ring = await RingAsync(portal);

        foreach (var command in Commands.All.Where(c => c is { NeedsSchema: true, NeedsSecrets: true }))
        {
            var (exit, output) = await portal.RunAsync(command.Verb.Split(' '));
            (command.Verb, exit).ShouldBe((command.Verb, ExitCode.Refused));
            output.ShouldContain(ProtectionCertificate.FileName, customMessage: command.Verb);
        }

        var remove = Steps("Secrets folder of another database").ShouldHaveSingleItem();
        (await portal.RunAsync(remove.Split(' '))).ShouldSatisfyAllConditions(
            r => r.Exit.ShouldBe(ExitCode.Refused),
            r => r.Output.ShouldContain(portal.SecretsFolder));
        foreach (var command in Commands.All.Where(c => c is { NeedsSchema: true, NeedsSecrets: false }))
        {
            await portal.RunAsync(command.Verb.Split(' '));
        }

        await using (var foreign = await SecondNode.StartAsync(portal))
        {
            Should.Throw<CryptographicException>(() => Cookies(foreign.Services).Protect("stranger"))
                .Message.ShouldContain(ProtectionCertificate.FileName);
            (await RingAsync(portal)).ShouldBe(ring, "nothing was written");

            // As a version did that did not ask: a key of the foreign folder comes into the ring.
            var now = TimeProvider.System.GetUtcNow();
            ActivatorUtilities.CreateInstance<XmlKeyManager>(foreign.Services).CreateNewKey(now, now.AddDays(90));
        }

        (await RingAsync(portal)).Count.ShouldBe(ring.Count + 1);
        (await portal.RunAsync(remove.Split(' '))).Exit.ShouldBe(ExitCode.Refused, "the wrong keys would go");

        directory.Write(ProtectionCertificate.FileName, own);
        (await portal.RunAsync("admin", "role")).Output.ShouldContain(remove);
        (await DoAsync(portal, remove, "")).ShouldStartWith("1 ");
        (await RingAsync(portal)).ShouldBe(ring);
        (await DoAsync(portal, remove, "")).ShouldContain("nothing was removed");
        (await portal.RunAsync("check", "restore")).Exit.ShouldBe(ExitCode.Done);
        await using var db = portal.Open();
        portal.Services.GetRequiredService<LicenseFactory>().KeyOf(await db.Licenses.SingleAsync(l => l.Id == license.Id))
            .ShouldBe(license.Key);
    }

    [Fact]
    public async Task A_foreign_folder_is_refused_before_the_database_is_migrated()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var portal = new PortalFactory
        {
            Configuration =
            {
                ["ConnectionStrings:Portal"] = database.OwnerConnection,
                ["ConnectionStrings:Migration"] = database.OwnerConnection,
                ["Database:MigrateOnStart"] = "true",
            },
        };
        await portal.BuildAsync();
        var setUp = portal.Services.GetRequiredService<PortalDatabase>();

        (await setUp.PrepareAsync(_ => Task.FromResult<string?>("foreign"), default)).ShouldBe("foreign");
        (await SecretsFit.ComplaintAsync(portal.Services, default)).ShouldBeNull("there is nothing yet");
        await using var connection = new NpgsqlConnection(database.OwnerConnection + ";Pooling=false");
        await connection.OpenAsync();
        (await SchemaCheck.LookAsync(connection, default)).Pending.Count.ShouldBe(KnownSchemas.All.Count);
    }

    [Theory]
    [InlineData(Peppers.FileName)]
    [InlineData(ProtectionCertificate.FileName)]
    [InlineData(ProtectionCertificate.EarlierPattern)]
    [InlineData(SigningKeyFile.Name)]
    public void Every_secret_file_is_in_the_inventory(string name) => Document.ShouldContain($"`{name}`");

    [Fact]
    public void Every_command_about_keys_stands_in_a_drill_or_is_for_the_first_installation()
    {
        var verbs = Titles().Matches(Document).SelectMany(m => Steps(m.Groups[1].Value))
            .Select(line => Commands.Find(line.Split(' '))!.Verb);
        Commands.All.Select(c => c.Verb).Where(v => v.StartsWith("keys ", StringComparison.Ordinal)).Except(verbs)
            .ShouldBe(["keys create"]);
    }

    private static List<string> Steps(string drill)
    {
        var section = Document.Split($"\n## Drill: {drill}\n").Length == 2
            ? Document.Split($"\n## Drill: {drill}\n")[1].Split("\n## ")[0]
            : throw new ArgumentException(drill);
        return [.. Lines().Matches(section).Select(m => m.Groups[1].Value)];
    }

    private static async Task<string> DoAsync(PortalFactory portal, string line, string name)
    {
        var (exit, output) = await portal.RunAsync([.. line.Split(' ').Select(word => word is "KID" or "FILE" ? name : word)]);
        exit.ShouldBe(ExitCode.Done, $"{line}: {output}");
        return output;
    }

    private static async Task<Guid?> FindAsync(PortalFactory portal, string key) =>
        await portal.Services.GetRequiredService<KeyLookUp>()
            .FindAsync(key, new Caller(null), portal.Clock.Now, default) is KeyAnswer.Found found ? found.LicenseId : null;

    private static async Task<List<string>> RingAsync(PortalFactory portal)
    {
        await using var db = portal.Open();
        return await db.Set<DataProtectionKey>().OrderBy(k => k.Id).Select(k => k.FriendlyName).ToListAsync();
    }

    private static IDataProtector Cookies(IServiceProvider services) =>
        services.GetRequiredService<IDataProtectionProvider>().CreateProtector("cookie");

    [GeneratedRegex(@"^ +dotnet SelfHelpPortal\.dll (.+)$", RegexOptions.Multiline)]
    private static partial Regex Lines();

    [GeneratedRegex("^## Drill: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Titles();
}
