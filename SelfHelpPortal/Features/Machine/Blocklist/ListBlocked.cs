using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Signing;

namespace SelfHelpPortal.Features.Machine.Blocklist;

/// <summary>
/// Lists the activations that may no longer run: excluded computers, computers locked by a flag, all computers of locked and revoked
/// licenses, and computers whose license went to another or was released without proof; one that is never online hears of that nowhere
/// else. A suspension is not meant to outlive a till's next check-in, and a computer whose proof of release counts has wiped itself;
/// neither is listed, nor is one that an emergency code lets go on.
/// <para>The sequence number is the second in which the list was made: it only grows, on every node and after a restore.</para>
/// </summary>
internal sealed class ListBlocked(IDbContextFactory<PortalDbContext> contexts, SigningKeys keys) : IDisposable
{
    /// <summary>Anybody may ask, so the database is asked at most once in this time.</summary>
    public static readonly TimeSpan CacheDuration = TimeSpan.FromMinutes(1);

    private static readonly ReleaseMethod?[] Unproven = [.. Enum.GetValues<ReleaseMethod>().Where(m => !m.IsProven())];

    private readonly SemaphoreSlim _one = new(1);
    private volatile Made? _made;

    /// <summary>The list, signed (<see cref="Licensing.Files.Blocklist"/>).</summary>
    public async Task<string> ExecuteAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_made is { } made && made.IsFresh(now))
        {
            return made.Text;
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_made is not { } other || !other.IsFresh(now))
            {
                _made = other = new Made(await WriteAsync(now, cancellationToken), now);
            }

            return other.Text;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<string> WriteAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var lockedComputers = db.Flags.Where(f => f.State != FlagState.Resolved)
            .SelectMany(f => f.Computers).Where(c => c.Stage != FlagStage.Noticed).Select(c => c.ActivationId);
        var at = now.ToUniversalTime();
        var bridged = db.Set<EmergencyGrant>().Where(g => g.ValidUntil > at).Select(g => g.ActivationId);
        var blocked = await db.Activations
            .Join(db.Licenses, a => a.LicenseId, l => l.Id, (a, l) => new { Activation = a, License = l.State })
            .Where(x => (x.License == LicenseState.Locked && !bridged.Contains(x.Activation.Id)) || x.License == LicenseState.Revoked
                || x.Activation.State == ActivationState.Excluded
                || x.Activation.State == ActivationState.Superseded || Unproven.Contains(x.Activation.ReleasedBy)
                || x.Activation.EndedAt < x.Activation.ReactivatedAt!.Value.AddHours(Activation.HoursOfDoubt)
                || x.Activation.SettledAt != null || lockedComputers.Contains(x.Activation.Id))
            .OrderBy(x => x.Activation.Handle)
            .Select(x => new BlockedActivation(x.Activation.Handle, x.Activation.Generation))
            .ToListAsync(cancellationToken);
        return new Licensing.Files.Blocklist(now.ToUnixTimeSeconds(), now, blocked).Write(keys.For(SignaturePurpose.Blocklist));
    }

    private sealed record Made(string Text, DateTimeOffset At)
    {
        public bool IsFresh(DateTimeOffset now) => now >= At && now - At < CacheDuration;
    }
}
