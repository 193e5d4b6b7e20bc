using Npgsql;

namespace SelfHelpPortal.Data;

internal enum SchemaState
{
    Current,

    /// <summary>What an earlier version left, or an empty database: <c>migrate</c> mends it.</summary>
    Behind,

    /// <summary>Migrated by a later version, which lets this one go on until its node is replaced too.</summary>
    Later,

    /// <summary>Migrated by a later version with which this one cannot work.</summary>
    Ahead,

    /// <summary>The history of migrations says something else than what is there.</summary>
    Altered,

    /// <summary>Made before 0.1.0, whose migrations were frozen; there is no way from there.</summary>
    BeforeFirstRelease,
}

/// <param name="State">What the schema is.</param>
/// <param name="Pending">Ids of the migrations that are missing; only when it is behind.</param>
/// <param name="Complaint">The sentence that stands against a start and says what to do; null when the schema is current.</param>
internal sealed record SchemaVerdict(SchemaState State, IReadOnlyList<string> Pending, string? Complaint);

/// <summary>Recognizes a schema by its content and not by what its history of migrations says alone.</summary>
/// <remarks>
/// What others have put beside it is left alone: tables, functions and sequences that the portal does not know, and indexes that only make
/// faster.
/// </remarks>
internal static class SchemaCheck
{
    private const int MostNamed = 5;

    public static async Task<SchemaVerdict> LookAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        SchemaContent content;
        try
        {
            content = await SchemaCatalog.ReadAsync(connection, cancellation);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // Somebody else has made the tables: another node at this moment, or the script for administrators.
            return new(
                SchemaState.Behind, [],
                $"The role {connection.UserName} has no rights in the database's schema yet. Run the command 'migrate', which gives them.");
        }

        var known = KnownSchemas.All;
        string[] ids = [.. known.Select(k => k.Migration)];
        if (content.Applied.Except(ids).ToArray() is [_, ..] later)
        {
            return await OldestSupportedAsync(connection, cancellation) is { } oldest && ids.Contains(oldest)
                ? new(SchemaState.Later, [], null)
                : new(
                    SchemaState.Ahead, [],
                    $"A later version of the portal has migrated the database ({Named(later)}). Install that version or a later one; "
                    + "a schema never goes back.");
        }

        var last = content.Applied.Count - 1;
        if (!content.Applied.SequenceEqual(ids.Take(last + 1)))
        {
            string[] lacks = [.. ids.TakeWhile(i => i != content.Applied[last]).Except(content.Applied)];
            return Altered($"The history of migrations ends with {content.Applied[last]} and lacks {Named(lacks)}.");
        }

        if (last < 0)
        {
            var actual = await SchemaCatalog.ReadLinesAsync(connection, cancellation);
            var tables = known[^1].Lines.Where(l => l.StartsWith("table ", StringComparison.Ordinal)).Intersect(actual);
            return tables.ToArray() is [_, ..] there
                ? Altered($"The database has no history of migrations, and yet tables of the portal ({Named(there)}).")
                : Behind(ids);
        }

        if (content.Hash != known[last].Hash
            && Differences(known[last].Lines, await SchemaCatalog.ReadLinesAsync(connection, cancellation)) is { } differences)
        {
            return KnownSchemas.IsBeforeFirstRelease(content.Hash)
                ? new(
                    SchemaState.BeforeFirstRelease, [],
                    "A version before 0.1.0 made the database, and no release carries that over. Restore a backup of 0.1.0 or later, "
                    + "or begin with an empty database.")
                : Altered($"The database's schema is not what its last migration {ids[last]} makes: {differences}.");
        }

        return last == ids.Length - 1 ? new(SchemaState.Current, [], null) : Behind(ids[(last + 1)..]);
    }

    /// <summary>
    /// The migration that a program must know to work on the schema, as the migrations themselves say; null where none has said it.
    /// </summary>
    private static async Task<string?> OldestSupportedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var known = new NpgsqlCommand("SELECT to_regclass('schema_support') IS NOT NULL", connection);
        if (await known.ExecuteScalarAsync(cancellation) is not true)
        {
            return null;
        }

        await using var oldest = new NpgsqlCommand("SELECT oldest_migration FROM schema_support", connection);
        return await oldest.ExecuteScalarAsync(cancellation) as string;
    }

    private static SchemaVerdict Behind(string[] pending) => new(
        SchemaState.Behind, pending,
        $"The database's schema is behind by {pending.Length} ({string.Join(", ", pending)}). "
        + "Run the command 'migrate' first, or set Database:MigrateOnStart.");

    private static SchemaVerdict Altered(string sentence) =>
        new(SchemaState.Altered, [], sentence + " Undo what was changed by hand, or restore a backup.");

    /// <summary>
    /// "missing table x, column y.z; changed trigger u.v; not the portal's: index y.w"; null when there is nothing that counts.
    /// </summary>
    private static string? Differences(IReadOnlySet<string> expected, List<string> actual)
    {
        // Also those of later migrations: what one of them has made is there, whatever the history says.
        var owners = KnownSchemas.All.SelectMany(k => k.Lines).Select(Owner).ToHashSet();
        var lost = expected.Except(actual).Select(Name).ToHashSet();
        var added = actual.Where(l => !expected.Contains(l) && owners.Contains(Owner(l)) && !MakesOnlyFaster(l))
            .Select(Name).ToHashSet();
        string[] changed = [.. lost.Intersect(added)];
        // With a table goes all that is on it.
        string[] missing = [.. lost.Except(changed).Where(n => n == Owner(n) || !lost.Contains(Owner(n)))];
        string[] foreign = [.. added.Except(changed)];
        (string What, string[] Names)[] parts = [("missing ", missing), ("changed ", changed), ("not the portal's: ", foreign)];
        var text = string.Join("; ", parts.Where(p => p.Names.Length > 0).Select(p => p.What + Named(p.Names)));
        return text.Length > 0 ? text : null;
    }

    /// <summary>Kind and name: <c>column license.serial</c>.</summary>
    private static string Name(string line) => string.Join(' ', line.Split(' ', 3)[..2]);

    /// <summary>
    /// The table that the object of a line belongs to, or the object itself where it belongs to none: <c>table license</c>.
    /// </summary>
    private static string Owner(string line) => line.Split(' ') is ["function" or "sequence", ..]
        ? Name(line)
        : $"table {line.Split(' ')[1].Split('.')[0]}";

    private static bool MakesOnlyFaster(string line) => line.Split(' ') is ["index", _, not "unique", ..];

    private static string Named(string[] names)
    {
        var sorted = names.Order(StringComparer.Ordinal).ToArray();
        return string.Join(", ", sorted.Take(MostNamed)) + (sorted.Length > MostNamed ? $" and {sorted.Length - MostNamed} more" : "");
    }
}
