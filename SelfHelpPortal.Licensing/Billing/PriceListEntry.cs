namespace SelfHelpPortal.Licensing.Billing;

/// <summary>What an article of a product costs, for a time. A new price is a new entry; of one in use only the end may change.</summary>
public sealed class PriceListEntry
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string ProductId { get; init; }

    /// <summary><c>TRANSFER-muster-pos</c>; the product's policy says what it is for.</summary>
    public required string Sku { get; init; }

    public required long NetCents { get; init; }

    /// <summary>Months of a subscription; null for a fee.</summary>
    public int? TermMonths { get; init; }

    /// <summary>First day.</summary>
    public required DateOnly ValidFrom { get; init; }

    /// <summary>Last day; null = until further notice.</summary>
    public DateOnly? ValidUntil { get; set; }

    /// <summary>As it stands on the invoice.</summary>
    public required string NameDe { get; init; }

    public required string NameEn { get; init; }

    public Money Net => new(NetCents);

    public string Name(string language) => language == "de" ? NameDe : NameEn;

    /// <summary>Whether a policy may name this article; null is none.</summary>
    public static bool IsSku(string? sku) =>
        sku is null || (sku.Length is >= 1 and <= 60 && !sku.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '/'));
}

/// <summary>A rate of value added tax from a day on, until the next one of the same country and category begins.</summary>
public sealed class VatRate
{
    /// <summary>UNTDID 5305: the standard rate.</summary>
    public const string Standard = "S";

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public required string Country { get; init; }

    /// <summary>UNTDID 5305, such as <see cref="Standard"/>.</summary>
    public required string Category { get; init; }

    public required DateOnly ValidFrom { get; init; }
    public required decimal Percent { get; init; }
}
