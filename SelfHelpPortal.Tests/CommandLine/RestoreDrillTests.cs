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
/// T38 on a small database: what <c>scripts/backup.sh </c> saves, <c>scripts/restore.sh </c> brings back onto an empty machine, and with
/// any part of it missing or of another portal nothing starts.
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
        await File.WriteAllTextAsync(PathOf("appsettings.Production.json"), """{ "PublicUrl": "https://licenses.example.org" }""");
        var saved = await RunAsync(
            "backup.sh", _portal.Database.OwnerConnection, null,
            "--database", Libpq(_portal.Database.OwnerConnection), "--secrets", _portal.SecretsFolder, "--config",
            PathOf("appsettings.Production.json"),
            "--to", PathOf("database"), "--keys-to", PathOf("keys"));
        saved.Exit.ShouldBe(0, saved.Output);
        var (dump, keys) = (saved.Output.Split('\n')[0], saved.Output.Split('\n')[1]);
        File.GetUnixFileMode(dump).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(keys).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await using var empty = await TestDatabase.CreateEmptyAsync();
        var secrets = PathOf("secrets");
        string[] restore = ["--dump", dump, "--keys", keys, "--database", Libpq(empty.OwnerConnection), "--secrets", secrets, "--program",
            AppContext.BaseDirectory, "--config-to", PathOf("config")];
        await File.AppendAllTextAsync(keys, "x");
        (await RunAsync("restore.sh", empty.OwnerConnection, Production(empty, secrets), restore)).Output.ShouldContain(
            "is not what was saved");
        await using (var cut = new FileStream(keys, FileMode.Open))
        {
            cut.SetLength(cut.Length - 1);
        }

        var restored = await RunAsync("restore.sh", empty.OwnerConnection, Production(empty, secrets), restore);
        restored.Exit.ShouldBe(0, restored.Output);
        restored.Output.ShouldContain("Database and secrets folder belong together.");
        restored.Output.ShouldContain("1 license files");
        File.Exists(PathOf("config/appsettings.Production.json")).ShouldBeTrue();
        (await RunAsync("restore.sh", empty.OwnerConnection, Production(empty, secrets), restore)).Output.ShouldContain(
            "writes over nothing");

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

    private async Task RefusesWithoutAsync(TestDatabase database, string secrets, string name)
    {
        var path = Path.Combine(secrets, name);
        File.Move(path, PathOf("aside"));
        (await StartAsync(database, secrets)).ShouldSatisfyAllConditions(
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

    private Task<PortalProcess> StartAsync(TestDatabase database, string secrets, params string[] command) =>
        PortalProcess.RunAsync(command is [] ? ["--urls", "http://127.0.0.1:0"] : command, Production(database, secrets));

    private Dictionary<string, string> Production(TestDatabase database, string secrets) => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["PublicUrl"] = "https://licenses.example.org",
        ["ConnectionStrings__Portal"] = database.PortalConnection,
        ["ConnectionStrings__Migration"] = database.OwnerConnection,
        ["Secrets__Directory"] = secrets,
        ["Mail__Transport"] = "Pickup",
        ["Mail__PickupDirectory"] = PathOf("mail"),
        ["Mail__From"] = "portal@example.org",
        ["Mail__StaffAlerts"] = "staff@example.org",
    };

    private static Task<(int Exit, string Output)> RunAsync(
        string script, string owner, Dictionary<string, string>? environment, params string[] arguments)
    {
        var programs = PostgresBinaries.Find(Environment.GetEnvironmentVariable(PostgresBinaries.Variable));
        return ChildProcess.RunAsync("bash", [Repository.At("scripts", script), .. arguments], new(environment ?? [])
        {
            ["PGPASSWORD"] = new NpgsqlConnectionStringBuilder(owner).Password!,
            ["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}",
        });
    }

    /// <summary>The same address as the programs of PostgreSQL read it.</summary>
    private static string Libpq(string connection)
    {
        var parts = new NpgsqlConnectionStringBuilder(connection);
        return $"host={parts.Host} port={parts.Port} dbname={parts.Database} user={parts.Username}";
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
