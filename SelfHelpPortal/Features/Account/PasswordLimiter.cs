using Microsoft.AspNetCore.Identity;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Features.Account;

/// <summary>
/// Hashing a password costs a tenth of a second of a core on purpose. Only so many run at once, and only half of them for one source;
/// whoever comes then is told to come back, so that a flood of sign-ins cannot take the processor from the tills, nor the sign-in from
/// everybody else. A slot is held while the hash is computed and not a moment longer: nothing that waits for a client or for the database
/// waits with a slot in its hand.
/// </summary>
internal sealed class PasswordLimiter(IPasswordHasher<PortalUser> hasher, IHttpContextAccessor accessor)
{
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private static readonly int Slots = 2 * Environment.ProcessorCount;
    private static readonly int SlotsPerSource = Math.Max(1, Slots / 2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _held = [];
    private int _taken;

    // An unknown address costs the same as a known one. The password behind it is thrown away.
    private readonly Lazy<string> _dummy = new(() => hasher.HashPassword(new PortalUser(), Guid.NewGuid().ToString()));

    /// <summary>
    /// Whether the password is this user's. Without a user, or one without a password, as much work and false. Null: no slot is free.
    /// </summary>
    public bool? TryVerify(PortalUser? user, string password)
    {
        using var slot = TryEnter();
        if (slot is null)
        {
            return null;
        }

        var known = user?.PasswordHash;
        var result = hasher.VerifyHashedPassword(user ?? new PortalUser(), known ?? _dummy.Value, password);
        return known is not null && result != PasswordVerificationResult.Failed;
    }

    /// <summary>The hash to be stored, or null when no slot is free.</summary>
    public string? TryHash(PortalUser user, string password)
    {
        using var slot = TryEnter();
        return slot is null ? null : hasher.HashPassword(user, password);
    }

    /// <summary>Null when all slots are taken, or all that the source of this request may have. Dispose gives the slot back.</summary>
    internal IDisposable? TryEnter()
    {
        var source = accessor.HttpContext is { } context ? ClientAddress.Subject(context) : "-";
        lock (_gate)
        {
            var held = _held.GetValueOrDefault(source);
            if (_taken >= Slots || held >= SlotsPerSource)
            {
                return null;
            }

            _taken++;
            _held[source] = held + 1;
            return new Slot(this, source);
        }
    }

    private void Leave(string source)
    {
        lock (_gate)
        {
            _taken--;
            if (_held[source] == 1)
            {
                _held.Remove(source);
            }
            else
            {
                _held[source]--;
            }
        }
    }

    private sealed class Slot(PasswordLimiter limiter, string source) : IDisposable
    {
        private PasswordLimiter? _limiter = limiter;

        public void Dispose() => Interlocked.Exchange(ref _limiter, null)?.Leave(source);
    }
}
