namespace SelfHelpPortal.Licensing.Checklists;

/// <summary>
/// What is left to do on the new PC, by the country it stands in: tills have a TSE in Germany and a signature unit in Austria.
/// </summary>
public sealed record ChecklistPolicy
{
    public const string Germany = "DE";
    public const string Austria = "AT";

    /// <summary>What stands for all countries that have no list of their own.</summary>
    public const string OtherCountry = "other";

    /// <summary>What can be answered when somebody is asked for the country.</summary>
    public static readonly IReadOnlyList<string> Answers = [Germany, Austria, OtherCountry];

    public Checklist De { get; init => field = value ?? new Checklist(); } = new();
    public Checklist At { get; init => field = value ?? new Checklist(); } = new();
    public Checklist Other { get; init => field = value ?? new Checklist(); } = new();

    /// <summary>Without it one list holds for all, or none does.</summary>
    public bool AsksForCountry => !De.IsEmpty || !At.IsEmpty;

    public bool IsEmpty => !AsksForCountry && Other.IsEmpty;

    /// <param name="country">Two letters, or <see cref="OtherCountry"/>.</param>
    public Checklist For(string? country) => country switch
    {
        Germany when !De.IsEmpty => De,
        Austria when !At.IsEmpty => At,
        _ => Other,
    };

    /// <summary>What cannot be meant, by the path of the setting.</summary>
    public IEnumerable<BrokenRule> Problems() =>
        De.Problems("checklists.de.items").Concat(At.Problems("checklists.at.items")).Concat(Other.Problems("checklists.other.items"));

    internal bool Knows(string item) => De.Knows(item) || At.Knows(item) || Other.Knows(item);
}

/// <summary>When an item is to be done.</summary>
public enum ChecklistCondition
{
    Always,

    /// <summary>The data of the old PC are still there: they are restored.</summary>
    WithBackup,

    /// <summary>They are lost: everything is set up anew.</summary>
    WithoutBackup,
}

public sealed record ChecklistItem
{
    /// <summary>Stays when the words change, so that what is ticked stays ticked.</summary>
    public required string Id { get; init; }

    public required string TextDe { get; init; }
    public required string TextEn { get; init; }

    /// <summary>The vendor's instructions; null = there are none.</summary>
    public string? Link { get; init; }

    public ChecklistCondition When { get; init; }

    public string Text(string language) => language == "de" ? TextDe : TextEn;
}

/// <summary>Two lists with the same items are equal.</summary>
public sealed record Checklist
{
    // As much as the mail with the new license holds.
    public const int MostItems = 20;
    public const int LongestId = 40;
    public const int LongestText = 300;
    public const int LongestLink = 300;

    public IReadOnlyList<ChecklistItem> Items { get; init => field = value ?? []; } = [];

    public bool IsEmpty => Items.Count == 0;

    public bool AsksForBackup => Items.Any(i => i.When != ChecklistCondition.Always);

    /// <param name="hasBackup">Null while it was not answered.</param>
    public IEnumerable<ChecklistItem> Shown(bool? hasBackup) => Items.Where(i => i.When switch
    {
        ChecklistCondition.Always => true,
        ChecklistCondition.WithBackup => hasBackup == true,
        ChecklistCondition.WithoutBackup => hasBackup == false,
    });

    public bool Equals(Checklist? other) => other is not null && Items.SequenceEqual(other.Items);

    public override int GetHashCode() => Items.Aggregate(0, HashCode.Combine);

    internal bool Knows(string item) => Items.Any(i => i.Id == item);

    internal IEnumerable<BrokenRule> Problems(string path)
    {
        if (Items.Count > MostItems)
        {
            yield return new BrokenRule(path, $"Höchstens {MostItems} Punkte.", $"At most {MostItems} items.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (place, item) in Items.Index())
        {
            var here = $"{path}.{place}";
            if (item is null)
            {
                yield return new BrokenRule(here, "Dieser Punkt ist leer.", "This item is empty.");
                continue;
            }

            if (!IsId(item.Id) || !seen.Add(item.Id))
            {
                yield return new BrokenRule($"{here}.id", "1 bis 40 Kleinbuchstaben, Ziffern und Bindestriche, in jeder Liste nur einmal.",
                    "1 to 40 lowercase letters, digits and hyphens, only once in a list.");
            }

            foreach (var (name, text) in new[] { ("textDe", item.TextDe), ("textEn", item.TextEn) })
            {
                if (string.IsNullOrWhiteSpace(text) || text.Length > LongestText)
                {
                    yield return new BrokenRule($"{here}.{name}", $"Geben Sie 1 bis {LongestText} Zeichen ein.",
                        $"Enter 1 to {LongestText} characters.");
                }
            }

            if (item.Link is { Length: > LongestLink } || !WebAddress.IsHttpsOrNone(item.Link))
            {
                yield return WebAddress.Broken($"{here}.link");
            }
        }
    }

    private static bool IsId(string? id) =>
        id is { Length: >= 1 and <= LongestId } && id.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-');
}
