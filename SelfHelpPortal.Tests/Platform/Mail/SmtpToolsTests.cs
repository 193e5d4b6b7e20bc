using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Mail;

/// <summary>What servers and readers of other people make of our mails: aiosmtpd with Python's e-mail package, and Postfix's smtp-sink.</summary>
public sealed class SmtpToolsTests
{
    /// <summary>Takes mails, and prints each as JSON in the words of Python's parser.</summary>
    private const string PythonServer = """
        import email.policy, email.parser, hashlib, json, sys
        from aiosmtpd.controller import Controller

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
                    "files": [[p.get_filename(), p.get_content_type(), hashlib.sha256(p.get_content() if p.get_content_maintype() != "text" else p.get_content().encode()).hexdigest()]
                              for p in mail.iter_attachments()],
                }), flush=True)
                return "250 OK"

        controller = Controller(Reader(), hostname="127.0.0.1", port=int(sys.argv[1]))
        controller.start()
        print("ready", flush=True)
        sys.stdin.read()
        controller.stop()
        """;

    [Fact]
    public async Task Another_implementation_reads_what_we_wrote()
    {
        var port = FreePort();
        using var server = Start("/usr/bin/python3", "-c", PythonServer, Text(port));
        try
        {
            (await LineAsync(server)).ShouldBe("ready", "this test needs the package python3-aiosmtpd");
            foreach (var culture in (string[])["de", "en"])
            {
                foreach (var example in MailExamples.All(culture))
                {
                    var file = new MailFile("Lizenz-L-1044.lshlic", "application/octet-stream", RandomNumberGenerator.GetBytes(40_000));
                    var mail = await MailParts.EnvelopeAsync(example, file);
                    (await SendAsync(port, mail)).Result.ShouldBe(SendResult.Sent);
                    var read = JsonDocument.Parse((await LineAsync(server))!).RootElement;

                    var what = $"{example.Kind} in {culture}";
                    read.GetProperty("defects").EnumerateArray().ShouldBeEmpty(what);
                    read.GetProperty("recipients").EnumerateArray().Select(r => r.GetString()).ShouldBe([mail.ToAddress], what);
                    read.GetProperty("to")[0].EnumerateArray().Select(p => p.GetString()).ShouldBe([mail.ToName ?? "", mail.ToAddress], what);
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
        var start = new ProcessStartInfo(Path.Combine(folder, "usr/sbin/smtp-sink"), [.. switches, .. asUser, $"127.0.0.1:{Text(port)}", "10"])
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
            (await SendAsync(port, await MailParts.EnvelopeAsync(MailExamples.Released("de")))).Result.ToString().ShouldBe(expected);
        }
        finally
        {
            sink.Kill();
            await sink.WaitForExitAsync();
        }
    }

    private static async Task<SendOutcome> SendAsync(int port, MailEnvelope mail)
    {
        using var transport = new SmtpTransport(Options.Create(MailParts.MailOptions(port)), MailParts.Vendor);
        return await transport.SendAsync(mail);
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    private static Task<string?> LineAsync(Process process) => process.StandardOutput.ReadLineAsync().WaitAsync(Limits.Wait);

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
