using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Features.Common;

/// <summary>
/// The products with their policies. They are few and change rarely, and every check-in needs one, so each node keeps them for
/// a few seconds: that long an old policy may still be applied after a change on another node.
/// </summary>
internal sealed class ProductCatalog(IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);

    private volatile Loaded? _loaded;

    public async ValueTask<Product?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await AllAsync(cancellationToken)).GetValueOrDefault(id);

    public async ValueTask<Product> GetAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) ?? throw new InvalidOperationException($"The product {id} of a license does not exist.");

    public async ValueTask<IReadOnlyDictionary<string, Product>> AllAsync(CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        if (_loaded is { } loaded && time.GetElapsedTime(loaded.At, now) < KeptFor)
        {
            return loaded.Products;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var products = (await db.Products.AsNoTracking().ToListAsync(cancellationToken)).ToFrozenDictionary(p => p.Id);
        _loaded = new Loaded(products, now);
        return products;
    }

    /// <summary>To be called after a change on this node.</summary>
    public void Forget() => _loaded = null;

    private sealed record Loaded(FrozenDictionary<string, Product> Products, long At);
}
