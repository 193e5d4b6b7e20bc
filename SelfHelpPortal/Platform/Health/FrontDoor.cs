using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace SelfHelpPortal.Platform.Health;

/// <summary>
/// The sockets that listen. When one is closed, the kernel resets the connections that nobody has accepted yet, and Kestrel those whose
/// request has not been read; a proxy may not repeat a POST that ends so. Therefore the door is shut a moment before: who comes now is not
/// answered at all and, on trying again, finds nobody there, which any proxy takes to another node.
/// </summary>
internal sealed class FrontDoor
{
    /// <summary>For those who are inside already, to say what they want.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const int SocketLevel = 1;
    private const int AttachFilter = 26;

    // In the kernel's language for filters: load the flags of the TCP header, and keep all segments but those that open a connection.
    private static readonly Instruction[] NoOpening =
        [new(0x30, 0, 0, 13), new(0x45, 0, 1, 0x02), new(0x06, 0, 0, 0), new(0x06, 0, 0, uint.MaxValue)];

    private readonly ConcurrentBag<Socket> _listening = [];

    public Socket Open(EndPoint address)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
        if (address is IPEndPoint)
        {
            _listening.Add(socket);
        }

        return socket;
    }

    /// <summary>From now on nobody comes in. Only Linux can do that; elsewhere the sockets stay open until they are closed.</summary>
    public void Shut()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var program = GCHandle.Alloc(NoOpening, GCHandleType.Pinned);
        try
        {
            // struct sock_fprog: how many instructions, and where they are. The kernel copies them.
            Span<nint> filter = [NoOpening.Length, program.AddrOfPinnedObject()];
            foreach (var socket in _listening)
            {
                socket.SetRawSocketOption(SocketLevel, AttachFilter, MemoryMarshal.AsBytes(filter));
            }
        }
        catch (SocketException)
        {
            // A kernel, or a guard around the process, that does not allow it: the node stops as any other program does.
        }
        finally
        {
            program.Free();
        }
    }

    /// <summary>struct sock_filter.</summary>
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);
}
