using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Products;

/// <summary>
/// The products with their policies. They are few and change rarely, and every check-in needs one, so each node keeps them for
/// a few seconds: that long an old policy may still be applied after a change on another node. A product that was made there is found at
/// once by whoever holds one of its licenses.
/// </summary>
internal sealed class ProductCatalog(IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    private static readonly TimeSpan CacheDuration = TimeSpan.FromSeconds(5);

    private volatile Loaded? _loaded;
    private int _changes;

    public async ValueTask<Product?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await AllAsync(cancellationToken)).GetValueOrDefault(id);

    public async ValueTask<Product> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is { } known)
        {
            return known;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await GetAsync(db, id, cancellationToken);
    }

    /// <summary>
    /// For who has a transaction open: on its own connection. Acts that wait for one license hold a connection each; if the one they wait
    /// for needed a second, there might be none left.
    /// </summary>
    public async ValueTask<Product> GetAsync(PortalDbContext db, string id, CancellationToken cancellationToken) =>
        Fresh()?.GetValueOrDefault(id)
        ?? (await LoadAsync(db, cancellationToken)).GetValueOrDefault(id)
        ?? throw new InvalidOperationException($"Product {id} was not found, although a license belongs to it; run check data.");

    public async ValueTask<IReadOnlyDictionary<string, Product>> AllAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } products)
        {
            return products;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await LoadAsync(db, cancellationToken);
    }

    /// <summary>To be called after a change on this node. What is being read at this moment may be older and is not kept either.</summary>
    public void Forget() => Interlocked.Increment(ref _changes);

    private FrozenDictionary<string, Product>? Fresh() =>
        _loaded is { } loaded && loaded.Changes == Volatile.Read(ref _changes) && time.GetElapsedTime(loaded.At) < CacheDuration
            ? loaded.Products
            : null;

    private async Task<FrozenDictionary<string, Product>> LoadAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        var (changes, now) = (Volatile.Read(ref _changes), time.GetTimestamp());
        var products = (await db.Products.AsNoTracking().ToListAsync(cancellationToken)).ToFrozenDictionary(p => p.Id);
        _loaded = new Loaded(products, changes, now);
        return products;
    }

    private sealed record Loaded(FrozenDictionary<string, Product> Products, int Changes, long At);
}
