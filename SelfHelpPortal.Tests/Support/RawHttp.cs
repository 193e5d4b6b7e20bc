using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace SelfHelpPortal.Tests.Support;

/// <summary>Requests byte by byte, as no client library would send them. One connection for each.</summary>
internal static class RawHttp
{
    /// <param name="head">The request line and headers without Host and Connection, lines ended by \n. Characters are sent as single
    /// bytes.</param>
    /// <param name="length">What Content-Length says instead of the body's own length.</param>
    public static async Task<RawAnswer> SendAsync(Uri address, string head, byte[]? body = null, int? length = null)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        await using var stream = socket.GetStream();
        var lines = new StringBuilder(head.TrimEnd().Replace("\n", "\r\n", StringComparison.Ordinal))
            .Append("\r\nHost: localhost\r\nConnection: close\r\n");
        if (body is not null)
        {
            lines.Append(CultureInfo.InvariantCulture, $"Content-Length: {length ?? body.Length}\r\n");
        }

        await stream.WriteAsync((byte[])[.. Encoding.Latin1.GetBytes(lines.Append("\r\n").ToString()), .. body ?? []]);
        if (length > body?.Length)
        {
            // Nothing more comes: the sender has hung up in the middle.
            socket.Client.Shutdown(SocketShutdown.Send);
        }

        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer);
        return RawAnswer.Parse(Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length));
    }
}

/// <param name="Status">0 when the server hung up without an answer.</param>
internal sealed record RawAnswer(int Status, string Head, string Body)
{
    public static RawAnswer Parse(string text)
    {
        var (head, body) = text.Split("\r\n\r\n", 2) is [var first, var rest] ? (first, rest) : (text, "");
        return new(head.Split(' ') is [_, var status, ..] ? int.Parse(status, CultureInfo.InvariantCulture) : 0, head, body);
    }
}
