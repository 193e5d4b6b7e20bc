using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Platform.Guessing;

/// <summary>
/// How often the licensed software may ask, with a valid key or proof. In memory of this node: these limits protect the portal from a program
/// that asks in a loop, not a secret, so they need no row.
/// </summary>
internal sealed class RateLimits(IOptions<GuessBudgetOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _addresses = PerKey(options.Value.RequestsPerAddressAndMinute, TimeSpan.FromMinutes(1));
    private readonly PartitionedRateLimiter<string> _activations = PerKey(options.Value.CheckInsPerActivationAndHour, TimeSpan.FromHours(1));

    /// <summary>Null: go on. Otherwise how long the caller has to wait (<c>Retry-After</c>).</summary>
    public TimeSpan? Request(IPAddress? address) => Take(_addresses, ClientAddress.Prefix(address, 32, 64));

    /// <inheritdoc cref="Request"/>
    public TimeSpan? CheckIn(string handle) => Take(_activations, handle);

    public void Dispose()
    {
        _addresses.Dispose();
        _activations.Dispose();
    }

    private static TimeSpan? Take(PartitionedRateLimiter<string> limiter, string key)
    {
        using var lease = limiter.AttemptAcquire(key);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1);
    }

    private static PartitionedRateLimiter<string> PerKey(int permits, TimeSpan window) =>
        PartitionedRateLimiter.Create<string, string>(key => RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = permits,
            Window = window,
            AutoReplenishment = true,
        }));
}
