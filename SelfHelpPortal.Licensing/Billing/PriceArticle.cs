namespace SelfHelpPortal.Licensing.Billing;

/// <summary>What a product can be sold beside its licenses. Which article of the price list it is, the product's policies say.</summary>
public enum PriceArticle
{
    /// <summary>The fee of a move away from a dead PC.</summary>
    Fee,

    /// <summary>The renewal of the subscription, which may take the place of the fee.</summary>
    Renewal,

    /// <summary>Other data of the same licensee.</summary>
    DataChange,

    /// <summary>Another company takes the license over.</summary>
    OwnershipTransfer,
}
