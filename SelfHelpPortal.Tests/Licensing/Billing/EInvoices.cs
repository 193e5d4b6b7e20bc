using FsCheck;
using FsCheck.Fluent;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing.Billing;

/// <summary>Invoices of every tax case.</summary>
internal static class EInvoices
{
    public static readonly DateOnly Today = new(2026, 11, 21);

    public static readonly VatIdCheck Confirmed = new("ATU12345678", VatIdResult.Valid, A.Morning, "VIES");

    /// <summary>Umlauts, other scripts, what XML escapes, and a pair of surrogates.</summary>
    private static readonly Gen<string> Text =
        from first in Letter
        from rest in Gen.Frequency((9, Letter), (1, Gen.Constant(" "))).ArrayOf().Resize(40)
        select first + string.Concat(rest);

    private static Gen<string> Letter =>
        Gen.Elements("a", "Z", "0", "ä", "ß", "é", "ł", "Ω", "Ж", "&", "<", ">", "\"", "'", "]]>", "-", ".", "–", "€", "漢", "😀");

    public static InvoiceContent Create(VatCase vat, InvoiceFormat format = InvoiceFormat.Zugferd, string language = "de")
    {
        var sample = SampleInvoices.Content(Today);
        var (country, treatment) = vat switch
        {
            VatCase.Domestic => ("DE", Decide("DE", small: false, language)),
            VatCase.ReverseCharge => ("AT", Decide("AT", small: false, language)),
            VatCase.ThirdCountry => ("CH", Decide("CH", small: false, language)),
            VatCase.SmallBusiness => ("DE", Decide("DE", small: true, language)),
        };
        return sample with
        {
            Number = "2026-00042",
            Format = format,
            Language = language,
            Vat = treatment,
            Buyer = sample.Buyer with
            {
                Country = country,
                VatId = vat == VatCase.ReverseCharge ? Confirmed.VatId : null,
                BuyerReference = format == InvoiceFormat.XRechnung ? "04011000-12345-34" : null,
            },
        };
    }

    public static InvoiceEvidence Evidence(InvoiceContent invoice, InvoiceContent? original = null) => new(invoice)
    {
        VatId = invoice.Vat.Case == VatCase.ReverseCharge ? Confirmed : null,
        Original = original,
        LastIssueDate = invoice.IssueDate,
    };

    public static InvoiceContent Cancel(InvoiceContent invoice) => invoice with
    {
        Kind = InvoiceKind.Cancellation,
        Number = "S2026-00007",
        IssueDate = invoice.IssueDate.AddDays(3),
        DueDate = null,
        Cancels = new PrecedingInvoice(invoice.Number!, invoice.IssueDate),
        Lines = [.. invoice.Lines.Select(line => line with { Quantity = -line.Quantity })],
        Notes = ["Storno zu Rechnung 2026-00042 vom 21.11.2026: Irrtum"],
    };

    public static InvoiceLine Renewal(DateOnly from, int months) => new()
    {
        Sku = $"RENEWAL-muster-pos-{months}M",
        Name = $"Verlängerung der Subscription, {months} Monate",
        Description = "Lizenz L-1044",
        Quantity = 1,
        UnitNet = new Money(12000),
        Period = RenewalPeriod.From(from.AddDays(-1), months, from),
    };

    public static readonly Arbitrary<InvoiceContent> Any =
        (from vat in Gen.Elements(Enum.GetValues<VatCase>())
         from format in Gen.Elements(Enum.GetValues<InvoiceFormat>())
         from language in Gen.Elements("de", "en")
         from texts in Text.ArrayOf(8)
         from note in Text.ArrayOf().Resize(3)
         from optional in Gen.Choose(0, 15)
         from count in Gen.Choose(1, 50)
         from lines in Line.ArrayOf(count)
         from cancelled in Gen.Elements(false, true)
         let plain = Create(vat, format, language)
         let invoice = plain with
         {
             Lines = lines,
             Notes = note,
             Buyer = plain.Buyer with
             {
                 Company = (optional & 1) == 0 ? texts[0] : null,
                 Person = (optional & 3) == 2 ? null : texts[1],
                 Street = texts[2],
                 Street2 = (optional & 4) == 0 ? texts[3] : null,
                 City = texts[4],
                 OrderNumber = (optional & 8) == 0 ? texts[5] : null,
             },
             Seller = plain.Seller with
             {
                 Name = texts[6],
                 Bic = (optional & 8) == 0 ? "BYLADEM1001" : null,
                 SellerId = (optional & 4) == 0
                 ? texts[7]
                 : null
             },
         }
         let dated = invoice with { ServiceDate = invoice.ServicePeriod?.To ?? invoice.ServiceDate }
         select cancelled ? Cancel(dated) : dated).ToArbitrary();

    private static Gen<InvoiceLine> Line =>
        from name in Text
        from description in Text
        from quantity in Gen.Choose(1, 99)
        from cents in Gen.Choose(1, 1_000_000)
        from months in Gen.Choose(0, 36)
        from start in Gen.Choose(0, 1000)
        select new InvoiceLine
        {
            Sku = months == 0 ? "TRANSFER-muster-pos" : $"RENEWAL-muster-pos-{months}M",
            Name = name,
            Description = months % 2 == 0 ? description : null,
            Quantity = quantity,
            UnitNet = new Money(cents),
            Period = months == 0 ? null : RenewalPeriod.From(null, months, Today.AddDays(start)),
        };

    private static VatTreatment Decide(string country, bool small, string language) => TaxDecision.For(
        new TaxSeller("DE", small, HasVatId: true, HasOtherNumber: true), new TaxBuyer(country, true, Confirmed), EuConsumers.StaffDecide,
        19, language).Treatment!;
}
