using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Mail;

/// <summary>
/// What servers and readers of other people make of our mails: aiosmtpd with Python's e-mail package, and Postfix's smtp-sink.
/// </summary>
public sealed class SmtpToolsTests
{
    private const string LongName = "Größe und Gewicht, mit einem Namen, der in keine Zeile paßt und „Zeichen“ hat.lshlic";

    /// <summary>Takes mails, and prints each as JSON in the words of Python's parser.</summary>
    private const string PythonServer = """
        import email.policy, email.parser, hashlib, json, sys
        from aiosmtpd.controller import Controller

        def octets(part):
            content = part.get_content()
            return content.encode() if part.get_content_maintype() == "text" else content

        class Reader:
            async def handle_DATA(self, server, session, envelope):
                mail = email.parser.BytesParser(policy=email.policy.default).parsebytes(envelope.content)
                print(json.dumps({
                    "defects": [str(d) for part in mail.walk() for d in part.defects] + [str(d) for h in mail.values() for d in h.defects],
                    "recipients": envelope.rcpt_tos,
                    "to": [[a.display_name, a.addr_spec] for a in mail["To"].addresses],
                    "subject": mail["Subject"],
                    "date": mail["Date"].datetime.timestamp(),
                    "text": mail.get_body(("plain",)).get_content(),
                    "html": mail.get_body(("html",)).get_content(),
                    "files": [[p.get_filename(), p.get_content_type(), hashlib.sha256(octets(p)).hexdigest()]
                              for p in mail.iter_attachments()],
                }), flush=True)
                return "250 OK"

        controller = Controller(Reader(), hostname="127.0.0.1", port=int(sys.argv[1]))
        controller.start()
        print("ready", flush=True)
        sys.stdin.read()
        controller.stop()
        """;

    /// <summary>Takes mails over TLS from whoever has the password, and says so.</summary>
    private const string PythonTlsServer = """
        import ssl, sys
        from aiosmtpd.controller import Controller
        from aiosmtpd.smtp import AuthResult

        class Reader:
            async def handle_DATA(self, server, session, envelope):
                print("mail", flush=True)
                return "250 OK"

        def check(server, session, envelope, mechanism, data):
            return AuthResult(success=(data.login, data.password) == (b"portal", b"right"), handled=False)

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2])
        way = {"tls_context": context, "require_starttls": True}
        if sys.argv[3] == "Tls":
            way = {"ssl_context": context, "auth_require_tls": False}
        controller = Controller(Reader(), hostname="127.0.0.1", port=int(sys.argv[1]), authenticator=check, auth_required=True, **way)
        controller.start()
        print("ready", flush=True)
        sys.stdin.read()
        controller.stop()
        """;

    [Theory]
    [InlineData("StartTls", "StartTls", "right", "Sent")]
    [InlineData("StartTls", "StartTls", "wrong", "Configuration 535")]
    [InlineData("StartTls", "None", "right", "Configuration")]
    [InlineData("Tls", "Tls", "right", "Sent")]
    [InlineData("Tls", "Tls", "wrong", "Configuration 535")]
    public async Task A_server_of_other_people_takes_mails_over_TLS_with_the_password_only(
        string serves, string security, string password, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("selfhelp-certificates-");
        var authority = TestCertificates.IssueInto(folder.FullName, "localhost");
        var port = FreePort();
        var certificate = Path.Combine(folder.FullName, "localhost.pem");
        using var server = Start("/usr/bin/python3", "-W", "ignore", "-c", PythonTlsServer, Text(port), certificate, serves);
        try
        {
            (await LineAsync(server)).ShouldBe("ready", "this test needs the package python3-aiosmtpd");
            var (exit, output) = await ChildMain.StartAsync(
                ["smtp-send", Text(port), security, password], new() { ["SSL_CERT_FILE"] = authority });
            exit.ShouldBe(0, output);
            output.Trim().ShouldBe(expected);
            if (expected == "Sent")
            {
                (await LineAsync(server)).ShouldNotBeNull().ShouldStartWith("mail");
            }
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Another_implementation_reads_what_we_wrote()
    {
        var key = Path.GetTempFileName();
        await File.WriteAllTextAsync(key, DkimTests.Key("ed25519").Pem);
        var port = FreePort();
        using var server = Start("/usr/bin/python3", "-c", PythonServer, Text(port));
        try
        {
            (await LineAsync(server)).ShouldBe("ready", "this test needs the package python3-aiosmtpd");
            foreach (var culture in (string[])["de", "en"])
            {
                foreach (var example in MailExamples.All(culture))
                {
                    var file = new MailFile(LongName, "application/octet-stream", RandomNumberGenerator.GetBytes(40_000));
                    var mail = await MailParts.EnvelopeAsync(example, file);
                    (await SendAsync(DkimTests.Options(port, key), mail)).Result.ShouldBe(SendResult.Sent);
                    var read = JsonDocument.Parse((await LineAsync(server))!).RootElement;

                    var what = $"{example.Kind} in {culture}";
                    read.GetProperty("defects").EnumerateArray().ShouldBeEmpty(what);
                    read.GetProperty("recipients").EnumerateArray().Select(r => r.GetString()).ShouldBe([mail.ToAddress], what);
                    read.GetProperty("to")[0].EnumerateArray().Select(p => p.GetString())
                        .ShouldBe([mail.ToName ?? "", mail.ToAddress], what);
                    read.GetProperty("subject").GetString().ShouldBe(mail.Subject, what);
                    read.GetProperty("date").GetDouble().ShouldBeGreaterThan(0, what);
                    Lines(read.GetProperty("text")).ShouldBe(mail.Text.ReplaceLineEndings("\n").TrimEnd(), what);
                    Lines(read.GetProperty("html")).ShouldBe(mail.Html.ReplaceLineEndings("\n").TrimEnd(), what);
                    read.GetProperty("files").EnumerateArray().Single().EnumerateArray().Select(f => f.GetString())
                        .ShouldBe([file.Name, file.ContentType, Convert.ToHexStringLower(SHA256.HashData(file.Content))], what);
                }
            }
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
            File.Delete(key);
        }

        static string Lines(JsonElement text) => text.GetString()!.ReplaceLineEndings("\n").TrimEnd();
    }

    [Theory]
    [InlineData(nameof(SendResult.Sent))]
    [InlineData(nameof(SendResult.RecipientRefused), "-f", "RCPT", "-B", "550 5.1.1 unknown")]
    [InlineData(nameof(SendResult.MessageRefused), "-f", ".", "-B", "554 5.7.1 spam")]
    [InlineData(nameof(SendResult.Transient), "-r", "RCPT")]
    [InlineData(nameof(SendResult.Transient), "-r", ".")]
    [InlineData(nameof(SendResult.Transient), "-q", "RCPT")]
    [InlineData(nameof(SendResult.Unknown), "-q", ".")]
    [InlineData(nameof(SendResult.Transient), "-Q", ".")]
    [InlineData(nameof(SendResult.Configuration), "-f", "CONNECT")]
    public async Task Postfixs_own_test_server_is_understood(string expected, params string[] switches)
    {
        var folder = Environment.GetEnvironmentVariable("SELFHELP_POSTFIX");
        folder.ShouldNotBeNullOrEmpty("test.sh unpacks Debian's postfix and names its folder in SELFHELP_POSTFIX");
        string[] asUser = Environment.IsPrivilegedProcess ? ["-u", Environment.UserName] : [];
        var port = FreePort();
        var start =
            new ProcessStartInfo(Path.Combine(folder, "usr/sbin/smtp-sink"), [.. switches, .. asUser, $"127.0.0.1:{Text(port)}", "10"])
            {
                RedirectStandardError = true,
            };
        start.Environment["LD_LIBRARY_PATH"] = Path.Combine(folder, "usr/lib/postfix");
        using var sink = Process.Start(start)!;
        try
        {
            await Eventually.BecomesTrueAsync(async () =>
            {
                sink.HasExited.ShouldBeFalse();
                using var knock = new TcpClient();
                try
                {
                    await knock.ConnectAsync(IPAddress.Loopback, port);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            });
            var mail = await MailParts.EnvelopeAsync(MailExamples.Released("de"));
            (await SendAsync(MailParts.MailOptions(port), mail)).Result.ToString().ShouldBe(expected);
        }
        finally
        {
            sink.Kill();
            await sink.WaitForExitAsync();
        }
    }

    private static async Task<SendOutcome> SendAsync(MailOptions options, MailEnvelope mail)
    {
        await using var transport = MailParts.Smtp(options);
        return await transport.SendAsync(mail, CancellationToken.None);
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    private static Task<string?> LineAsync(Process process) => process.StandardOutput.ReadLineAsync().WaitAsync(WaitLimits.Wait);

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A sender that trusts what the environment says.</summary>
internal static class SmtpSendChild
{
    public static async Task<int> RunAsync(int port, SmtpSecurity security, string password)
    {
        var options = MailParts.MailOptions(port, security, "portal");
        options.Smtp.Password = password;
        await using var transport = MailParts.Smtp(options);
        var outcome = await transport.SendAsync(await MailParts.EnvelopeAsync(MailExamples.Released("de")), CancellationToken.None);
        await Console.Out.WriteLineAsync(outcome.Result == SendResult.Sent ? "Sent" : $"{outcome.Result} {outcome.StatusCode}".TrimEnd());
        return 0;
    }
}
