using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using SelfHelpPortal.Data;

// "catalog FILE" writes what each migration leaves in an empty database; see KnownSchemas.
return args is ["catalog", var file] ? await CatalogFile.WriteAsync(file) : 0;

/// <summary>What <c>dotnet ef</c> needs to know. The address is never connected to: migrations are made from the model alone.</summary>
internal sealed class DesignTime : IDesignTimeDbContextFactory<PortalDbContext>
{
    public PortalDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PortalDbContext>().UsePortal("Host=localhost;Database=design_time").Options);
}

internal static class CatalogFile
{
    public static async Task<int> WriteAsync(string file)
    {
        using var server =
            LocalPostgres.Start(Path.Combine(Path.GetTempPath(), $"selfhelp-catalog-{Guid.NewGuid():N}"[..30]), temporary: true);
        server.EnsureDatabase("catalog");
        var address = server.OwnerConnection("catalog") + ";Pooling=false";
        await using var context = new PortalDbContext(new DbContextOptionsBuilder<PortalDbContext>().UsePortal(address).Options);
        await using var connection = new NpgsqlConnection(address);
        await connection.OpenAsync();
        List<string> text =
            ["# What each migration changes in the schema, and the hash of the whole after it. Written by migrations/add.sh."];
        List<string> before = [];
        foreach (var migration in context.Database.GetMigrations())
        {
            await context.GetService<IMigrator>().MigrateAsync(migration);
            var content = await SchemaCatalog.ReadAsync(connection, default);
            var after = await SchemaCatalog.ReadLinesAsync(connection, default);
            text.Add($"= {migration} {content.Hash}");
            text.AddRange(before.Except(after).Select(l => "- " + l));
            text.AddRange(after.Except(before).Select(l => "+ " + l));
            before = after;
        }

        await File.WriteAllLinesAsync(file, text);
        return 0;
    }
}
