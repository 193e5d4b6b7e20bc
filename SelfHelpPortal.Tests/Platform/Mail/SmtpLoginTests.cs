using System.Diagnostics;
using System.Globalization;
using MailKit.Security;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Mail;

/// <summary>Passwords and tokens, and servers that do not take them.</summary>
public sealed class SmtpLoginTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-token-");

    [Theory]
    [InlineData("AUTH PLAIN LOGIN", "PLAIN", "\0portal\0pässwort")]
    [InlineData("AUTH LOGIN", "LOGIN", "portal\npässwort")]
    public async Task A_password_goes_by_what_the_server_offers(string offer, string mechanism, string told)
    {
        await using var server = new ScriptedSmtpServer { Extensions = [offer] };
        (await SendAsync(server, Password)).Result.ShouldBe(SendResult.Sent);
        server.SignIns.ShouldBe([(mechanism, told)]);
    }

    [Theory]
    [InlineData("AUTH PLAIN", "535 5.7.8 wrong", 535)]
    [InlineData("AUTH LOGIN", "535 5.7.8 wrong", 535)]
    [InlineData("AUTH LOGIN", "454 4.7.0 directory is away", 454)]
    [InlineData("8BITMIME", "", null)]
    [InlineData("AUTH GSSAPI", "", null)]
    public async Task A_server_that_does_not_take_the_password_gets_no_mail(string offer, string refusal, int? status)
    {
        await using var server = new ScriptedSmtpServer { Extensions = [offer] }.On(SmtpStep.AuthEnd, refusal);
        var outcome = await SendAsync(server, Password);
        outcome.Result.ShouldBe(SendResult.Configuration);
        outcome.WhileConnecting.ShouldBeTrue();
        outcome.StatusCode.ShouldBe(status);
        outcome.Reply.ShouldContain(refusal.Length > 0 ? refusal[4..] : "authenti", Case.Insensitive);
        outcome.Reply.ShouldNotContain("pässwort");
        server.MailLinesInClear.ShouldBe(0);
    }

    [Fact]
    public async Task A_token_comes_from_a_command_at_each_connect()
    {
        await using var server = new ScriptedSmtpServer { Extensions = ["AUTH PLAIN XOAUTH2"] };
        var command = Script("""echo x >> "$0.calls"; echo "token-$(wc -l < "$0.calls")"; echo noise; echo noise >&2""");
        var options = MailParts.MailOptions(server.Port);
        Token(options.Smtp, command);
        var mail = await MailParts.EnvelopeAsync(MailExamples.Released("de"));
        await using var transport = MailParts.Smtp(options);
        (await transport.SendAsync(mail, CancellationToken.None)).Result.ShouldBe(SendResult.Sent);
        (await transport.SendAsync(mail, CancellationToken.None)).Result.ShouldBe(SendResult.Sent);
        server.SignIns.Count.ShouldBe(1);
        await transport.DisposeAsync();
        (await transport.SendAsync(mail, CancellationToken.None)).Result.ShouldBe(SendResult.Sent);

        server.SignIns.ShouldBe(
        [
            ("XOAUTH2", "user=portal\u0001auth=Bearer token-1\u0001\u0001"),
            ("XOAUTH2", "user=portal\u0001auth=Bearer token-2\u0001\u0001"),
        ]);
    }

    [Fact]
    public async Task A_token_that_the_server_refuses_is_a_matter_of_configuration_and_stays_secret()
    {
        await using var server = new ScriptedSmtpServer { Extensions = ["AUTH XOAUTH2"] }.On(SmtpStep.AuthEnd, "535 5.7.8 expired");
        var outcome = await SendAsync(server, s => Token(s, Script("echo the-token")));
        outcome.ShouldSatisfyAllConditions(
            o => o.Result.ShouldBe(SendResult.Configuration),
            o => o.Reply.ShouldContain("535: 5.7.8 expired"),
            o => o.Reply.ShouldNotContain("the-token"));
        server.MailLinesInClear.ShouldBe(0);
    }

    [Theory]
    [InlineData("echo the-token; echo the-token >&2; exit 7", "ended with exit code 7")]
    [InlineData("echo; echo the-token", "no token")]
    [InlineData("exit 0", "no token")]
    public async Task A_command_without_a_token_is_a_matter_of_configuration(string script, string reply)
    {
        await using var server = new ScriptedSmtpServer { Extensions = ["AUTH XOAUTH2"] };
        var outcome = await SendAsync(server, s => Token(s, Script(script)));
        outcome.ShouldSatisfyAllConditions(
            o => o.Result.ShouldBe(SendResult.Configuration),
            o => o.Reply.ShouldContain(reply),
            o => o.Reply.ShouldNotContain("the-token"));
        server.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task A_command_that_is_not_there_is_named()
    {
        await using var server = new ScriptedSmtpServer();
        var outcome = await SendAsync(server, s => s.TokenCommand.Add(Path.Combine(_folder.FullName, "gone")));
        outcome.Result.ShouldBe(SendResult.Configuration);
        outcome.Reply.ShouldContain("Mail:Smtp:TokenCommand could not be started");
    }

    [Fact]
    public async Task Arguments_reach_the_command_as_they_are() =>
        (await RunAsync("""echo "$#:$1:$2" """, "a b; $(id) * |", "'\"")).ShouldBe("2:a b; $(id) * |:'\"");

    [Fact]
    public async Task Much_output_does_not_hold_the_command_up() =>
        (await RunAsync("echo first; head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero")).ShouldBe("first");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_command_that_hangs_is_ended(bool isStopped)
    {
        var command = Script("""echo $$ > "$0.pid"; exec sleep 600""");
        using var stop = new CancellationTokenSource();
        var timeout = isStopped ? TimeSpan.FromMinutes(5) : TimeSpan.FromSeconds(2);
        var running = TokenCommand.RunAsync(["/bin/sh", command], timeout, stop.Token);
        await Eventually.BecomesTrueAsync(() => File.Exists(command + ".pid") && File.ReadAllText(command + ".pid").Length > 0);
        var pid = int.Parse(await File.ReadAllTextAsync(command + ".pid"), CultureInfo.InvariantCulture);
        if (isStopped)
        {
            await stop.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => running);
        }
        else
        {
            (await Should.ThrowAsync<AuthenticationException>(() => running)).Message.ShouldContain("did not end within 2 s");
        }

        await Eventually.BecomesTrueAsync(() => !IsRunning(pid));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static bool IsRunning(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Password(SmtpOptions smtp) => (smtp.User, smtp.Password) = ("portal", "pässwort");

    private static void Token(SmtpOptions smtp, string script)
    {
        smtp.User = "portal";
        smtp.TokenCommand.Add("/bin/sh");
        smtp.TokenCommand.Add(script);
    }

    private static async Task<SendOutcome> SendAsync(ScriptedSmtpServer server, Action<SmtpOptions> login)
    {
        var options = MailParts.MailOptions(server.Port);
        login(options.Smtp);
        await using var transport = MailParts.Smtp(options);
        return await transport.SendAsync(await MailParts.EnvelopeAsync(MailExamples.Released("de")), CancellationToken.None);
    }

    private Task<string> RunAsync(string script, params string[] arguments) =>
        TokenCommand.RunAsync(["/bin/sh", Script(script), .. arguments], TokenCommand.Timeout, CancellationToken.None);

    private string Script(string script)
    {
        var file = Path.Combine(_folder.FullName, "token");
        File.WriteAllText(file, script + "\n");
        return file;
    }
}
