using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Licensing.Ownership;

/// <summary>
/// A product's rule for changed data of the licensee, and for licenses that another company takes over. Prices stand in the price list
/// under the SKUs; an article without a price costs nothing.
/// </summary>
public sealed record OwnershipPolicy
{
    /// <summary>Whether customers can ask for it in the portal.</summary>
    public bool IsOffered { get; init; }

    /// <summary>Article of changed data; null = free of charge.</summary>
    public string? DataChangeSku { get; init; }

    /// <summary>Article of a takeover; null = free of charge.</summary>
    public string? TransferSku { get; init; }

    /// <summary>Changed data need a document, such as an extract from the register.</summary>
    public bool DataChangeNeedsDocument { get; init; }

    /// <summary>A takeover needs a document, such as the contract.</summary>
    public bool TransferNeedsDocument { get; init; } = true;

    public bool NeedsDocument(OwnerChangeKind kind) => kind switch
    {
        OwnerChangeKind.Data => DataChangeNeedsDocument,
        OwnerChangeKind.Takeover => TransferNeedsDocument,
    };

    public string? SkuOf(OwnerChangeKind kind) => kind switch
    {
        OwnerChangeKind.Data => DataChangeSku,
        OwnerChangeKind.Takeover => TransferSku,
    };

    /// <summary>What cannot be meant, by the path of the setting.</summary>
    public IEnumerable<BrokenRule> Problems()
    {
        (string Path, string? Sku)[] articles = [("ownership.dataChangeSku", DataChangeSku), ("ownership.transferSku", TransferSku)];
        foreach (var (path, sku) in articles.Where(a => !PriceListEntry.IsSku(a.Sku)))
        {
            yield return new BrokenRule(
                path, "Höchstens 60 Zeichen, ohne Leerzeichen und Schrägstrich.", "At most 60 characters, without spaces and slashes.");
        }

        if (DataChangeSku is not null && DataChangeSku == TransferSku)
        {
            yield return new BrokenRule(
                "ownership.transferSku", "Die Übernahme muss ein anderer Artikel sein als die Datenänderung.",
                "The takeover must be another article than the change of data.");
        }
    }
}
