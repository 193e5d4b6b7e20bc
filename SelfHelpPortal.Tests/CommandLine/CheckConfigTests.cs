using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.CommandLine;

/// <summary><c>check config</c>: tries everything and goes on, and ends with 1 when something is wrong.</summary>
public class CheckConfigTests
{
    [Fact]
    public async Task Everything_is_tried_and_well()
    {
        await using var portal = PortalFactory.InProduction();
        // Its clock is the machine's here: the database has no other.
        portal.Clock.Now = TimeProvider.System.GetUtcNow();

        var (exit, output) = await portal.RunAsync("check", "config");

        exit.ShouldBe(ExitCode.Done, output);
        Parts(output).ShouldBe(["ok Configuration", "ok Database", "ok Schema", "ok Rights", "ok Clock", "ok Migration", "ok Secrets",
            "ok Mail",
            "ok Proxy", "note Portal"]);
        output.ShouldContain("the role reads and writes, and cannot change history.");
    }

    [Fact]
    public async Task What_is_wrong_is_named_and_the_rest_is_tried_all_the_same()
    {
        await using var portal = PortalFactory.InProduction();
        portal.Configuration["Mail:Workers"] = "99";
        portal.Configuration["Proxy:KnownNetworks"] = "10.0.0.0/8";
        portal.Configuration["ConnectionStrings:Migration"] = "Host=127.0.0.1;Port=1;Username=owner;Password=hunt2;Timeout=5";

        var (exit, output) = await portal.RunAsync("check", "config");

        exit.ShouldBe(ExitCode.Refused);
        Parts(output).ShouldBe(["WRONG Configuration", "WRONG Configuration", "ok Database", "ok Schema", "ok Rights", "ok Clock",
            "WRONG Migration",
            "ok Secrets", "note Mail", "ok Proxy", "note Portal"]);
        output.ShouldContain("Mail:Workers is 1 to 16.");
        output.ShouldNotContain("hunt2");
    }

    [Fact]
    public async Task A_database_that_is_away_or_without_a_schema_is_said()
    {
        await using var empty = await TestDatabase.CreateEmptyAsync();
        await using var portal = PortalFactory.InProduction();
        portal.Configuration["ConnectionStrings:Portal"] = empty.PortalConnection;
        portal.Configuration["ConnectionStrings:Migration"] = "";

        var (exit, output) = await portal.RunAsync("check", "config");
        portal.Configuration["ConnectionStrings:Portal"] = "Host=127.0.0.1;Port=1;Username=portal;Password=hunt2";
        var away = await portal.RunAsync("check", "config");

        (exit, away.Exit).ShouldBe((ExitCode.Refused, ExitCode.Refused));
        output.ShouldContain("WRONG  Schema: ");
        away.Output.ShouldContain("WRONG  Database: ConnectionStrings:Portal: Failed to connect to 127.0.0.1:1");
        away.Output.ShouldNotContain("hunt2");
    }

    [Theory]
    [InlineData(DovecotServer.Password, "ok     Bounces: 127.0.0.1 lets bounces in, and INBOX can be read.")]
    [InlineData("hunt2", "WRONG  Bounces: 127.0.0.1:* Authentication failed.")]
    public async Task The_mailbox_of_bounces_is_looked_into(string password, string expected)
    {
        await using var server = DovecotServer.Start();
        await using var portal = PortalFactory.InProduction();
        portal.Configuration["Mail:Bounces:Host"] = "127.0.0.1";
        portal.Configuration["Mail:Bounces:Port"] = server.Port.ToString(CultureInfo.InvariantCulture);
        portal.Configuration["Mail:Bounces:Security"] = "None";
        portal.Configuration["Mail:Bounces:User"] = DovecotServer.User;
        portal.Configuration["Mail:Bounces:Password"] = password;

        var (_, output) = await portal.RunAsync("check", "config");

        output.ShouldContain(expected.Split('*')[0]);
        output.ShouldContain(expected.Split('*')[^1]);
        output.ShouldNotContain("hunt2");
    }

    [Fact]
    public async Task A_mail_server_is_asked_and_a_test_mail_is_handed_over()
    {
        await using var server = new ScriptedSmtpServer();
        await using var portal = PortalFactory.InProduction();
        portal.Configuration["Mail:Transport"] = "Smtp";
        portal.Configuration["Mail:Smtp:Host"] = "127.0.0.1";
        portal.Configuration["Mail:Smtp:Port"] = server.Port.ToString(CultureInfo.InvariantCulture);
        portal.Configuration["Mail:Smtp:Security"] = "None";

        var tried = await portal.RunAsync("check", "config");
        server.Deliveries.ShouldBeEmpty();
        var sent = await portal.RunAsync("check", "config", "--send-to", "me@example.org");
        var wrong = await portal.RunAsync("check", "config", "--send-to", "me");

        (tried.Exit, sent.Exit, wrong.Exit).ShouldBe((ExitCode.Done, ExitCode.Done, ExitCode.Refused), sent.Output);
        tried.Output.ShouldContain("ok     Mail: 127.0.0.1 answers.");
        sent.Output.ShouldContain("ok     Test mail: it is on its way to me@example.org.");
        server.Deliveries.ShouldHaveSingleItem();
        wrong.Output.ShouldContain("WRONG  Test mail: 'me' is not an e-mail address.");
    }

    [Theory]
    [InlineData("smtp.invalid", 587, "WRONG  Mail: Mail:Smtp:Host is 'smtp.invalid', a name that DNS does not know.")]
    [InlineData("127.0.0.1", 1, "WRONG  Mail: 127.0.0.1:1: ")]
    public async Task A_mail_server_that_is_not_there_is_said(string host, int port, string said)
    {
        await using var portal = PortalFactory.InProduction();
        portal.Configuration["Mail:Transport"] = "Smtp";
        portal.Configuration["Mail:Smtp:Host"] = host;
        portal.Configuration["Mail:Smtp:Port"] = port.ToString(CultureInfo.InvariantCulture);

        var (exit, output) = await portal.RunAsync("check", "config");

        exit.ShouldBe(ExitCode.Refused);
        output.ShouldContain(said);
    }

    [Fact]
    public async Task A_running_portal_tells_of_a_proxy_that_is_not_named()
    {
        await using var portal = new PortalFactory();
        await portal.InitializeAsync();
        portal.Configuration["urls"] = portal.Address.ToString();
        (await portal.RunAsync("check", "config")).Output.ShouldContain($"ok     Portal: at {portal.Address.Authority} it answers: ready.");
        using var client = portal.CreateClient();
        using (var request = new HttpRequestMessage(HttpMethod.Get, "/imprint") { Headers = { { "X-Forwarded-For", "198.51.100.7" } } })
        {
            (await client.SendAsync(request)).Dispose();
        }

        var (exit, output) = await portal.RunAsync("check", "config");

        exit.ShouldBe(ExitCode.Refused);
        output.ShouldContain("WRONG  Proxy: the portal at ");
    }

    [Fact]
    public async Task The_version_is_said_without_a_configuration()
    {
        var said = await PortalProcess.RunAsync(["--version"], folder: Path.GetTempPath());

        said.Exit.ShouldBe(ExitCode.Done);
        said.Output.ShouldMatch(@"^SelfHelpPortal \d+\.\d+\.\d+\S* on \.NET 10\.");
    }

    /// <summary>
    /// A user by number alone, as containers have them: no name, no home. And a file that belongs to root is closed to it, which it reads
    /// in
    /// words.
    /// </summary>
    [Fact]
    public async Task A_user_without_a_name_and_a_home_runs_it_and_reads_which_file_is_closed()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/setpriv"))
        {
            return;
        }

        var folder = Directory.CreateTempSubdirectory("selfhelp-uid-");
        try
        {
            folder.UnixFileMode |= UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
            // The tests' own folder may be closed to others.
            var program = Directory.CreateDirectory(Path.Combine(folder.FullName, "program"));
            foreach (var file in Directory.GetFiles(AppContext.BaseDirectory))
            {
                File.CreateSymbolicLink(Path.Combine(program.FullName, Path.GetFileName(file)), file);
            }

            var settings = Path.Combine(folder.FullName, "appsettings.Production.json");
            await File.WriteAllTextAsync(settings, """{ "Mail": { "Transport": "Smpt" } }""");
            File.SetUnixFileMode(settings, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            var open = await RunAsync(program.FullName, folder.FullName);
            File.SetUnixFileMode(settings, UnixFileMode.UserRead);
            var closed = await RunAsync(program.FullName, folder.FullName);

            (open.Exit, open.Error.Trim()).ShouldBe((ExitCode.Refused, "Mail:Transport is 'Smpt'; it is Pickup or Smtp."));
            (closed.Exit, closed.Error.Trim()).ShouldBe((ExitCode.Refused,
                $"{settings} is closed to the user of this process: it belongs to another user. "
                + "Give it to this one (chown), or let it read it (chmod)."));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<PortalProcess> RunAsync(string program, string folder)
    {
        var start = new ProcessStartInfo(
            "/usr/bin/setpriv",
            ["--reuid=54321", "--regid=54321", "--clear-groups", "--", Environment.ProcessPath!, Path.Combine(program,
                "SelfHelpPortal.dll"), "migrate",
                "--config", folder])
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("HOME");
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.EndsAsync();
        return new(process.ExitCode, await output, await error);
    }

    private static string[] Parts(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l =>
            $"{l[..6].Trim()} {l[7..l.IndexOf(':', StringComparison.Ordinal)]}")];
}
