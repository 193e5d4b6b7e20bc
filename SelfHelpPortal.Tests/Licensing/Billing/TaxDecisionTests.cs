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
