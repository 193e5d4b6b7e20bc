using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.E2E.Support;

/// <param name="Files">Attachments by name.</param>
internal sealed record ReceivedMail(string To, string Subject, string MessageId, string Text, IReadOnlyDictionary<string, byte[]> Files)
{
    /// <summary>The path of the first link that begins so, with its token.</summary>
    public string Link(string path)
    {
        var start = Text.IndexOf(path, StringComparison.Ordinal);
        start.ShouldBeGreaterThan(0, Text);
        return Text.Substring(start, path.Length + 43);
    }
}

/// <summary>A real mail server (aiosmtpd) that reads what it gets with Python's e-mail package.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private const string Script = """
        import base64, email.policy, email.parser, json, os, sys
        from aiosmtpd.controller import Controller

        folder, count = sys.argv[2], 0

        class Reader:
            async def handle_DATA(self, server, session, envelope):
                global count
                mail = email.parser.BytesParser(policy=email.policy.default).parsebytes(envelope.content)
                defects = [str(d) for part in mail.walk() for d in part.defects] + [str(d) for h in mail.values() for d in h.defects]
                if defects:
                    return "554 5.6.0 " + defects[0][:200]
                count += 1
                path = os.path.join(folder, "%05d" % count)
                with open(path + ".part", "w") as file:
                    json.dump({
                        "To": mail["To"].addresses[0].addr_spec,
                        "Subject": mail["Subject"],
                        "MessageId": mail["Message-ID"],
                        "Text": mail.get_body(("plain",)).get_content(),
                        "Files": {p.get_filename(): base64.b64encode(p.get_payload(decode=True)).decode() for p in mail.iter_attachments()},
                    }, file)
                os.rename(path + ".part", path + ".json")
                return "250 OK"

        controller = Controller(Reader(), hostname="127.0.0.1", port=int(sys.argv[1]))
        controller.start()
        print("ready", flush=True)
        sys.stdin.read()
        controller.stop()
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-mails-");
    private Process? _server;

    public int Port { get; } = FreePort();

    /// <summary>Settings of a portal that sends to it.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["Mail:Transport"] = "Smtp",
        ["Mail:From"] = "portal@muster-software.example",
        ["Mail:Smtp:Host"] = "localhost",
        ["Mail:Smtp:Port"] = Port.ToString(CultureInfo.InvariantCulture),
        ["Mail:Smtp:Security"] = "None",
    };

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", Script, Port.ToString(CultureInfo.InvariantCulture), _folder.FullName])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _server = Process.Start(start)!;
        (await _server.StandardOutput.ReadLineAsync().WaitAsync(WaitLimits.Wait))
            .ShouldBe("ready", "this test needs the package python3-aiosmtpd");
    }

    public IReadOnlyList<ReceivedMail> All() =>
        [.. _folder.GetFiles("*.json").OrderBy(f => f.Name)
            .Select(f => JsonSerializer.Deserialize<ReceivedMail>(File.ReadAllText(f.FullName))!)];

    /// <summary>Waits for the mail with this subject.</summary>
    public Task<ReceivedMail> FindAsync(string subject) => FindAsync(m => m.Subject == subject, subject);

    /// <param name="wanted">For whoever reads that none arrived.</param>
    public async Task<ReceivedMail> FindAsync(Func<ReceivedMail, bool> isIt, string wanted)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            if (All().FirstOrDefault(isIt) is { } mail)
            {
                return mail;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"No mail '{wanted}' arrived, but: {string.Join(" | ", All().Select(m => m.Subject))}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            _server.Kill();
            await _server.WaitForExitAsync();
            _server.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A portal of its own whose mails go to a mail server of its own.</summary>
public sealed class MailedPortal : IAsyncLifetime
{
    internal RunningPortal Running { get; } = new();

    internal MailServer Mails { get; } = new();

    public async Task InitializeAsync()
    {
        await Mails.StartAsync();
        foreach (var (key, value) in Mails.Settings)
        {
            Running.Portal.Configuration[key] = value;
        }

        await Running.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await Running.DisposeAsync();
        await Mails.DisposeAsync();
    }
}
