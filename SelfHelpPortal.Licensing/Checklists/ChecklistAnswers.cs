namespace SelfHelpPortal.Licensing.Checklists;

/// <summary>What one form says: only what it showed is changed by it, however old it is.</summary>
/// <param name="Country">One of <see cref="ChecklistPolicy.Answers"/>; null when it was not asked or answered.</param>
/// <param name="Listed">The items that the form showed.</param>
/// <param name="Done">Those of them that are ticked.</param>
public sealed record ChecklistReply(string? Country, bool? HasBackup, IReadOnlyCollection<string> Listed, IReadOnlyCollection<string> Done);

/// <summary>What somebody has said and ticked so far.</summary>
public sealed record ChecklistAnswers
{
    public static readonly ChecklistAnswers None = new();

    /// <summary>As it was answered; what is known of the license's customer comes first.</summary>
    public string? Country { get; init; }

    public bool? HasBackup { get; init; }

    /// <summary>The ids of the items, in their order; also of those that another answer hides for now.</summary>
    public IReadOnlyList<string> Done { get; init => field = value ?? []; } = [];

    /// <summary>What is none of the product's items is left out.</summary>
    public ChecklistAnswers With(ChecklistReply reply, ChecklistPolicy policy) => new()
    {
        Country = reply.Country is { } country && ChecklistPolicy.Answers.Contains(country) ? country : Country,
        HasBackup = reply.HasBackup ?? HasBackup,
        Done =
        [
            .. Done.Except(reply.Listed).Concat(reply.Listed.Intersect(reply.Done)).Where(policy.Knows).Distinct()
                .Order(StringComparer.Ordinal),
        ],
    };

    public bool Equals(ChecklistAnswers? other) =>
        other is not null && Country == other.Country && HasBackup == other.HasBackup && Done.SequenceEqual(other.Done);

    public override int GetHashCode() => Done.Aggregate(HashCode.Combine(Country, HasBackup), HashCode.Combine);
}

/// <summary>A product's checklist as one person sees it.</summary>
/// <param name="AsksForCountry">Nobody knows it but the reader.</param>
/// <param name="Country">Null while it is unknown.</param>
/// <param name="List">Empty while the country is unknown.</param>
public sealed record ShownChecklist(bool AsksForCountry, string? Country, Checklist List, ChecklistAnswers Answers)
{
    /// <param name="country">Where the license's customer is; null = it is asked.</param>
    public static ShownChecklist Of(ChecklistPolicy policy, string? country, ChecklistAnswers? answers)
    {
        var given = answers ?? ChecklistAnswers.None;
        var where = country ?? given.Country;
        return new ShownChecklist(
            policy.AsksForCountry && country is null, where,
            where is null && policy.AsksForCountry ? new Checklist() : policy.For(where), given);
    }

    /// <summary>There is something to ask or to do.</summary>
    public bool IsShown => AsksForCountry || !List.IsEmpty;

    public IReadOnlyList<ChecklistItem> Items => [.. List.Shown(Answers.HasBackup)];

    /// <summary>Everything is answered and ticked.</summary>
    public bool IsDone => !(AsksForCountry && Country is null) && !(List.AsksForBackup && Answers.HasBackup is null)
        && List.Shown(Answers.HasBackup).All(IsTicked);

    public bool IsTicked(ChecklistItem item) => Answers.Done.Contains(item.Id);
}
