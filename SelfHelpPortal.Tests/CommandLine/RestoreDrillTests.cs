using System.Runtime.Versioning;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.CommandLine;

/// <summary>
/// T38 on a small database: what <c>backup</c> saves, <c>restore</c> brings back onto a server that has never seen the portal, and with any
/// part of it missing or of another portal nothing starts.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class RestoreDrillTests : IAsyncLifetime
{
    private readonly PortalFactory _portal = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-restore-");
    private SampleLicense? _license;
    private string _invoiceHash = "";

    public async Task InitializeAsync()
    {
        await _portal.BuildAsync();
        _license = await _portal.AddLicenseAsync(computers: "PC-1");
        var invoice = await _portal.StoreAsync();
        await using var db = _portal.Open();
        _invoiceHash = await db.InvoiceDocuments.Where(d => d.InvoiceId == invoice.Id && d.Kind == InvoiceDocumentKind.Pdf)
            .Select(d => d.Sha256).SingleAsync();
        var license = (await db.LoadLicenseAsync(_license.Id, default))!;
        var product = await _portal.Services.GetRequiredService<ProductCatalog>().GetAsync(license.ProductId, default);
        var text = _portal.Services.GetRequiredService<LicenseIssuer>()
            .Write(license, license.ActiveComputers.Single(), product, "Muster Gastro GmbH", _portal.Clock.Now);
        _portal.Services.GetRequiredService<LicenseFiles>().Keep(db, license, license.ActiveComputers.Single(), text, _portal.Clock.Now);
        await db.SaveChangesAsync();
    }

    public async Task DisposeAsync()
    {
        await _portal.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_portal_comes_back_whole_or_not_at_all()
    {
        Directory.CreateDirectory(PathOf("etc"));
        await File.WriteAllTextAsync(PathOf("etc/appsettings.Production.json"), """{ "PublicUrl": "https://licenses.example.org" }""");
        await File.WriteAllTextAsync(PathOf("passphrase"), "a passphrase for the drill\n");
        var source = Production(_portal.Database.PortalConnection, _portal.Database.OwnerConnection, _portal.SecretsFolder);
        var saved = await PortalProcess.RunAsync(
            ["backup", PathOf("backups"), "--passphrase-file", PathOf("passphrase"), "--config", PathOf("etc")], source);
        saved.Exit.ShouldBe(ExitCode.Done, saved.Output + saved.Error);

        using var empty = OwnCluster.StartEmpty();
        var secrets = PathOf("secrets");
        var restored = await StartAsync(
            empty, secrets, "restore", saved.Output.Split('\n')[0], "--passphrase-file", PathOf("passphrase"), "--config-to",
            PathOf("config"));
        restored.Exit.ShouldBe(ExitCode.Done, restored.Output + restored.Error);
        restored.Output.ShouldContain("Database and secrets folder belong together.");
        restored.Output.ShouldContain("1 license files");
        Directory.EnumerateFiles(PathOf("config"), "*-appsettings.Production.json").ShouldHaveSingleItem();

        await using (var again =
            new PortalFactory
            {
                Configuration =
                { ["ConnectionStrings:Portal"] = empty.PortalConnection, ["Secrets:Directory"] = secrets }
            })
        {
            await again.BuildAsync();
            (await again.Services.GetRequiredService<KeyLookUp>().FindAsync(_license!.Key, new Caller(null), again.Clock.Now, default))
                .ShouldBeOfType<KeyAnswer.Found>().LicenseId.ShouldBe(_license.Id);
            await using var db = again.Open();
            (await db.InvoiceDocuments.Where(d => d.Kind == InvoiceDocumentKind.Pdf).ToListAsync())
                .ShouldHaveSingleItem().Bytes.ShouldSatisfyAllConditions(b => InvoiceDocument.HashOf(b).ShouldBe(_invoiceHash));
        }

        await RefusesWithoutAsync(empty, secrets, Peppers.FileName);
        await RefusesWithoutAsync(empty, secrets, ProtectionCertificate.FileName);

        // Another portal's parts are as good as none.
        using var stranger = new TemporarySecrets();
        foreach (var (name, make) in new (string, Action)[]
        {
            (Peppers.FileName, () => Peppers.Open(stranger.Directory)),
            (ProtectionCertificate.FileName, () => ProtectionCertificate.Open(stranger.Directory, TestClock.Start).Dispose()),
        })
        {
            make();
            await SwappedAsync(secrets, name, stranger.Directory.Read(name)!, async () =>
            {
                (await StartAsync(empty, secrets))
                    .ShouldSatisfyAllConditions(
                        r => r.Exit.ShouldBe(ExitCode.Refused), r => r.Error.ShouldContain(name), r => r.Error.ShouldNotContain("   at "));
                (await StartAsync(empty, secrets, "check", "restore"))
                    .ShouldSatisfyAllConditions(
                        r => r.Exit.ShouldBe(ExitCode.Refused), r => r.Output.ShouldContain("Do not start the portal"));
            });
        }
    }

    /// <summary>An altered document and a license file that another key signed are named.</summary>
    [Fact]
    public async Task What_does_not_fit_is_named()
    {
        await using (var owner = new NpgsqlConnection(_portal.Database.OwnerConnection + ";Pooling=false"))
        {
            await owner.OpenAsync();
            await using var alter = new NpgsqlCommand(
                "ALTER TABLE invoice_document DISABLE TRIGGER ALL; UPDATE invoice_document SET bytes = bytes || '\\x00' WHERE kind = "
                    + "'Xml'; ALTER TABLE invoice_document ENABLE TRIGGER ALL", owner);
            await alter.ExecuteNonQueryAsync();
        }

        var (exit, output) = await _portal.RunAsync("check", "restore");

        exit.ShouldBe(ExitCode.Refused);
        output.ShouldContain("1 of 3 documents of invoices are not what was issued.");
    }

    private async Task RefusesWithoutAsync(OwnCluster cluster, string secrets, string name)
    {
        var path = Path.Combine(secrets, name);
        File.Move(path, PathOf("aside"));
        (await StartAsync(cluster, secrets)).ShouldSatisfyAllConditions(
            r => r.Exit.ShouldBe(ExitCode.Refused),
            r => r.Error.ShouldContain($"There is no file \"{name}\""),
            r => r.Error.ShouldNotContain("   at "));
        File.Move(PathOf("aside"), path);
    }

    private async Task SwappedAsync(string secrets, string name, byte[] other, Func<Task> act)
    {
        var directory = SecretsDirectory.Open(secrets, mayCreate: false);
        var own = directory.Read(name)!;
        directory.Write(name, other);
        await act();
        directory.Write(name, own);
    }

    private Task<PortalProcess> StartAsync(OwnCluster cluster, string secrets, params string[] command) =>
        PortalProcess.RunAsync(
            command is [] ? ["--urls", "http://127.0.0.1:0"] : command,
            Production(cluster.PortalConnection, cluster.OwnerConnection, secrets));

    private Dictionary<string, string> Production(string portal, string owner, string secrets) => new()
    {
        ["PATH"] = PortalProcess.PathWithPostgres,
        ["PublicUrl"] = "https://licenses.example.org",
        ["ConnectionStrings__Portal"] = portal,
        ["ConnectionStrings__Migration"] = owner,
        ["Secrets__Directory"] = secrets,
        ["Mail__Transport"] = "Pickup",
        ["Mail__PickupDirectory"] = PathOf("mail"),
        ["Mail__From"] = "portal@example.org",
        ["Mail__StaffAlerts"] = "staff@example.org",
    };

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
