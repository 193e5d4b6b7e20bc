namespace SelfHelpPortal.Data;

/// <summary>What a migration leaves in the database.</summary>
/// <param name="Migration">Its id.</param>
/// <param name="Hash">As in <see cref="SchemaContent"/>.</param>
/// <param name="Lines">As of <see cref="SchemaCatalog.ReadLinesAsync"/>.</param>
internal sealed record KnownSchema(string Migration, string Hash, IReadOnlySet<string> Lines);

/// <summary>Every schema that this version can tell, from <c>migrations/catalog.txt</c>, which <c>migrations/add.sh</c> writes.</summary>
/// <remarks>
/// A line <c>= MIGRATION HASH</c> begins what a migration changes: <c>+</c> is what it adds to the lines of the one before, <c>-</c> what
/// it takes away.
/// </remarks>
internal static class KnownSchemas
{
    private static readonly Lazy<KnownSchema[]> Parsed = new(() => [.. Parse(Read("catalog.txt"))]);

    // Until 0.1.0 its two migrations were made anew under the same ids, which therefore do not tell what the database has.
    private static readonly Lazy<HashSet<string>> Unreleased = new(() => [.. Read("before-0.1.0.txt").Where(l => !l.StartsWith('#'))]);

    /// <summary>One for each migration, in their order; the last is what this version works with.</summary>
    public static IReadOnlyList<KnownSchema> All => Parsed.Value;

    /// <summary>Whether a version before 0.1.0 made the schema with this hash.</summary>
    public static bool IsBeforeFirstRelease(string hash) => Unreleased.Value.Contains(hash);

    internal static IEnumerable<KnownSchema> Parse(IEnumerable<string> text)
    {
        var (id, hash) = ("", "");
        HashSet<string> lines = [];
        foreach (var line in text.Where(l => l.Length > 2))
        {
            switch (line[0])
            {
                case '=':
                    if (id.Length > 0)
                    {
                        yield return new(id, hash, new HashSet<string>(lines));
                    }

                    (id, hash) = line.Split(' ') is [_, var i, var h]
                        ? (i, h)
                        : throw new FormatException($"'{line}' is not '= MIGRATION HASH'.");
                    break;
                case '+':
                    lines.Add(line[2..]);
                    break;
                case '-':
                    lines.Remove(line[2..]);
                    break;
            }
        }

        yield return new(id, hash, lines);
    }

    private static IEnumerable<string> Read(string name)
    {
        using var stream = typeof(KnownSchemas).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing in the program; the file is in the folder migrations.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
