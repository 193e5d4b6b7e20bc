using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace SelfHelpPortal.Tests.Support;

/// <summary>When the backend ends, as seen from one round trip to it.</summary>
internal enum CutMoment
{
    /// <summary>Nothing of this round trip is carried out.</summary>
    Before,

    /// <summary>It is carried out, and the answer never arrives.</summary>
    At,

    /// <summary>Its answer arrives, and then the backend ends.</summary>
    After,
}

/// <summary>
/// Stands between a portal and its PostgreSQL, counts the round trips, and ends the backend (<c>pg_terminate_backend</c>) at a chosen one.
/// It sees all that is sent, whoever sends it: BEGIN, COMMIT, savepoints and what goes past Entity Framework.
/// </summary>
internal sealed class PostgresProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _trips = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _pairs = [];
    private readonly NpgsqlConnectionStringBuilder _upstream;
    private readonly string _owner;
    private readonly Task _accepting;
    private (int Trip, CutMoment Moment)? _plan;
    private int _count;

    private PostgresProxy(TestDatabase database)
    {
        _upstream = new NpgsqlConnectionStringBuilder(database.PortalConnection);
        // Of another database, so that it does not end with the test's own.
        _owner = new NpgsqlConnectionStringBuilder(database.OwnerConnection) { Database = "postgres", Pooling = false }.ConnectionString;
        _listener.Start();
        Connection = new NpgsqlConnectionStringBuilder(database.PortalConnection)
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
            SslMode = SslMode.Disable,
        }.ConnectionString;
        _accepting = AcceptAsync();
    }

    /// <summary>The portal's connection through the proxy.</summary>
    public string Connection { get; }

    /// <summary>What each round trip since <see cref="Plan"/> or <see cref="Count"/> said.</summary>
    public IReadOnlyList<string> Trips => [.. _trips];

    /// <summary>Whether the planned cut was met.</summary>
    public bool HasCut { get; private set; }

    public static PostgresProxy Start(TestDatabase database) => new(database);

    /// <summary>Counts from here on and ends nothing.</summary>
    public void Count() => Reset(null);

    /// <param name="trip">The first one is 1.</param>
    public void Plan(int trip, CutMoment moment) => Reset((trip, moment));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAll(_pairs.Append(_accepting));
        _stop.Dispose();
        _listener.Dispose();
    }

    private void Reset((int, CutMoment)? plan)
    {
        _trips.Clear();
        (_plan, _count, HasCut) = (plan, 0, false);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _pairs.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient accepted)
    {
        using var client = accepted;
        client.NoDelay = true;
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await server.ConnectAsync(
            new UnixDomainSocketEndPoint(
                Path.Combine(_upstream.Host!, string.Create(CultureInfo.InvariantCulture, $".s.PGSQL.{_upstream.Port}"))), _stop.Token);
        await using var toClient = client.GetStream();
        await using var toServer = new NetworkStream(server);
        var pair = new Pair(toClient, toServer);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var halves = new[] { ForwardQuestionsAsync(pair, ended.Token), ForwardAnswersAsync(pair, ended.Token) };
        await Task.WhenAny(halves);
        await ended.CancelAsync();
        foreach (var half in halves)
        {
            try
            {
                await half;
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException or SocketException)
            {
            }
        }
    }

    private async Task ForwardQuestionsAsync(Pair pair, CancellationToken stop)
    {
        // The first message has no type.
        await pair.Server.WriteAsync(await ReadAsync(pair.Client, typed: false, stop), stop);
        var statements = new Dictionary<string, string>();
        var (turn, said) = (new List<byte>(), new List<string>());
        while (true)
        {
            var message = await ReadAsync(pair.Client, typed: true, stop);
            var type = (char)message[0];
            if (type is 'p' or 'X')
            {
                await pair.Server.WriteAsync(message, stop);
                continue;
            }

            turn.AddRange(message);
            Note(message, statements, said);
            if (type is not ('Q' or 'S'))
            {
                continue;
            }

            var cut = Next(string.Join(" ; ", said));
            if (cut == CutMoment.Before)
            {
                await EndBackendAsync(pair.Backend);
            }

            pair.Cut = cut;
            await pair.Server.WriteAsync(turn.ToArray(), stop);
            turn.Clear();
            said.Clear();
        }
    }

    private async Task ForwardAnswersAsync(Pair pair, CancellationToken stop)
    {
        while (true)
        {
            var message = await ReadAsync(pair.Server, typed: true, stop);
            if (message[0] == (byte)'K')
            {
                pair.Backend = BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(5));
            }

            if (pair.Cut != CutMoment.At)
            {
                await pair.Client.WriteAsync(message, stop);
            }

            if (message[0] == (byte)'Z' && pair.Cut is { } cut)
            {
                await EndBackendAsync(pair.Backend);
                if (cut == CutMoment.At)
                {
                    return;
                }

                pair.Cut = null;
            }
        }
    }

    private CutMoment? Next(string said)
    {
        _trips.Enqueue(said);
        if (Interlocked.Increment(ref _count) == _plan?.Trip)
        {
            HasCut = true;
            return _plan.Value.Moment;
        }

        return null;
    }

    private async Task EndBackendAsync(int backend)
    {
        await using var owner = new NpgsqlConnection(_owner);
        await owner.OpenAsync();
        await using var end = new NpgsqlCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1", owner)
        { Parameters = { new() { Value = backend } } };
        while (await end.ExecuteScalarAsync() is not null)
        {
            await Task.Delay(2);
        }
    }

    private static void Note(byte[] message, Dictionary<string, string> statements, List<string> said)
    {
        var texts = Encoding.UTF8.GetString(message, 5, message.Length - 5).Split('\0');
        switch ((char)message[0])
        {
            case 'Q':
                said.Add(texts[0]);
                break;
            case 'P':
                statements[texts[0]] = texts[1];
                break;
            case 'B':
                said.Add(statements.GetValueOrDefault(texts[1], "?"));
                break;
        }
    }

    private static async Task<byte[]> ReadAsync(Stream from, bool typed, CancellationToken stop)
    {
        var head = new byte[typed ? 5 : 4];
        await from.ReadExactlyAsync(head, stop);
        var length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(typed ? 1 : 0));
        var message = new byte[length + (typed ? 1 : 0)];
        head.CopyTo(message, 0);
        await from.ReadExactlyAsync(message.AsMemory(head.Length), stop);
        return message;
    }

    private sealed class Pair(NetworkStream client, NetworkStream server)
    {
        public NetworkStream Client => client;

        public NetworkStream Server => server;

        public int Backend { get; set; }

        public CutMoment? Cut { get; set; }
    }
}
