using Npgsql;

namespace SelfHelpPortal.Data;

/// <summary>
/// What a database has: the migrations in its history, and a hash of the tables, indexes, triggers and so on that are really there.
/// </summary>
/// <param name="Applied">Ids of the applied migrations in their order; empty where there is no history.</param>
/// <param name="Hash">SHA-256 over the lines of <see cref="SchemaCatalog.ReadLinesAsync"/>, as hex digits.</param>
internal sealed record SchemaContent(IReadOnlyList<string> Applied, string Hash);

/// <summary>
/// Reads the schema that a database really has, as text that is the same on every version of PostgreSQL from 15 on, before and after a
/// dump.
/// </summary>
/// <remarks>
/// Each line begins with a kind and a name: <c>column license.serial character varying(60) not null</c>. Owners, rights, comments, storage
/// parameters and what extensions brought along are no part of it. An expression is described without its casts, brackets and commas, which
/// PostgreSQL writes differently once it has been dumped and restored. The schema is the one with the history of migrations, else the first
/// of the search path.
/// </remarks>
internal static class SchemaCatalog
{
    private const string Lines =
        """
        place AS (
            SELECT coalesce(
                (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('"__EFMigrationsHistory"')),
                (SELECT oid FROM pg_namespace WHERE nspname = current_schema())) AS id),
        relation AS (
            SELECT c.* FROM pg_class c JOIN place ON place.id = c.relnamespace
            WHERE c.relname <> '__EFMigrationsHistory'
                AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')),
        base AS (SELECT oid, relname, relpersistence, relrowsecurity FROM relation WHERE relkind IN ('r', 'p')),
        description AS (
            SELECT 'table' AS kind, relname::text AS name, concat_ws(' ',
                CASE relpersistence WHEN 'u' THEN 'unlogged' END, CASE WHEN relrowsecurity THEN 'row security' END) AS detail,
                '' AS expression
            FROM base
            UNION ALL
            SELECT 'column', base.relname || '.' || a.attname, concat_ws(' ',
                format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END,
                'identity ' || nullif(a.attidentity::text, ''),
                'generated ' || nullif(a.attgenerated::text, ''), 'collate ' || l.collname), pg_get_expr(f.adbin, f.adrelid)
            FROM base JOIN pg_attribute a ON a.attrelid = base.oid AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
            LEFT JOIN pg_collation l ON l.oid = a.attcollation AND l.collname <> 'default'
            UNION ALL
            SELECT 'index', base.relname || '.' || c.relname,
                concat_ws(' ', CASE WHEN i.indisunique THEN 'unique' END, CASE WHEN NOT i.indisvalid THEN 'invalid' END),
                substring(pg_get_indexdef(i.indexrelid) FROM ' USING (.*)$')
            FROM base JOIN pg_index i ON i.indrelid = base.oid JOIN pg_class c ON c.oid = i.indexrelid
            UNION ALL
            SELECT 'constraint', base.relname || '.' || o.conname, CASE WHEN NOT o.convalidated THEN 'not valid' END,
                pg_get_constraintdef(o.oid, true)
            -- The null constraints that PostgreSQL 18 has are said by the columns.
            FROM base JOIN pg_constraint o ON o.conrelid = base.oid AND o.contype <> 'n'
            UNION ALL
            SELECT 'trigger', base.relname || '.' || t.tgname,
                CASE t.tgenabled WHEN 'O' THEN NULL WHEN 'D' THEN 'disabled' ELSE 'in replication' END,
                substring(pg_get_triggerdef(t.oid, true) FROM ' TRIGGER \S+ (.*)$')
            FROM base JOIN pg_trigger t ON t.tgrelid = base.oid AND NOT t.tgisinternal
            UNION ALL
            SELECT 'function', p.proname::text, concat_ws(' ',
                nullif(pg_get_function_identity_arguments(p.oid), ''), 'returns', format_type(p.prorettype, NULL), l.lanname, p.provolatile,
                p.proparallel, CASE WHEN p.proisstrict THEN 'strict' END, CASE WHEN p.prosecdef THEN 'definer' END, p.proconfig::text,
                CASE WHEN p.prosqlbody IS NULL THEN
                    left(encode(sha256(convert_to(regexp_replace(p.prosrc, '\s+', ' ', 'g'), 'UTF8')), 'hex'), 16) END),
                pg_get_function_sqlbody(p.oid)
            FROM pg_proc p JOIN place ON place.id = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
            WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
            UNION ALL
            SELECT 'sequence', r.relname,
                concat_ws(' ', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, CASE WHEN s.seqcycle THEN 'cycle' END), ''
            FROM relation r JOIN pg_sequence s ON s.seqrelid = r.oid),
        plain AS (
            SELECT kind, name, detail,
                trim(regexp_replace(regexp_replace(expression, '::[a-z ]+', ' ', 'g'), '[][()\s,]+', ' ', 'g')) AS expression
            FROM description),
        line AS (
            SELECT concat_ws(' ', kind, name, nullif(detail, ''), nullif(expression, '')) AS text FROM plain)
        """;

    /// <summary>Both belong to the same moment: nobody migrates while the history is read.</summary>
    public static async Task<SchemaContent> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // A migration holds the history alone until it is done, and with this transaction it waits until both have been read.
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        List<string> applied = [];
        if (await ReadColumnAsync(connection, "SELECT 'yes' WHERE to_regclass('\"__EFMigrationsHistory\"') IS NOT NULL", cancellation)
            is [_])
        {
            applied = await ReadColumnAsync(
                connection, """SELECT "MigrationId" FROM "__EFMigrationsHistory" ORDER BY "MigrationId" COLLATE "C" """, cancellation);
        }

        var hash = await ReadColumnAsync(
            connection,
            $"""
            WITH {Lines}
            SELECT encode(sha256(convert_to(coalesce(string_agg(text, E'\n' ORDER BY text COLLATE "C"), ''), 'UTF8')), 'hex') FROM line
            """,
            cancellation);
        await transaction.CommitAsync(cancellation);
        return new(applied, hash[0]);
    }

    /// <summary>One line for each table, column, index, constraint, trigger, function and sequence, in ordinal order.</summary>
    public static Task<List<string>> ReadLinesAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        ReadColumnAsync(connection, $"WITH {Lines} SELECT text FROM line ORDER BY text COLLATE \"C\"", cancellation);

    private static async Task<List<string>> ReadColumnAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // The texts stand in this class.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        List<string> values = [];
        while (await reader.ReadAsync(cancellation))
        {
            values.Add(reader.GetString(0));
        }

        return values;
    }
}
