using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>The migration HardwareEvidence on a database that an earlier version has filled.</summary>
public class HardwareEvidenceMigrationTests
{
    private const string Before = "20261122000002_Guards";

    [Fact]
    public async Task Stored_policies_are_carried_over_from_components_to_points_and_back()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var db =
            new PortalDbContext(new DbContextOptionsBuilder<PortalDbContext>().UsePortal(database.OwnerConnection).Options);
        var migrator = db.Database.GetService<IMigrator>();
        await migrator.MigrateAsync(Before);
        for (var needed = 1; needed <= 6; needed++)
        {
            var policies = JsonSerializer.SerializeToNode(new ProductPolicies(), PolicyJson.Options)!;
            policies["hardware"] = new JsonObject { ["componentsNeeded"] = needed };
            var (id, stored) = ($"needs-{needed}", policies.ToJsonString());
            await db.Database.ExecuteSqlAsync(
                $"INSERT INTO product (id, name, policy_version, policies) VALUES ({id}, {id}, 1, {stored}::jsonb)");
        }

        await migrator.MigrateAsync();

        var products = await db.Products.AsNoTracking().OrderBy(p => p.Id).ToListAsync();
        products.Select(p => p.Policies.Hardware.Points).ShouldBe([2, 2, 2, 2.5m, 3.5m, 4.5m]);
        products.SelectMany(p => p.Policies.Problems()).ShouldBeEmpty();

        await migrator.MigrateAsync(Before);
        (await db.Database.SqlQuery<int>(
            $"SELECT (policies #>> '{{hardware,componentsNeeded}}')::int AS \"Value\" FROM product ORDER BY id").ToListAsync())
            .ShouldBe([3, 3, 3, 4, 5, 6]);
    }
}
