using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// A browser's half of a staff circuit, spoken by hand over a real socket: it can send what no browser would, such as an event of a button
/// that is not on the page.
/// </summary>
internal sealed partial class BlazorHub : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _oneWriter = new(1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string?>> _waiting = [];
    private readonly ConcurrentQueue<RenderedHandler> _handlers = [];
    private readonly TaskCompletionSource<long> _renderer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;
    private int _calls;

    private BlazorHub()
    {
    }

    /// <summary>Everything on the page that has ever taken an event, the newest last.</summary>
    public IReadOnlyList<RenderedHandler> Handlers => [.. _handlers];

    /// <summary>Whether what was drawn is confirmed to the server, as every browser does.</summary>
    public bool Acknowledges { get; init; } = true;

    /// <summary>Whether the server has closed the connection.</summary>
    public bool IsClosed => _reading.IsCompleted;

    /// <summary>Opens a page of the staff area and starts its circuit.</summary>
    /// <param name="cookies">Of a browser in which somebody of staff is signed in.</param>
    public static async Task<BlazorHub> OpenAsync(
        PortalFactory portal, Browser browser, string cookies, string path, bool acknowledges = true)
    {
        await browser.GetAsync(path);
        var html = await browser.Answer.Content.ReadAsStringAsync();
        var markers = Marker().Matches(html).Select(m => m.Groups[1].Value)
            .Where(m => m.Contains("\"descriptor\"", StringComparison.Ordinal)).ToList();
        markers.ShouldNotBeEmpty($"{path} is no interactive page for this account: {browser.Status}");
        var origin = $"http://localhost:{portal.Address.Port}";
        var hub = new BlazorHub { Acknowledges = acknowledges };
        try
        {
            await hub.ConnectAsync(portal.Address, origin, cookies);
            (await hub.InvokeAsync("StartCircuit", origin + "/", origin + path, "[]", "")).ShouldNotBeNullOrEmpty("there was no circuit");
            var operations = markers.Select((marker, place) => $$"""{"type":"add","ssrComponentId":{{place + 1}},"marker":{{marker}}}""");
            await hub.SendAsync("UpdateRootComponents", $$"""{"batchId":1,"operations":[{{string.Join(',', operations)}}]}""",
                State().Match(html).Groups[1].Value);
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }

        return hub;
    }

    public Task SendAsync(string target, params object?[] arguments) => WriteAsync(BlazorPack.Invocation(null, target, arguments));

    public async Task<string?> InvokeAsync(string target, params object?[] arguments)
    {
        var id = Interlocked.Increment(ref _calls).ToString(CultureInfo.InvariantCulture);
        var answer = _waiting[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await WriteAsync(BlazorPack.Invocation(id, target, arguments));
        return await answer.Task.WaitAsync(WaitLimits.Wait);
    }

    /// <summary>Sends an event, whether or not anything on the page takes it.</summary>
    /// <returns>What the server said against it; null when it was taken.</returns>
    public async Task<string?> DispatchAsync(string name, long handler, string arguments = "{}")
    {
        var descriptor = $$"""{"eventHandlerId":{{handler}},"eventName":"{{name}}","eventFieldInfo":null}""";
        return await CallAsync(null, "DispatchEventAsync", await _renderer.Task.WaitAsync(WaitLimits.Wait), $"[{descriptor},{arguments}]");
    }

    /// <summary>Calls a method of the server: a static one of an assembly, or one of an object that it gave to the page.</summary>
    /// <returns>What the server said against it; null when it was done.</returns>
    public async Task<string?> CallAsync(string? assembly, string method, long? instance, string arguments)
    {
        var call = "e" + Interlocked.Increment(ref _calls).ToString(CultureInfo.InvariantCulture);
        var answer = _waiting[call] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (IsClosed)
        {
            return "the connection was closed";
        }

        await SendAsync("BeginInvokeDotNetFromJS", call, assembly, method, instance ?? 0, arguments);
        return await answer.Task.WaitAsync(WaitLimits.Wait);
    }

    public Task<string?> ClickAsync(RenderedHandler on) => DispatchAsync("click", on.Id, """{"detail":1,"button":0,"type":"click"}""");

    public Task<string?> ChangeAsync(RenderedHandler on, string value) =>
        DispatchAsync(on.Event == "oninput" ? "input" : "change", on.Id, $$"""{"value":{{JsonSerializer.Serialize(value)}}}""");

    public Task<string?> SubmitAsync(RenderedHandler on) => DispatchAsync("submit", on.Id);

    /// <summary>Waits until the page has something like this; the newest counts.</summary>
    public async Task<RenderedHandler> FindAsync(Func<RenderedHandler, bool> which, int since = 0)
    {
        RenderedHandler? found = null;
        await Eventually.BecomesTrueAsync(() => (found = _handlers.Skip(since).LastOrDefault(which)) is not null || IsClosed);
        return found.ShouldNotBeNull("the circuit was closed instead");
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task WriteAsync(byte[] message)
    {
        await _oneWriter.WaitAsync();
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, _closing.Token);
        }
        finally
        {
            _oneWriter.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _closing.CancelAsync();
            _socket.Abort();
            await _reading;
        }
        finally
        {
            _socket.Dispose();
            _closing.Dispose();
            _oneWriter.Dispose();
        }
    }

    private async Task ConnectAsync(Uri portal, string origin, string cookies)
    {
        _socket.Options.SetRequestHeader("Cookie", cookies);
        _socket.Options.SetRequestHeader("Origin", origin);
        await _socket.ConnectAsync(new Uri($"ws://{portal.Authority}/_blazor"), CancellationToken.None);
        await WriteAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"));
        _reading = Task.Run(ReadAsync);
    }

    private async Task ReadAsync()
    {
        var received = new List<byte>();
        var part = new byte[64 * 1024];
        var hasShakenHands = false;
        try
        {
            while (await _socket.ReceiveAsync(part, _closing.Token) is { MessageType: not WebSocketMessageType.Close } result)
            {
                received.AddRange(part[..result.Count]);
                if (!hasShakenHands && received.IndexOf(0x1E) is >= 0 and var end)
                {
                    received.RemoveRange(0, end + 1);
                    hasShakenHands = true;
                }

                if (hasShakenHands)
                {
                    var (messages, consumed) = BlazorPack.Read(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(received));
                    received.RemoveRange(0, consumed);
                    foreach (var message in messages)
                    {
                        await TakeAsync(message);
                    }
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is gone, by us or by the server.
        }

        foreach (var waiting in _waiting.Values)
        {
            waiting.TrySetResult("the connection was closed");
        }
    }

    private async Task TakeAsync(object?[] message)
    {
        // 1 a call, 3 the answer to one of ours.
        switch (message)
        {
            case [3L, _, string id, 1L, var error, ..]:
                Answer(id, error?.ToString());
                break;
            case [3L, _, string id, ..]:
                Answer(id, message.Length > 4 ? message[4]?.ToString() : null);
                break;
            case [1L, _, _, "JS.RenderBatch", object?[] and [long batch, byte[] drawn, ..], ..]:
                Take(drawn);
                if (Acknowledges)
                {
                    await SendAsync("OnRenderCompleted", batch, null);
                }

                break;
            case [1L, _, _, "JS.BeginInvokeJS", object?[] and [long call, string name, var arguments, ..], ..]:
                if (name.Contains("attachWebRendererInterop", StringComparison.Ordinal))
                {
                    _renderer.TrySetResult(
                        long.Parse(DotNetObject().Match(arguments?.ToString() ?? "").Groups[1].Value, CultureInfo.InvariantCulture));
                }

                if (call != 0)
                {
                    await SendAsync("EndInvokeJSFromDotNet", call, true, $"[{call},true,null]");
                }

                break;
            case [1L, _, _, "JS.EndInvokeDotNet", object?[] and [string call, bool succeeded, var result, ..], ..]:
                Answer(call, succeeded ? null : result?.ToString() ?? "refused");
                break;
            case [1L, _, _, "JS.Error", object?[] and [var error, ..], ..]:
                foreach (var id in _waiting.Keys)
                {
                    Answer(id, error?.ToString());
                }

                break;
        }
    }

    private void Take(byte[] drawn)
    {
        var (handlers, gone) = RenderedHandlers.In(drawn);
        var renewed = handlers.FindAll(h => h.Element.Length == 0);
        foreach (var handler in handlers)
        {
            // A handler that was made anew comes without its element, in the order of those that it replaces.
            var old = handler.Element.Length == 0 && renewed.Count == gone.Count
                ? _handlers.LastOrDefault(h => h.Id == gone[renewed.IndexOf(handler)])
                : null;
            _handlers.Enqueue(old is null ? handler : old with { Id = handler.Id });
        }
    }

    private void Answer(string id, string? text)
    {
        if (_waiting.TryRemove(id, out var waiting))
        {
            waiting.TrySetResult(text);
        }
    }

    [GeneratedRegex("<!--Blazor:(\\{.*?\\})-->")]
    private static partial Regex Marker();

    [GeneratedRegex("<!--Blazor-Server-Component-State:([^>]*?)-->")]
    private static partial Regex State();

    [GeneratedRegex("\"__dotNetObject\":(\\d+)")]
    private static partial Regex DotNetObject();
}
