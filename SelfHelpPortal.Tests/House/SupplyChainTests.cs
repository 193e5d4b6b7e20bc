using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.House;

/// <summary>T45: what comes from elsewhere is pinned, locked, listed and asked for holes; no secret is in the tree.</summary>
public sealed partial class SupplyChainTests : IDisposable
{
    /// <summary>Packages whose code runs inside the compiler. Another one is looked at before it comes in.</summary>
    private static readonly string[] KnownAnalyzers =
    [
        "CsvHelper", "Microsoft.AspNetCore.OpenApi", "Microsoft.CodeAnalysis.Analyzers", "Microsoft.CodeAnalysis.BannedApiAnalyzers",
            "Microsoft.EntityFrameworkCore.Analyzers",
        "Microsoft.Extensions.Logging.Abstractions", "MudBlazor", "System.Text.Json", "xunit.analyzers",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-supply-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_version_is_exact() => XDocument.Load(Repository.At("Directory.Packages.props")).Descendants("PackageVersion")
        .Where(package => !Exact().IsMatch(package.Attribute("Version")!.Value)).ShouldBeEmpty();

    [Theory]
    [InlineData("10.0.15", true)]
    [InlineData("1.20.1-beta.1", true)]
    [InlineData("10.0.*", false)]
    [InlineData("1.20.1-*", false)]
    [InlineData("[10.0,11)", false)]
    public void A_version_that_may_float_is_noticed(string version, bool exact) => Exact().IsMatch(version).ShouldBe(exact);

    [Fact]
    public void Every_project_has_a_lock_file_that_fits_the_pins()
    {
        var pins = XDocument.Load(Repository.At("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(p => p.Attribute("Include")!.Value, p => p.Attribute("Version")!.Value, StringComparer.OrdinalIgnoreCase);
        var projects = Projects().ToList();

        projects.Count.ShouldBeGreaterThan(7);
        foreach (var project in projects)
        {
            var locked = Locked(project);
            locked.ShouldNotBeEmpty(project);
            locked.Where(p => pins.TryGetValue(p.Id, out var pin) && pin != p.Version).ShouldBeEmpty(project);
            locked.Where(p => p.Hash.Length != 88).ShouldBeEmpty(project);
        }

        File.ReadAllText(Repository.At("scripts", "need.sh")).ShouldContain("-p:RestoreLockedMode=true");
    }

    [Fact]
    public void Code_that_runs_in_the_compiler_is_known()
    {
        List<string> found = [];
        foreach (var assets in Projects().Select(p => Path.Combine(Path.GetDirectoryName(p)!, "obj", "project.assets.json"))
            .Where(File.Exists))
        {
            using var document = JsonDocument.Parse(File.ReadAllText(assets));
            found.AddRange(document.RootElement.GetProperty("libraries").EnumerateObject()
                .Where(l => l.Value.TryGetProperty("files", out var files) && files.EnumerateArray().Any(f => IsAnalyzer(f.GetString()!)))
                .Select(l => l.Name.Split('/')[0]));
        }

        found.ShouldContain("xunit.analyzers", "the reading of the files itself");
        found.Distinct().Except(KnownAnalyzers).ShouldBeEmpty();
    }

    /// <summary>A real restore with the settings of this repository, from a feed that has a list of holes.</summary>
    [Theory]
    [InlineData("known", "NU1902", 1)]
    [InlineData("another version", "", 0)]
    [InlineData("broken", "NU1900", 0)]
    [InlineData("none", "", 0)]
    public async Task A_package_with_a_known_hole_fails_the_build_and_a_list_that_is_not_there_does_not(string list, string code, int exit)
    {
        await using var feed = await FeedAsync(list);
        File.Copy(Repository.At("Directory.Build.props"), PathOf("Directory.Build.props"));
        File.Copy(Repository.At("Directory.Packages.props"), PathOf("Directory.Packages.props"));
        File.Copy(Repository.At("BannedSymbols.txt"), PathOf("BannedSymbols.txt"));
        await File.WriteAllTextAsync(PathOf("sample.csproj"),
            """<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="Markdig" /></ItemGroup></Project>""");
        var root = feed.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        await File.WriteAllTextAsync(PathOf("nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="feed" value="{root}/index.json" allowInsecureConnections="true" />
              </packageSources>
              <config><add key="maxHttpRequestsPerSource" value="4" /></config>
            </configuration>
            """);

        var restored = await ChildProcess.RunAsync(
            "dotnet", ["restore", PathOf("sample.csproj"), "--nologo", "--no-http-cache"], new() { ["MSBUILDDISABLENODEREUSE"] = "1" });

        restored.Exit.ShouldBe(exit, restored.Output);
        if (code.Length > 0)
        {
            restored.Output.ShouldContain((exit == 0 ? "warning " : "error ") + code);
        }
        else
        {
            restored.Output.ShouldNotContain("NU19");
        }
    }

    [Fact]
    public async Task No_secret_is_in_the_tree()
    {
        var (exit, output) = await ChildProcess.RunAsync("bash", [Repository.At("scripts", "secrets-scan.sh")]);
        output.ShouldBe("No secrets found.\n");
        exit.ShouldBe(0);
    }

    [Fact]
    public async Task A_secret_would_be_found()
    {
        // Put together here, so that this file holds none.
        (string Kind, string Secret)[] secrets =
        [
            ("private key", "-----BEGIN RSA " + "PRIVATE KEY-----"),
            ("private key", "-----BEGIN " + "PRIVATE KEY-----"),
            ("private key (JWK)", "{ \"d\": \"" + "0123456789012345678901234567890123456789012\" }"),
            ("key of a cloud", "AKIA" + "0123456789ABCDEF"),
            ("token of a code host", "ghp_" + "0123456789abcdefghijklmnopqrstuvwxyz"),
            ("token or webhook secret of a portal", "shp_" + "0123456789abcdefghijklmnopqrstuvwxyz-_01234"),
            ("token or webhook secret of a portal", "whsec_" + "0123456789abcdefghijklmnopqrstuvwxyz+/01234="),
            ("password in a connection string", "Host=db;Password=" + "hunter2hunter2;Database=x"),
            ("password in a connection string", "postgres://portal:" + "hunter2hunter2@db.example.org/x"),
            ("password in a setting", "\"Password\": \"" + "hunter2hunter2\""),
        ];
        (await GitAsync("init", "-q")).ShouldBe(0);
        await File.WriteAllLinesAsync(PathOf("ignored.txt"), secrets.Select(s => s.Secret));
        await File.WriteAllTextAsync(PathOf(".gitignore"), "ignored.txt\n");
        (await ScanAsync()).ShouldBe((0, "No secrets found.\n"));

        await File.WriteAllLinesAsync(PathOf("a file.txt"), ["first line", .. secrets.Select(s => s.Secret)]);
        var (exit, output) = await ScanAsync();
        exit.ShouldBe(1);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(secrets.Select((s, i) => $"a file.txt:{i + 2}: looks like a {s.Kind}"), ignoreOrder: true);

        await File.WriteAllLinesAsync(PathOf("a file.txt"), secrets.Select(s => s.Secret + " # not-a-secret"));
        (await ScanAsync()).Exit.ShouldBe(0);
    }

    [Fact]
    public void The_runtime_is_none_with_known_holes_in_sign_in() => RuntimeFloor.Running.ShouldBeGreaterThanOrEqualTo(RuntimeFloor.Oldest);

    /// <summary>A list of components is written and names what runs. Analyzers are in it as left out.</summary>
    [Fact]
    public async Task A_bill_of_materials_can_be_written()
    {
        var (exit, output) =
            await ChildProcess.RunAsync("bash", [Repository.At("scripts", "sbom.sh")], new() { ["MSBUILDDISABLENODEREUSE"] = "1" });
        exit.ShouldBe(0, output);

        foreach (var project in (string[])["SelfHelpPortal", "SelfHelpPortal.Client", "SelfHelpPortal.Licensing"])
        {
            using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Repository.At("artifacts", "sbom", project + ".cdx.json")));
            document.RootElement.GetProperty("bomFormat").GetString().ShouldBe("CycloneDX");
            document.RootElement.GetProperty("metadata").GetProperty("component").GetProperty("name").GetString().ShouldBe(project);
            var parts = document.RootElement.GetProperty("components").EnumerateArray()
                .Select(c => (c.GetProperty("name").GetString()!, c.GetProperty("version").GetString()!));
            parts.Order()
                .ShouldBe(Locked(Repository.At(project, project + ".csproj")).Select(p => (p.Id, p.Version)).Distinct().Order(), project);
        }
    }

    private static bool IsAnalyzer(string file) =>
        file.StartsWith("analyzers/", StringComparison.OrdinalIgnoreCase) && file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Projects() =>
        Directory.EnumerateFiles(
            Repository.Folder, "*.csproj", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })
        .Where(p => !Path.GetRelativePath(Repository.Folder, p).StartsWith("artifacts", StringComparison.Ordinal));

    private static List<(string Id, string Version, string Hash)> Locked(string project)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")));
        return [.. document.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Where(p => p.Value.GetProperty("type").GetString() != "Project")
            .Select(p => (p.Name, p.Value.GetProperty("resolved").GetString()!, p.Value.GetProperty("contentHash").GetString()!))];
    }

    private static async Task<WebApplication> FeedAsync(string list)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context =>
        {
            var root = $"http://{context.Request.Host}";
            var holes = list == "none" ? "" : $$""", { "@id": "{{root}}/holes.json", "@type": "VulnerabilityInfo/6.7.0" }""";
            var versions = list == "known" ? "(, 99.0.0)" : "(, 0.1.0)";
            var answer = context.Request.Path.Value switch
            {
                "/index.json" =>
                    $$"""{ "version": "3.0.0", "resources": [{ "@id": "{{root}}/flat/","""
                    + $$""" "@type": "PackageBaseAddress/3.0.0" }{{holes}}] }""",
                "/holes.json" when list != "broken" =>
                    $$"""[{ "@name": "base", "@id": "{{root}}/base.json", "@updated": "2026-11-01T00:00:00Z", "comment": "" }]""",
                "/base.json" => $$"""{ "markdig": [{ "url": "https://example.org/hole", "severity": 1, "versions": "{{versions}}" }] }""",
                _ => null,
            };
            context.Response.StatusCode = answer is null ? 404 : 200;
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(answer ?? "");
        });
        await app.StartAsync();
        return app;
    }

    private Task<(int Exit, string Output)> ScanAsync() =>
        ChildProcess.RunAsync("bash", [Repository.At("scripts", "secrets-scan.sh"), _folder.FullName]);

    private async Task<int> GitAsync(params string[] arguments) =>
        (await ChildProcess.RunAsync("git", ["-C", _folder.FullName, .. arguments])).Exit;

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    [GeneratedRegex(@"^\d+(\.\d+){2,3}(-[a-z]+\.\d+)?$")]
    private static partial Regex Exact();
}
