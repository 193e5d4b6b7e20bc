using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing.Billing;

public class TaxDecisionTests
{
    internal static readonly TaxSeller Seller = new("DE", SmallBusiness: false, HasVatId: true, HasOtherNumber: true);

    [Theory]
    [InlineData("DE", true, VatIdResult.Valid, VatCase.Domestic)]
    [InlineData("DE", true, null, VatCase.Domestic)]
    [InlineData("DE", false, null, VatCase.Domestic)]
    [InlineData("AT", true, VatIdResult.Valid, VatCase.ReverseCharge)]
    [InlineData("AT", true, VatIdResult.FormatOnly, VatCase.Domestic)]
    [InlineData("AT", true, VatIdResult.NotChecked, VatCase.Domestic)]
    [InlineData("AT", true, VatIdResult.Invalid, VatCase.Domestic)]
    [InlineData("AT", true, null, VatCase.Domestic)]
    [InlineData("GR", true, VatIdResult.Valid, VatCase.ReverseCharge)] // its VAT ids begin with EL
    [InlineData("CH", true, null, VatCase.ThirdCountry)]
    [InlineData("CH", true, VatIdResult.Valid, VatCase.ThirdCountry)]
    [InlineData("GB", true, null, VatCase.ThirdCountry)]
    [InlineData("NO", true, null, VatCase.ThirdCountry)]
    public void The_case_follows_from_country_business_and_confirmed_id(
        string country, bool business, VatIdResult? check, VatCase expected) =>
        Decide(country, business, check).Treatment!.Case.ShouldBe(expected);

    [Theory]
    [InlineData("AT", EuConsumers.StaffDecide, TaxRefusal.StaffDecide)]
    [InlineData("AT", EuConsumers.DomesticVat, null)]
    [InlineData("CH", EuConsumers.StaffDecide, TaxRefusal.StaffDecide)]
    [InlineData("CH", EuConsumers.DomesticVat, TaxRefusal.StaffDecide)]
    public void Consumers_abroad_are_for_staff_unless_the_vendor_said_otherwise(
        string country, EuConsumers consumers, TaxRefusal? refused) =>
        TaxDecision.For(Seller, new TaxBuyer(country, IsBusiness: false), consumers, 19, "de").Refused.ShouldBe(refused);

    [Fact]
    public void A_small_business_shows_no_tax_at_home_and_asks_staff_abroad()
    {
        var small = Seller with { SmallBusiness = true, HasVatId = false };

        TaxDecision.For(small, new TaxBuyer("DE", true), default, 19, "de").Treatment
            .ShouldBe(new VatTreatment(VatCase.SmallBusiness, "E", 0, null, "Steuerfreier Umsatz nach § 19 UStG (Kleinunternehmer)"));
        TaxDecision.For(small, new TaxBuyer("AT", true, Confirmed("AT")), EuConsumers.DomesticVat, 19,
            "de").Refused.ShouldBe(TaxRefusal.StaffDecide);
        TaxDecision.For(small, new TaxBuyer("CH", true), default, 19, "de").Refused.ShouldBe(TaxRefusal.StaffDecide);
    }

    [Fact]
    public void What_the_seller_lacks_is_said()
    {
        TaxDecision.For(Seller with { Country = "AT" }, new TaxBuyer("XX", true), default, 19,
            "de").Refused.ShouldBe(TaxRefusal.SellerAbroad);
        TaxDecision.For(Seller, new TaxBuyer("XX", true), default, 19, "de").Refused.ShouldBe(TaxRefusal.UnknownCountry);
        TaxDecision.For(Seller with { HasVatId = false }, new TaxBuyer("AT", true, Confirmed("AT")), default, 19, "de").Refused.ShouldBe(
            TaxRefusal.SellerVatIdMissing);
        TaxDecision.For(Seller with { HasOtherNumber = false }, new TaxBuyer("CH", true), default, 19, "de").Refused.ShouldBe(
            TaxRefusal.SellerNumberMissing);
    }

    [Theory]
    [InlineData("AT", "IT")]
    [InlineData("AT", "DE")]
    public void A_confirmed_id_of_another_country_is_for_staff(string country, string idOf) =>
        TaxDecision.For(Seller, new TaxBuyer(country, true, Confirmed(idOf)), default, 19, "de").Refused.ShouldBe(TaxRefusal.StaffDecide);

    /// <summary>Point 6: the tax of an address is not always that of its country.</summary>
    [Theory]
    [InlineData("ES", "35001", "Las Palmas", "ES", VatCase.ThirdCountry)]
    [InlineData("ES", "E-38 003", "Santa Cruz", "ES", VatCase.ThirdCountry)]
    [InlineData("ES", "51001", "Ceuta", "ES", VatCase.ThirdCountry)]
    [InlineData("ES", "52001", "Melilla", "ES", VatCase.ThirdCountry)]
    [InlineData("ES", "07001", "Palma", "ES", VatCase.ReverseCharge)]
    [InlineData("FI", "22100", "Mariehamn", "FI", VatCase.ThirdCountry)]
    [InlineData("AX", "22100", "Mariehamn", "FI", VatCase.ThirdCountry)]
    [InlineData("FI", "00100", "Helsinki", "FI", VatCase.ReverseCharge)]
    [InlineData("FR", "97400", "Saint-Denis", "FR", VatCase.ThirdCountry)]
    [InlineData("RE", "97400", "Saint-Denis", "FR", VatCase.ThirdCountry)]
    [InlineData("FR", "98713", "Papeete", "FR", VatCase.ThirdCountry)]
    [InlineData("FR", "F-75001", "Paris", "FR", VatCase.ReverseCharge)]
    [InlineData("FR", "98000", "Monaco", "FR", VatCase.ReverseCharge)]
    [InlineData("MC", "98000", "Monaco", "FR", VatCase.ReverseCharge)]
    [InlineData("IT", "22061", "Campione d'Italia", "IT", VatCase.ThirdCountry)]
    [InlineData("IT", "23041", "Livigno", "IT", VatCase.ThirdCountry)]
    [InlineData("IT", "20121", "Milano", "IT", VatCase.ReverseCharge)]
    [InlineData("GR", "630 86", "Karyes", "GR", VatCase.ThirdCountry)]
    [InlineData("DE", "78266", "Büsingen", "DE", VatCase.ThirdCountry)]
    [InlineData("DE", "27498", "Helgoland", "DE", VatCase.ThirdCountry)]
    [InlineData("DE", "78262", "Gailingen", "DE", VatCase.Domestic)]
    [InlineData("IM", "IM1 1AA", "Douglas", "IM", VatCase.ThirdCountry)]
    [InlineData("GB", "BT1 1AA", "Belfast", "XI", VatCase.ThirdCountry)]
    [InlineData("PT", "9000-001", "Funchal", "PT", VatCase.ReverseCharge)]
    public void Territories_have_the_tax_that_they_have(string country, string postalCode, string city, string idOf, VatCase expected) =>
        Of(country, postalCode, city, idOf).Treatment?.Case.ShouldBe(expected);

    /// <summary>Point 6: what the address does not tell for certain is for people, with the reason.</summary>
    [Theory]
    [InlineData("IT", "23030", "Livigno")]
    [InlineData("IT", "20121", "Livigno")]
    [InlineData("ES", "07001", "Las Palmas de Gran Canaria")]
    [InlineData("ES", "3500", "Las Palmas")]
    [InlineData("FR", "", "Paris")]
    [InlineData("DE", "25999", "Helgoland")]
    [InlineData("CY", "99300", "Nicosia")]
    [InlineData("GR", "63075", "Ouranoupoli")]
    public void An_address_that_may_be_in_such_a_territory_is_for_staff(string country, string postalCode, string city) =>
        Of(country, postalCode, city, country).Refused.ShouldBe(TaxRefusal.TerritoryUnclear);

    /// <summary>Consumers there are abroad, as in any third country, even where the vendor taxes those of the EU at home.</summary>
    [Theory]
    [InlineData("ES", "35001")]
    [InlineData("DE", "27498")]
    public void Consumers_in_such_a_territory_are_for_staff(string country, string postalCode) => TaxDecision.For(
        Seller, new TaxBuyer(country, IsBusiness: false, null, postalCode, "Ort"), EuConsumers.DomesticVat, 19, "de").Refused
        .ShouldBe(TaxRefusal.StaffDecide);

    private static TaxDecision Of(string country, string postalCode, string city, string idOf) =>
        TaxDecision.For(Seller, new TaxBuyer(country, true, Confirmed(idOf), postalCode, city), default, 19, "de");

    [Fact]
    public void Each_case_says_what_the_law_wants_to_read()
    {
        Decide("DE", true, null).Treatment.ShouldBe(new VatTreatment(VatCase.Domestic, "S", 19, null, null));
        Decide("AT", true, VatIdResult.Valid).Treatment
            .ShouldBe(new VatTreatment(
                VatCase.ReverseCharge, "AE", 0, "VATEX-EU-AE", "Steuerschuldnerschaft des Leistungsempfängers / Reverse charge"));
        Decide("CH", true, null).Treatment
            .ShouldBe(
                new VatTreatment(VatCase.ThirdCountry, "O", 0, "VATEX-EU-O", "Nicht im Inland steuerbare Leistung (§ 3a Abs. 2 UStG)"));
        Decide("CH", true, null, "en").Treatment!.Reason.ShouldBe("Not taxable in Germany");
    }

    [Fact]
    public void Sellers_taxed_on_receipts_say_so_from_2028_on()
    {
        LegalTexts.CashAccounting(new DateOnly(2027, 12, 31)).ShouldBeNull();
        LegalTexts.CashAccounting(new DateOnly(2028, 1, 1)).ShouldBe("Versteuerung nach vereinnahmten Entgelten");
    }

    /// <summary>An id whose beginning fits, which is all that the decision looks at once it is confirmed.</summary>
    internal static VatIdCheck Confirmed(string country) =>
        new((country == "GR" ? "EL" : country) + "123456789", VatIdResult.Valid, A.Morning, "VIES");

    private static TaxDecision Decide(string country, bool business, VatIdResult? check, string language = "de") => TaxDecision.For(
        Seller, new TaxBuyer(country, business, check is { } result ? Confirmed(country) with { Result = result } : null),
        EuConsumers.StaffDecide, 19, language);
}
