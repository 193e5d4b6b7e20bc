using Npgsql;

namespace SelfHelpPortal.Tests.Support;

/// <summary>What somebody reads who stole the database: all rows as text, bytes in hex.</summary>
internal static class Dump
{
    public static Task<string> ReadAsync(PostgresFixture postgres, params string[] tables) => ReadAsync(postgres.Source, tables);

    public static async Task<string> ReadAsync(NpgsqlDataSource source, params string[] tables)
    {
        var rows = new List<string>();
        await using var connection = await source.OpenConnectionAsync();
        foreach (var table in tables)
        {
#pragma warning disable CA2100 // The names come from the tests.
            await using var command = new NpgsqlCommand($"SELECT t::text FROM {table} t ORDER BY 1", connection);
#pragma warning restore CA2100
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                rows.Add(reader.GetString(0));
            }
        }

        return string.Join('\n', rows);
    }
}
