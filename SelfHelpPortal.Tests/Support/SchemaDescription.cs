using System.Text.RegularExpressions;
using Npgsql;

namespace SelfHelpPortal.Tests.Support;

/// <summary>A schema as text, for comparing two of them.</summary>
internal static partial class SchemaDescription
{
    /// <summary>One line for each column, index, constraint, trigger, function and table option. Indentation of functions does not count.</summary>
    public static async Task<string[]> OfAsync(TestDatabase database)
    {
        await using var connection = new NpgsqlConnection(database.OwnerConnection + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            SELECT concat_ws(' ', 'column', table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, identity_generation)
                FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT 'function ' || regexp_replace(pg_get_functiondef(p.oid), '\s+', ' ', 'g') FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
                AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
            UNION ALL SELECT concat_ws(' ', 'table', relname, relkind, reloptions::text) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S')
            UNION ALL SELECT 'extension ' || extname FROM pg_extension
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync();
        List<string> lines = [];
        while (await reader.ReadAsync())
        {
            lines.Add(Normalize(reader.GetString(0)));
        }

        return [.. lines.Order(StringComparer.Ordinal)];
    }

    /// <summary>PostgreSQL writes the casts of an expression differently once it has been dumped and restored; they do not change what it means.</summary>
    private static string Normalize(string line) =>
        line.StartsWith("index", StringComparison.Ordinal) || line.StartsWith("constraint", StringComparison.Ordinal) ? Casts().Replace(line, "") : line;

    [GeneratedRegex(@"::(character varying|text)|\[\]|[()]")]
    private static partial Regex Casts();
}
