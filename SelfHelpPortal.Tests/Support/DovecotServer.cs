using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// Debian's IMAP server behind a socket. Its own program for signing in cannot run from where the package is unpacked, so that is done
/// here; everything behind it is Dovecot's.
/// </summary>
internal sealed class DovecotServer : IAsyncDisposable
{
    public const string User = "bounces";
    public const string Password = "right";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-dovecot-");
    private readonly string _root;
    private readonly Task _accepting;

    private DovecotServer(string root)
    {
        _root = root;
        var (user, group) = Environment.IsPrivilegedProcess ? ("nobody", "nogroup") : (Environment.UserName, Run("id", "-gn").Trim());
        Directory.CreateDirectory(At("run"));
        Directory.CreateDirectory(At("home"));
        File.WriteAllText(At("imap.conf"),
            $"""
             base_dir = {At("run")}
             mail_plugin_dir = {root}/usr/lib/dovecot/modules
             mail_location = maildir:{At("home")}/mail
             mail_uid = {user}
             mail_gid = {group}
             first_valid_uid = 0
             first_valid_gid = 0
             default_login_user = {Environment.UserName}
             default_internal_user = {Environment.UserName}
             default_internal_group = {Run("id", "-gn").Trim()}
             ssl = no

             """);
        if (Environment.IsPrivilegedProcess)
        {
            // It refuses to read mail as root.
            Run("chown", "-R", $"{user}:{group}", _folder.FullName);
        }

        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static DovecotServer Start()
    {
        var root = Environment.GetEnvironmentVariable("SELFHELP_DOVECOT");
        root.ShouldNotBeNullOrEmpty("test.sh unpacks Debian's dovecot and names its folder in SELFHELP_DOVECOT");
        return new DovecotServer(root);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
        _listener.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task AcceptAsync()
    {
        var served = new List<Task>();
        try
        {
            while (true)
            {
                served.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }

        await Task.WhenAll(served);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                await SayAsync(stream, "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready");
                while (await LineAsync(stream) is { } line)
                {
                    var words = line.Split(' ');
                    if (words is [var tag, "AUTHENTICATE", "PLAIN", var told] && IsRight(told))
                    {
                        await PassOnAsync(stream, tag);
                        return;
                    }

                    await SayAsync(stream, $"{words[0]} NO [AUTHENTICATIONFAILED] Authentication failed.");
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
            }
        }
    }

    private async Task PassOnAsync(NetworkStream stream, string tag)
    {
        var library = $"{_root}/usr/lib/dovecot";
        var start = new ProcessStartInfo(
            $"{_root}/usr/bin/doveconf", ["-c", At("imap.conf"), "-m", "imap", "-p", "-e", $"{library}/imap"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LD_LIBRARY_PATH"] = library, ["USER"] = User, ["HOME"] = At("home") },
        };
        using var imap = Process.Start(start)!;
        imap.BeginErrorReadLine();
        try
        {
            var (input, output) = (imap.StandardInput.BaseStream, imap.StandardOutput.BaseStream);
            var greeting = (await LineAsync(output)).ShouldNotBeNull("Dovecot did not start");
            await SayAsync(stream, $"{tag} OK {greeting["* PREAUTH ".Length..]}");
            var answers = output.CopyToAsync(stream, _stop.Token);
            var commands = CopyAsync(stream, input);
            await Task.WhenAny(answers, commands);
        }
        finally
        {
            imap.Kill();
            await imap.WaitForExitAsync();
        }
    }

    private async Task CopyAsync(NetworkStream from, Stream to)
    {
        var buffer = new byte[16_384];
        while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var read)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            await to.FlushAsync(_stop.Token);
        }
    }

    private async Task<string?> LineAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) > 0)
        {
            if (one[0] == '\n')
            {
                return Encoding.ASCII.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
        }

        return null;
    }

    private async Task SayAsync(NetworkStream stream, string line) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _stop.Token);

    private static bool IsRight(string told) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(told)).EndsWith($"\0{User}\0{Password}", StringComparison.Ordinal);

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
