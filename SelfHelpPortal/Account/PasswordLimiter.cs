using Microsoft.AspNetCore.Identity;

namespace SelfHelpPortal.Account;

/// <summary>
/// Hashing a password costs a tenth of a second of a core on purpose. Only so many run at once; whoever comes then is told to come back, so that
/// a flood of sign-ins cannot take the processor from the tills.
/// </summary>
internal sealed class PasswordLimiter(IPasswordHasher<PortalUser> hasher) : IDisposable
{
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _slots = new(2 * Environment.ProcessorCount);

    // An unknown address costs the same as a known one. The password behind it is thrown away.
    private readonly Lazy<string> _dummy = new(() => hasher.HashPassword(new PortalUser(), Guid.NewGuid().ToString()));

    /// <summary>Null when all slots are taken. Dispose gives the slot back.</summary>
    public IDisposable? TryEnter() => _slots.Wait(0) ? new Slot(_slots) : null;

    /// <summary>Whether the password is this user's. Without a user, or one without a password, as much work and false.</summary>
    public bool Verify(PortalUser? user, string password)
    {
        var known = user?.PasswordHash;
        var result = hasher.VerifyHashedPassword(user ?? new PortalUser(), known ?? _dummy.Value, password);
        return known is not null && result != PasswordVerificationResult.Failed;
    }

    public void Dispose() => _slots.Dispose();

    private sealed class Slot(SemaphoreSlim slots) : IDisposable
    {
        private SemaphoreSlim? _slots = slots;

        public void Dispose() => Interlocked.Exchange(ref _slots, null)?.Release();
    }
}
