using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SelfHelpPortal.Tests.Support;

internal enum SmtpStep
{
    Greeting,
    Ehlo,
    StartTls,
    Auth,
    AuthEnd,
    Mail,
    Rcpt,
    Data,
    Content,
    FinalDot,
    Quit,
}

/// <summary>What the server does at a step instead of agreeing.</summary>
internal sealed record SmtpAnswer(string? Reply)
{
    /// <summary>Ends the connection.</summary>
    public static readonly SmtpAnswer Close = new((string?)null);

    /// <summary>Says nothing more.</summary>
    public static readonly SmtpAnswer Stall = new((string?)null);

    /// <summary>Begins a reply, and says one more line of it every half second for ever.</summary>
    public static readonly SmtpAnswer Trickle = new((string?)null);

    /// <summary>Says this, and ends the connection.</summary>
    public static SmtpAnswer Last(string reply) => new(reply) { EndsThere = true };

    public bool EndsThere { get; private init; }

    public override string ToString() =>
        Reply is not null ? Reply + (EndsThere ? ", close" : "") : (ReferenceEquals(this, Close) ? "close" : "stall");

    public static implicit operator SmtpAnswer(string reply) => new(reply);
}

/// <summary>A message as it came in.</summary>
internal sealed record SmtpDelivery(string From, IReadOnlyList<string> Recipients, string Content);

/// <summary>
/// An SMTP server on a loopback port that agrees to everything unless its script says otherwise. It knows what a test needs and no more.
/// </summary>
internal sealed class ScriptedSmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<SmtpStep, SmtpAnswer> _script = new();
    private readonly ConcurrentDictionary<string, SmtpAnswer> _recipients = new(StringComparer.OrdinalIgnoreCase);
    private readonly X509Certificate2? _certificate;
    private readonly bool _tlsOnConnect;
    private readonly Task _accepting;
    private int _connections;
    private long _mailLinesInClear;

    /// <param name="certificate">With one it offers STARTTLS.</param>
    /// <param name="tlsOnConnect">Instead it speaks TLS from the first byte on.</param>
    public ScriptedSmtpServer(X509Certificate2? certificate = null, bool tlsOnConnect = false)
    {
        _certificate = certificate;
        _tlsOnConnect = tlsOnConnect;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => _connections;

    /// <summary>Lines that came in before encryption and are part of a mail or its envelope.</summary>
    public long MailLinesInClear => _mailLinesInClear;

    /// <summary>Command lines over all connections.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>What it offers besides STARTTLS.</summary>
    public string[] Extensions { get; init; } = ["SIZE 10485760", "8BITMIME", "AUTH LOGIN"];

    /// <summary>The mechanism, and what came with it, decoded: for LOGIN name and password in two lines.</summary>
    public ConcurrentQueue<(string Mechanism, string Told)> SignIns { get; } = new();

    /// <summary>Every message whose final dot came in, answered or not.</summary>
    public ConcurrentQueue<SmtpDelivery> Deliveries { get; } = new();

    /// <summary>Called when a final dot came in, before it is answered.</summary>
    public Action? Delivered { get; set; }

    public ScriptedSmtpServer On(SmtpStep step, SmtpAnswer answer)
    {
        _script[step] = answer;
        return this;
    }

    public ScriptedSmtpServer OnRecipient(string address, SmtpAnswer answer)
    {
        _recipients[address] = answer;
        return this;
    }

    public void AgreeAgain()
    {
        _script.Clear();
        _recipients.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        client.NoDelay = true;
        try
        {
            await new Conversation(this, client).RunAsync();
        }
        catch (Exception e) when (
            e is IOException or OperationCanceledException or ObjectDisposedException or AuthenticationException or SocketException)
        {
        }
    }

    private sealed class Conversation(ScriptedSmtpServer server, TcpClient client)
    {
        private Stream _stream = client.GetStream();
        private StreamReader _reader = new(client.GetStream(), Encoding.Latin1);
        private string _from = "";
        private List<string> _to = [];

        public async Task RunAsync()
        {
            if (server._tlsOnConnect)
            {
                await EncryptAsync();
            }

            var goesOn = await AnswerAsync(SmtpStep.Greeting, "220 scripted ESMTP");
            while (goesOn && await _reader.ReadLineAsync(server._stop.Token) is { } line)
            {
                server.Commands.Enqueue(line);
                goesOn = await CommandAsync(line);
            }
        }

        private async Task<bool> CommandAsync(string line)
        {
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            if (_stream is not SslStream && verb is "MAIL" or "RCPT" or "DATA")
            {
                Interlocked.Increment(ref server._mailLinesInClear);
            }

            switch (verb)
            {
                case "EHLO" or "HELO":
                    var tls = server._certificate is not null && _stream is not SslStream ? "250-STARTTLS\r\n" : "";
                    var others = string.Concat(server.Extensions.Select(e => $"250-{e}\r\n"));
                    return await AnswerAsync(SmtpStep.Ehlo, $"250-scripted\r\n{tls}{others}250 HELP");
                case "STARTTLS":
                    return await StartTlsAsync();
                case "AUTH":
                    return await AuthenticateAsync(line.Split(' '));
                case "MAIL":
                    (_from, _to) = (line, []);
                    return await AnswerAsync(SmtpStep.Mail, "250 2.1.0 ok");
                case "RCPT":
                    var address = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.LastIndexOf('>')];
                    _to.Add(address);
                    return server._recipients.TryGetValue(address, out var answer)
                        ? await AnswerAsync(answer)
                        : await AnswerAsync(SmtpStep.Rcpt, "250 2.1.5 ok");
                case "DATA":
                    return await AnswerAsync(SmtpStep.Data, "354 go")
                        && (server._script.ContainsKey(SmtpStep.Data) || await ContentAsync());
                case "QUIT":
                    await AnswerAsync(SmtpStep.Quit, "221 bye");
                    return false;
                default:
                    return await AnswerAsync("250 ok");
            }
        }

        private async Task<bool> StartTlsAsync()
        {
            if (!await AnswerAsync(SmtpStep.StartTls, "220 go ahead") || server._script.ContainsKey(SmtpStep.StartTls))
            {
                return true;
            }

            await EncryptAsync();
            return true;
        }

        private async Task EncryptAsync()
        {
            var encrypted = new SslStream(_stream);
            await encrypted.AuthenticateAsServerAsync(server._certificate!);
            (_stream, _reader) = (encrypted, new StreamReader(encrypted, Encoding.Latin1));
        }

        /// <param name="words">AUTH, the mechanism, and perhaps the first thing that the client says in it.</param>
        private async Task<bool> AuthenticateAsync(string[] words)
        {
            if (server._script.TryGetValue(SmtpStep.Auth, out var refusal))
            {
                return await AnswerAsync(refusal);
            }

            var told = words.Length > 2 ? Decoded(words[2]) : await AskAsync(words[1] == "LOGIN" ? "Username:" : "");
            if (words[1] == "LOGIN")
            {
                told += "\n" + await AskAsync("Password:");
            }

            server.SignIns.Enqueue((words[1], told));
            if (words[1] == "XOAUTH2" && server._script.ContainsKey(SmtpStep.AuthEnd))
            {
                // The refusal is told in two steps: details first, which the client acknowledges.
                await AskAsync("""{"status":"401","schemes":"bearer"}""");
            }

            return await AnswerAsync(SmtpStep.AuthEnd, "235 2.7.0 ok");
        }

        private async Task<string> AskAsync(string challenge)
        {
            await AnswerAsync("334 " + Convert.ToBase64String(Encoding.UTF8.GetBytes(challenge)));
            return Decoded(await _reader.ReadLineAsync(server._stop.Token) ?? "");
        }

        private static string Decoded(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

        private async Task<bool> ContentAsync()
        {
            if (server._script.TryGetValue(SmtpStep.Content, out var answer))
            {
                await _reader.ReadLineAsync(server._stop.Token);
                client.Client.LingerState = new LingerOption(true, 0);
                return await AnswerAsync(answer);
            }

            var content = new StringBuilder();
            while (await _reader.ReadLineAsync(server._stop.Token) is { } line && line != ".")
            {
                content.Append(line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line).Append("\r\n");
            }

            server.Deliveries.Enqueue(new SmtpDelivery(_from, _to, content.ToString()));
            server.Delivered?.Invoke();
            return await AnswerAsync(SmtpStep.FinalDot, "250 2.0.0 queued as 1");
        }

        private Task<bool> AnswerAsync(SmtpStep step, string agreed) =>
            server._script.TryGetValue(step, out var answer) ? AnswerAsync(answer) : AnswerAsync(agreed);

        /// <returns>False when the connection ends here.</returns>
        private async Task<bool> AnswerAsync(SmtpAnswer answer)
        {
            if (answer.Reply is not null)
            {
                await _stream.WriteAsync(Encoding.Latin1.GetBytes(answer.Reply + "\r\n"), server._stop.Token);
                return !answer.EndsThere;
            }

            if (ReferenceEquals(answer, SmtpAnswer.Stall))
            {
                await Task.Delay(Timeout.Infinite, server._stop.Token);
            }

            while (ReferenceEquals(answer, SmtpAnswer.Trickle))
            {
                await _stream.WriteAsync("250-and\r\n"u8.ToArray(), server._stop.Token);
                await Task.Delay(TimeSpan.FromMilliseconds(500), server._stop.Token);
            }

            return false;
        }
    }
}
