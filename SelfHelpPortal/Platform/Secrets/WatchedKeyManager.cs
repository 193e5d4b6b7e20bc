using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Secrets;

/// <summary>
/// Data Protection reads its ring once a day and notices only its own changes. This key manager also drops the ring when another process
/// (a node, the command line) added a key or a revocation, so that <c>keys revoke-protection</c> signs people out within a minute
/// everywhere.
/// </summary>
internal sealed class WatchedKeyManager(XmlKeyManager inner) : IKeyManager, IDisposable
{
    private CancellationTokenSource _changed = new();
    private CancellationTokenSource? _linked;

    /// <summary>
    /// Whether the certificate is that of another database: the first key of a ring is the database's own, and it does not open.
    /// </summary>
    public bool IsForeign() => inner.GetAllKeys().MinBy(k => k.CreationDate) is { } first && !KeyRingWatch.Opens(first);

    /// <summary>
    /// Data Protection asks for one whenever it has none that opens, also to read. With a foreign certificate nobody else could open it,
    /// and what it seals would be lost.
    /// </summary>
    /// <exception cref="CryptographicException">The ring was made with another certificate.</exception>
    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) => IsForeign()
        ? throw new CryptographicException(
            $"The Data Protection ring was made with another certificate than {ProtectionCertificate.FileName}. Restore that one.")
        : inner.CreateNewKey(activationDate, expirationDate);

    public IReadOnlyCollection<IKey> GetAllKeys() => inner.GetAllKeys();

    public CancellationToken GetCacheExpirationToken()
    {
        var linked = CancellationTokenSource.CreateLinkedTokenSource(inner.GetCacheExpirationToken(), _changed.Token);
        Interlocked.Exchange(ref _linked, linked)?.Dispose();
        return linked.Token;
    }

    public void RevokeKey(Guid keyId, string? reason = null) => inner.RevokeKey(keyId, reason);

    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) => inner.RevokeAllKeys(revocationDate, reason);

    /// <summary>The ring in the database is another one than before: read it again at the next use.</summary>
    public void Changed()
    {
        // The old source is left to the collector: a reader may be linking to it at this moment.
        Interlocked.Exchange(ref _changed, new CancellationTokenSource()).Cancel();
    }

    public void Dispose()
    {
        _changed.Dispose();
        _linked?.Dispose();
    }
}

/// <summary>Looks once a minute whether the ring in the database grew.</summary>
internal sealed partial class KeyRingWatch(
    IDbContextFactory<PortalDbContext> contexts,
    WatchedKeyManager keys,
    IDataProtectionProvider provider,
    TimeProvider time,
    ILogger<KeyRingWatch> logger) : BackgroundService
{
    private int _seen = -1;
    private volatile bool _unreadable;

    /// <summary>A key of the ring does not open with the certificate of this node, so stored secrets cannot be read.</summary>
    public bool Unreadable => _unreadable;

    /// <summary>Looks now. True if the ring is another one than at the look before.</summary>
    public async Task<bool> LookAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var last = await db.Set<DataProtectionKey>().MaxAsync(k => (int?)k.Id, cancel) ?? 0;
        var before = Interlocked.Exchange(ref _seen, last);
        if (before == last)
        {
            return false;
        }

        keys.Changed();
        var closed = keys.GetAllKeys().Count(k => !Opens(k));
        _unreadable = closed > 0;
        if (_unreadable)
        {
            RingClosed(logger, closed, ProtectionCertificate.FileName);
        }

        // The platform answers with the old ring while it reads the new one, so the reading begins now and not with somebody's cookie. With
        // a foreign certificate there is nothing to read it with.
        if (!keys.IsForeign())
        {
            provider.CreateProtector("lshp/ring-watch/v1").Protect([]);
        }

        return true;
    }

    internal static bool Opens(IKey key)
    {
        try
        {
            return key.CreateEncryptor() is not null;
        }
        catch (Exception e) when (e is CryptographicException or InvalidOperationException)
        {
            return false;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (
                e is System.Data.Common.DbException or InvalidOperationException or TimeoutException or CryptographicException)
            {
                LookFailed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(5102, LogLevel.Error,
        "{Count} keys of the Data Protection ring do not open with {File}: it is not the certificate they were made with. Restore that "
            + "one beside it")]
    private static partial void RingClosed(ILogger logger, int count, string file);

    [LoggerMessage(5101, LogLevel.Warning, "The Data Protection ring could not be looked at; trying again in a minute")]
    private static partial void LookFailed(ILogger logger, Exception reason);
}
