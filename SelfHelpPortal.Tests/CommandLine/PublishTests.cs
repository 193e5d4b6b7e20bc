using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Tests.Support;
using Xunit.Abstractions;

namespace SelfHelpPortal.Tests.CommandLine;

/// <summary>
/// What README says makes a working portal: the last commit is published from a clean clone, started on a database, and somebody of staff
/// signs in and opens a page with its script and its circuit. It takes minutes, so only with <c>SELFHELP_LONG=1 </c>, and by hand with
/// <c>scripts/publish-check.sh </c>.
/// </summary>
public sealed class PublishTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-publish-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("plain", "dotnet", "SelfHelpPortal.dll")]
    [InlineData("linux-x64", "SelfHelpPortal")]
    public async Task A_publish_from_a_clean_clone_gives_a_working_portal(string way, params string[] program)
    {
        if (Environment.GetEnvironmentVariable("SELFHELP_LONG") != "1" || (way != "plain" && !OperatingSystem.IsLinux())
            || (way == "linux-x64" && RuntimeInformation.ProcessArchitecture != Architecture.X64))
        {
            return;
        }

        var (clone, published) = (Path.Combine(_folder.FullName, "clone"), Path.Combine(_folder.FullName, "portal"));
        var watch = Stopwatch.StartNew();
        await RunAsync(_folder.FullName, "git", "clone", "-q", Repository.Folder, clone);
        // Of exactly the packages in the lock files: a publish may need no others than a build.
        string[] runtime = way == "plain" ? [] : ["-r", way];
        await RunAsync(
            clone, "dotnet",
            [
                "publish", "SelfHelpPortal", "-c", "Release", "-o", published, .. runtime,
                "-p:RestoreLockedMode=true", "-v", "q", "--nologo", "--disable-build-servers",
            ]);
        output.WriteLine($"{way}: published in {watch.Elapsed.TotalSeconds:0} s");
        (await RunAsync(clone, "git", "status", "--porcelain")).ShouldBeEmpty("the publish changed files of the repository");

        await using var portal = new PortalFactory();
        await portal.BuildAsync();
        portal.Clock.Now = TimeProvider.System.GetUtcNow();
        watch.Restart();
        using var running = Start(portal, published, program);
        try
        {
            portal.ServedBy = await ListensAsync(running);
            output.WriteLine($"{way}: ready after {watch.Elapsed.TotalSeconds:0.0} s");
            await LookAsync(portal);
        }
        finally
        {
            running.Kill();
            await running.WaitForExitAsync();
        }
    }

    private static async Task LookAsync(PortalFactory portal)
    {
        using var client = portal.CreateClient();
        (await client.GetStringAsync("/healthz/ready")).ShouldBe("ready");
        var administrator = await StaffUser.CreateAsync(portal, StaffRoles.Administrator);
        using var browser = await administrator.SignInByPasswordAsync();
        // The other process has the clock of the machine, by which a code is over soon.
        portal.Clock.Now = TimeProvider.System.GetUtcNow();
        await browser.SubmitAsync(("Code", administrator.Code()));
        await browser.GetAsync("/staff");
        (browser.Path, browser.Status).ShouldBe(("/staff", HttpStatusCode.OK));
        string[] scripts = [.. browser.Page.QuerySelectorAll("script[src]").Select(s => s.GetAttribute("src")!)];
        scripts.ShouldContain(s => s.Contains("/_framework/blazor.web", StringComparison.Ordinal));
        string[] styles = [.. browser.Page.QuerySelectorAll("link[rel=stylesheet]").Select(s => s.GetAttribute("href")!)];
        styles.ShouldNotBeEmpty();
        foreach (var path in (string[])[.. scripts, .. styles, "/_framework/blazor.web.js"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.AcceptEncoding.ParseAdd("br");
            using var answer = await client.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe(styles.Contains(path) ? "text/css" : "text/javascript", path);
            (await answer.Content.ReadAsByteArrayAsync()).ShouldNotBeEmpty(path);
            if (path.Contains("blazor.web", StringComparison.Ordinal))
            {
                // Compressed when it was published; a name with a fingerprint may be kept for ever, the one without may not.
                answer.Content.Headers.ContentEncoding.ShouldBe(["br"], path);
                (answer.Headers.CacheControl?.MaxAge > TimeSpan.FromDays(300)).ShouldBe(path != "/_framework/blazor.web.js", path);
            }
        }

        await using var hub = await BlazorHub.OpenAsync(portal, browser, browser.Cookies, "/staff/licenses");
        await hub.FindAsync(_ => true);
    }

    private static Process Start(PortalFactory portal, string folder, string[] program)
    {
        var start = new ProcessStartInfo(program.Length > 1 ? program[0] : Path.Combine(folder, program[0]), program[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["ConnectionStrings__Portal"] = portal.Database.PortalConnection;
        start.Environment["ConnectionStrings__Migration"] = portal.Database.OwnerConnection;
        start.Environment["Secrets__Directory"] = portal.SecretsFolder;
        start.Environment["Mail__PickupDirectory"] = portal.MailFolder;
        start.Environment["History__HeadsDirectory"] = portal.HeadsFolder;
        return Process.Start(start)!;
    }

    private static async Task<Uri> ListensAsync(Process portal)
    {
        const string Ready = "The portal is ready: ";
        var said = new List<string>();
        while (await portal.StandardOutput.ReadLineAsync().WaitAsync(StartTimeout) is { } line)
        {
            said.Add(line);
            if (line.StartsWith(Ready, StringComparison.Ordinal))
            {
                // Whatever else it says must not fill the pipe.
                _ = portal.StandardOutput.ReadToEndAsync();
                return new UriBuilder(line[Ready.Length..].Split(' ')[0]) { Host = "127.0.0.1" }.Uri;
            }
        }

        throw new InvalidOperationException($"The published portal did not start:\n{string.Join('\n', said)}");
    }

    private static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What "dotnet test" tells its children would reach the publish.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(PublishTimeout);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        var text = string.Concat(await said);
        process.ExitCode.ShouldBe(0, text);
        return text;
    }
}
