using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features;

/// <summary>What a node keeps of the products is a few seconds old, which nobody may take for a product that is not there.</summary>
public class ProductCatalogTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task A_product_that_another_node_has_made_is_found_at_once()
    {
        foreach (var withOwnConnection in (bool[])[true, false])
        {
            var here = Node();
            await here.AllAsync(default);
            var id = await AddAsync("A");

            await using var db = portal.Open();
            var found = withOwnConnection ? await here.GetAsync(id, default) : await here.GetAsync(db, id, default);

            found.Id.ShouldBe(id);
            (await here.FindAsync(id, default)).ShouldNotBeNull("kept from now on");
        }
    }

    [Fact]
    public async Task A_product_that_is_nowhere_is_named()
    {
        var refusal = await Should.ThrowAsync<InvalidOperationException>(async () => await Node().GetAsync("nowhere", default));

        refusal.Message.ShouldContain("nowhere");
    }

    [Fact]
    public async Task What_was_read_before_a_change_is_not_kept_after_it()
    {
        var here = Node();
        var id = await AddAsync("old");
        var answer = new HeldAnswer();
        var options = new DbContextOptionsBuilder<PortalDbContext>().UsePortal(portal.Services.GetRequiredService<NpgsqlDataSource>());
        await using var slow = new PortalDbContext(options.AddInterceptors(answer).Options);
        var reading = here.GetAsync(slow, id, default).AsTask();
        await answer.IsHere.WaitAsync(WaitLimits.Wait);

        await using (var db = portal.Open())
        {
            (await db.Products.SingleAsync(p => p.Id == id)).Name = "new";
            await db.SaveChangesAsync();
        }

        here.Forget();
        answer.Release();

        (await reading).Name.ShouldBe("old");
        (await here.GetAsync(id, default)).Name.ShouldBe("new");
    }

    /// <summary>The clock of the tests stands, so what it knows stays new.</summary>
    private ProductCatalog Node() => ActivatorUtilities.CreateInstance<ProductCatalog>(portal.Services);

    private async Task<string> AddAsync(string name)
    {
        await using var db = portal.Open();
        var product = Product.Create($"made-{Guid.NewGuid():N}", name, new ProductPolicies());
        db.Add(product);
        await db.SaveChangesAsync();
        return product.Id;
    }

    /// <summary>Keeps back the first answer of the database.</summary>
    private sealed class HeldAnswer : DbCommandInterceptor
    {
        private readonly TaskCompletionSource _here = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsHere => _here.Task;

        public void Release() => _released.SetResult();

        public override async ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            _here.TrySetResult();
            await _released.Task.WaitAsync(WaitLimits.Wait, cancellationToken);
            return result;
        }
    }
}
