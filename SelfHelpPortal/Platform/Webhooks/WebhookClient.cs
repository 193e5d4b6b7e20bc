using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Platform.Webhooks;

/// <summary>Why an endpoint gave no answer.</summary>
internal enum WebhookFault
{
    /// <summary>The name is unknown, or nobody listens there.</summary>
    NotReached,

    /// <summary>The name leads into a private network.</summary>
    PrivateAddress,

    /// <summary>No encrypted connection came about: the certificate is not trusted, or the protocols do not fit.</summary>
    Encryption,

    /// <summary>It took too long.</summary>
    TooSlow,

    /// <summary>What came was no answer of HTTP, or the connection broke.</summary>
    NoAnswer,
}

/// <param name="Status">Of the answer; null when there was none.</param>
internal readonly record struct WebhookOutcome(int? Status, WebhookFault? Fault)
{
    public bool IsDelivered => Status is >= 200 and < 300;

    /// <summary>The receiver wants nothing more at this address.</summary>
    public bool IsGone => Status == (int)HttpStatusCode.Gone;
}

/// <summary>Finds the addresses of a name.</summary>
internal delegate Task<IPAddress[]> ResolveName(string host, CancellationToken cancellationToken);

/// <summary>
/// Sends one delivery. Redirects are not followed, of an answer only the status is read, and the address is judged after the name was
/// resolved and is the one that is connected to, so that a name cannot mean something else a moment later.
/// </summary>
internal sealed class WebhookClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly ResolveName _resolve;
    private readonly WebhookOptions _options;

    public WebhookClient(IOptions<WebhookOptions> options, ResolveName resolve)
    {
        (_options, _resolve) = (options.Value, resolve);
#pragma warning disable CA2000, CA5399 // The client disposes it. Revocation lists are asked for by the defaults of the machine.
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // A proxy would resolve the name itself.
            UseProxy = false,
            MaxResponseHeadersLength = 16,
            // What the receiver goes on to say is not waited for.
            MaxResponseDrainSize = 0,
            // Each connection asks for the address anew.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = ConnectAsync,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
#pragma warning restore CA2000, CA5399
    }

    /// <param name="secrets">The present one first; each signs.</param>
    public async Task<WebhookOutcome> SendAsync(
        WebhookEndpoint endpoint, WebhookDelivery delivery, IReadOnlyList<WebhookSecret> secrets, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        using var tooSlow = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        tooSlow.CancelAfter(TimeSpan.FromSeconds(_options.TimeoutSeconds));
        using var request = Request(endpoint, delivery, secrets, now);
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, tooSlow.Token);
            return new WebhookOutcome((int)answer.StatusCode, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WebhookOutcome(null, WebhookFault.TooSlow);
        }
        catch (HttpRequestException failure)
        {
            return new WebhookOutcome(null, FaultOf(failure));
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(
        WebhookEndpoint endpoint, WebhookDelivery delivery, IReadOnlyList<WebhookSecret> secrets, DateTimeOffset now)
    {
        var id = $"msg_{delivery.Id:n}";
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(delivery.Body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = content };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("SelfHelpPortal", "1"));
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", string.Join(' ', secrets.Select(s => s.Sign(id, timestamp, delivery.Body))));
        return request;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await _resolve(context.DnsEndPoint.Host, cancellationToken);
        // One private address among public ones is no mistake of a decent name.
        if (!_options.AllowPrivateAddresses && Array.Exists(addresses, address => !PublicAddresses.Contains(address)))
        {
            throw new PrivateAddressException(context.DnsEndPoint.Host);
        }

        if (addresses is [])
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static WebhookFault FaultOf(HttpRequestException failure)
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case PrivateAddressException:
                    return WebhookFault.PrivateAddress;
                case AuthenticationException:
                    return WebhookFault.Encryption;
            }
        }

        return failure.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError => WebhookFault.NotReached,
            HttpRequestError.SecureConnectionError => WebhookFault.Encryption,
            _ => failure.InnerException is SocketException ? WebhookFault.NotReached : WebhookFault.NoAnswer,
        };
    }

    private sealed class PrivateAddressException(string host)
        : IOException($"The name {host} leads into a private network; Webhooks:AllowPrivateAddresses allows that.");
}
