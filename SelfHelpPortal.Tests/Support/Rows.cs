using System.Globalization;
using Npgsql;

namespace SelfHelpPortal.Tests.Support;

/// <summary>Tells whether anything in a database has changed, whatever it is.</summary>
internal static class Rows
{
    /// <summary>Each table with the number of its rows, and a sum over their contents and the transactions that wrote them.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(PortalFactory portal)
    {
        var lines = new List<string>();
        await using var connection = new NpgsqlConnection(portal.Database.OwnerConnection + ";Pooling=false");
        await connection.OpenAsync();
        var tables = new List<string>();
        await using (var names =
            new NpgsqlCommand(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', "
                    + "'information_schema') ORDER BY 1", connection))
        await using (var reader = await names.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }

        tables.Count.ShouldBeGreaterThan(10);
        foreach (var table in tables)
        {
#pragma warning disable CA2100 // The database's own names, quoted by itself.
            await using var rows = new NpgsqlCommand(
                $"SELECT count(*), coalesce(sum(hashtextextended(t::text || t.xmin::text, 0)), 0)::text FROM {table} t", connection);
#pragma warning restore CA2100
            await using var reader = await rows.ExecuteReaderAsync();
            await reader.ReadAsync();
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{table}: {reader.GetInt64(0)} rows, {reader.GetString(1)}"));
        }

        return lines;
    }
}
