using System.Diagnostics.CodeAnalysis;

namespace SelfHelpPortal.Licensing.Billing;

/// <summary>Why no tax case is decided, in order of precedence.</summary>
public enum TaxRefusal
{
    /// <summary>The rules here are those of sellers in Germany.</summary>
    SellerAbroad,

    /// <summary>The buyer's country is none.</summary>
    UnknownCountry,

    /// <summary>
    /// A consumer or a small business's buyer outside Germany, or a VAT id of another country than the buyer's: the portal does not decide
    /// this.
    /// </summary>
    StaffDecide,

    /// <summary>The address may lie in a territory that has another tax than its country (<see cref="VatTerritories"/>).</summary>
    TerritoryUnclear,

    /// <summary>The periods of several renewals end under different rates, and an invoice has one.</summary>
    SeveralRates,

    /// <summary>Reverse charge shows the seller's VAT id, and there is none.</summary>
    SellerVatIdMissing,

    /// <summary>An invoice to a third country shows no VAT id, so that the seller needs a register entry or another number.</summary>
    SellerNumberMissing,
}

/// <summary>What to do with consumers in other EU states. There is no one-stop-shop.</summary>
public enum EuConsumers
{
    StaffDecide,

    /// <summary>German tax, as long as sales to them stay below the threshold of § 3a(5) UStG.</summary>
    DomesticVat,
}

/// <param name="Country">ISO 3166-1.</param>
/// <param name="SmallBusiness">§ 19 UStG.</param>
/// <param name="HasVatId">BT-31.</param>
/// <param name="HasOtherNumber">BT-29 or BT-30.</param>
public sealed record TaxSeller(string Country, bool SmallBusiness, bool HasVatId, bool HasOtherNumber)
{
    public static TaxSeller From(InvoiceSeller seller, bool smallBusiness) =>
        new(seller.Country, smallBusiness, seller.VatId is not null, (seller.Register ?? seller.SellerId) is not null);
}

/// <param name="Country">ISO 3166-1.</param>
/// <param name="IsBusiness">A company's name is given.</param>
/// <param name="VatId">Null when the buyer gave none.</param>
/// <param name="PostalCode">Null while no address is known.</param>
public sealed record TaxBuyer(string Country, bool IsBusiness, VatIdCheck? VatId = null, string? PostalCode = null, string? City = null);

/// <summary>Under which tax case a sale falls. Decided once, stored with its evidence and never computed again.</summary>
public sealed record TaxDecision
{
    private TaxDecision(VatTreatment? treatment, TaxRefusal? refused) => (Treatment, Refused) = (treatment, refused);

    public VatTreatment? Treatment { get; }

    public TaxRefusal? Refused { get; }

    [MemberNotNullWhen(true, nameof(Treatment))]
    [MemberNotNullWhen(false, nameof(Refused))]
    public bool IsDecided => Treatment is not null;

    /// <param name="rate">Percent, the German rate of the day of service, of a period its last (§ 27(1) UStG).</param>
    /// <param name="language">Of the invoice: <c>de</c> or <c>en</c>.</param>
    public static TaxDecision For(TaxSeller seller, TaxBuyer buyer, EuConsumers euConsumers, decimal rate, string language)
    {
        var place = VatTerritories.Find(buyer.Country, buyer.PostalCode, buyer.City);
        var inGermany = place.Territory == VatTerritory.Germany;
        var inEu = place.Territory == VatTerritory.EuropeanUnion;
        return (seller, buyer) switch
        {
            ({ Country: not Countries.Germany }, _) => TaxRefusal.SellerAbroad,
            _ when !Countries.All.Contains(buyer.Country) => TaxRefusal.UnknownCountry,
            _ when place.Territory == VatTerritory.Unclear => TaxRefusal.TerritoryUnclear,
            ({ SmallBusiness: true }, _) => inGermany ? SmallBusiness() : TaxRefusal.StaffDecide,
            _ when inGermany => Domestic(rate),
            (_, { IsBusiness: false }) => inEu && euConsumers == EuConsumers.DomesticVat ? Domestic(rate) : TaxRefusal.StaffDecide,
            _ when !inEu => seller.HasOtherNumber ? ThirdCountry(language) : TaxRefusal.SellerNumberMissing,
            (_, { VatId: not { Result: VatIdResult.Valid } }) => Domestic(rate),
            _ when VatIds.CountryOf(buyer.VatId!.VatId) != place.Country => TaxRefusal.StaffDecide,
            _ => seller.HasVatId ? ReverseCharge() : TaxRefusal.SellerVatIdMissing,
        };
    }

    public static implicit operator TaxDecision(VatTreatment treatment) => new(treatment, null);

    public static implicit operator TaxDecision(TaxRefusal refused) => new(null, refused);

    private static TaxDecision Domestic(decimal rate) => new VatTreatment(VatCase.Domestic, "S", rate, null, null);

    private static TaxDecision ReverseCharge() => new VatTreatment(VatCase.ReverseCharge, "AE", 0, "VATEX-EU-AE", LegalTexts.ReverseCharge);

    private static TaxDecision ThirdCountry(string language) =>
        new VatTreatment(VatCase.ThirdCountry, "O", 0, "VATEX-EU-O", LegalTexts.ThirdCountry(language));

    private static TaxDecision SmallBusiness() => new VatTreatment(VatCase.SmallBusiness, "E", 0, null, LegalTexts.SmallBusiness);
}
