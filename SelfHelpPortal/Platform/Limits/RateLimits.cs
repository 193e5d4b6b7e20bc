using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Platform.Limits;

/// <summary>
/// How often the licensed software may ask, with a valid key or proof. In memory of this node: these limits protect the portal from a
/// program that asks in a loop, not a secret, so they need no row.
/// </summary>
internal sealed class RateLimits(IOptions<AttemptLimiterOptions> options)
{
    private readonly FixedWindow<string> _addresses = new(options.Value.RequestsPerAddressAndMinute, TimeSpan.FromMinutes(1));
    private readonly FixedWindow<Guid> _activations = new(options.Value.CheckInsPerActivationAndHour, TimeSpan.FromHours(1));

    /// <summary>Null: go on. Otherwise how long the caller has to wait (<c>Retry-After</c>).</summary>
    public TimeSpan? Request(IPAddress? address, DateTimeOffset now) => _addresses.Take(ClientAddress.Prefix(address, 32, 64), now);

    /// <inheritdoc cref="Request"/>
    public TimeSpan? CheckIn(Guid activation, DateTimeOffset now) => _activations.Take(activation, now);

    /// <summary>
    /// Counts per key in windows that begin at the same moment for all keys, so that the end of a window is the end of all its counters: a
    /// hundred thousand tills need no timer each and nobody to tidy up after them.
    /// </summary>
    private sealed class FixedWindow<TKey>(int permits, TimeSpan length)
        where TKey : notnull
    {
        private Counters _current = new(Number: 0, []);

        public TimeSpan? Take(TKey key, DateTimeOffset now)
        {
            var number = now.UtcTicks / length.Ticks;
            var current = Volatile.Read(ref _current);
            if (current.Number != number)
            {
                // Whoever comes second takes the window that the first one opened.
                var opened = new Counters(number, []);
                var before = Interlocked.CompareExchange(ref _current, opened, current);
                current = before == current ? opened : before;
            }

            var used = current.Used.AddOrUpdate(key, 1, static (_, count) => count + 1);
            return used <= permits ? null : TimeSpan.FromTicks(((number + 1) * length.Ticks) - now.UtcTicks);
        }

        private sealed record Counters(long Number, ConcurrentDictionary<TKey, int> Used);
    }
}
