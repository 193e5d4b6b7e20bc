using System.Text;
using FsCheck;
using FsCheck.Fluent;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing.Billing;

/// <summary>The portal's own rules: what the writer makes breaks none, and each is broken by an example of its own.</summary>
public class InvoiceRulesTests
{
    private static readonly int Times = Effort.Times(300, 5_000);

    private static readonly InvoiceContent Home = EInvoices.Create(VatCase.Domestic);
    private static readonly InvoiceContent Away = EInvoices.Create(VatCase.ReverseCharge);

    [Fact]
    public void Whatever_is_written_breaks_no_rule() => Prop.ForAll(EInvoices.Any, invoice =>
    {
        var original = invoice.Kind == InvoiceKind.Cancellation
            ? invoice with
            {
                Kind = InvoiceKind.Invoice,
                Number = invoice.Cancels!.Number,
                IssueDate = invoice.Cancels.IssueDate,
                Cancels = null,
                Lines = [.. invoice.Lines.Select(line => line with { Quantity = -line.Quantity })],
            }
            : null;

        InvoiceRules.Check(CiiWriter.Write(invoice), EInvoices.Evidence(invoice, original)).ShouldBeEmpty();
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(Times));

    public static TheoryData<string, string> Faults() => new()
    {
        { "P-04", "service tomorrow" },
        { "P-04", "first day of the period" },
        { "P-04", "day of issue for a period that begins later" },
        { "P-04", "period of eleven months" },
        { "P-04", "period of eleven days" },
        { "P-05", "invoice that cancels" },
        { "P-06", "no street" },
        { "P-06", "no post code" },
        { "P-06", "no name of an item" },
        { "P-06", "no tax number" },
        { "P-08", "line break" },
        { "P-08", "half a character" },
        { "P-08", "line separator" },
        { "P-08", "endless name" },
        { "P-13", "format only" },
        { "P-13", "not checked" },
        { "P-13", "other id" },
        { "P-13", "Swiss buyer" },
        { "P-13", "German buyer" },
        { "P-13", "Canary buyer" },
        { "P-14", "nothing to pay" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_draft_with_a_fault_is_stopped_before_it_has_a_number(string rule, string fault)
    {
        var evidence = fault switch
        {
            "service tomorrow" => EInvoices.Evidence(Home with { ServiceDate = EInvoices.Today.AddDays(1) }),
            "first day of the period" =>
                EInvoices.Evidence(Renewed(EInvoices.Renewal(EInvoices.Today, 12)) with { ServiceDate = EInvoices.Today }),
            "day of issue for a period that begins later" =>
                EInvoices.Evidence(Renewed(EInvoices.Renewal(EInvoices.Today.AddDays(40), 12)) with { ServiceDate = EInvoices.Today }),
            "period of eleven months" =>
                EInvoices.Evidence(Renewed(EInvoices.Renewal(EInvoices.Today, 11) with { Sku = "RENEWAL-muster-pos-12M" })),
            "period of eleven days" =>
                EInvoices.Evidence(Home with
                {
                    ServiceDate = EInvoices.Today.AddDays(10),
                    Lines =
                    [Home.Lines[0] with { Sku = "ABO-JAHR", Period = new Period(EInvoices.Today, EInvoices.Today.AddDays(10)) }]
                }),
            "invoice that cancels" => EInvoices.Evidence(Home with { Cancels = new PrecedingInvoice("2026-00001", EInvoices.Today) }),
            "no street" => EInvoices.Evidence(Home with { Buyer = Home.Buyer with { Street = " " } }),
            "no post code" => EInvoices.Evidence(Home with { Buyer = Home.Buyer with { PostalCode = "" } }),
            "no name of an item" => EInvoices.Evidence(Home with { Lines = [Home.Lines[0] with { Name = "" }] }),
            "no tax number" => EInvoices.Evidence(Home with { Seller = Home.Seller with { TaxNumber = null, VatId = null } }),
            "line break" => EInvoices.Evidence(Home with { Buyer = Home.Buyer with { Company = "Muster\nGmbH" } }),
            "half a character" => EInvoices.Evidence(Home with { Buyer = Home.Buyer with { City = "Muster\uD83D" } }),
            "line separator" => EInvoices.Evidence(Home with { Notes = ["eins\u2028zwei"] }),
            "endless name" => EInvoices.Evidence(Home with { Buyer = Home.Buyer with { Company = new string('x', 301) } }),
            "format only" => EInvoices.Evidence(Away) with { VatId = EInvoices.Confirmed with { Result = VatIdResult.FormatOnly } },
            "not checked" => EInvoices.Evidence(Away) with { VatId = null },
            "other id" => EInvoices.Evidence(Away) with { VatId = EInvoices.Confirmed with { VatId = "ATU87654321" } },
            "Swiss buyer" => EInvoices.Evidence(Away with { Buyer = Away.Buyer with { Country = "CH" } }),
            "Canary buyer" => EInvoices.Evidence(Away with
            {
                Buyer = Away.Buyer with { Country = "ES", PostalCode = "35001", VatId = "ESB12345678" },
            }) with
            {
                VatId = EInvoices.Confirmed with { VatId = "ESB12345678" },
            },
            "nothing to pay" => EInvoices.Evidence(Home with { Lines = [Home.Lines[0] with { UnitNet = new Money(0) }] }),
            "German buyer" => EInvoices.Evidence(Away with { Buyer = Away.Buyer with { Country = "DE" } }),
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };

        InvoiceRules.CheckDraft(evidence).ShouldHaveSingleItem().Id.ShouldBe(rule);
    }

    [Fact]
    public void Sound_drafts_pass_in_every_case()
    {
        foreach (var vat in Enum.GetValues<VatCase>())
        {
            InvoiceRules.CheckDraft(EInvoices.Evidence(EInvoices.Create(vat) with { Number = null })).ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_renewal_may_have_a_number_of_the_vendors_own() =>
        InvoiceRules.CheckDraft(
            EInvoices.Evidence(Renewed(EInvoices.Renewal(EInvoices.Today, 12) with { Sku = "ABO-JAHR" }))).ShouldBeEmpty();

    /// <summary>Point 1: what was issued with the day of issue as its service date can still be taken back.</summary>
    [Fact]
    public void A_cancellation_repeats_the_service_date_of_what_it_takes_back()
    {
        var old = Home with { Lines = [EInvoices.Renewal(EInvoices.Today.AddDays(40), 12)] };
        var cancellation = EInvoices.Cancel(old);

        InvoiceRules.CheckDraft(EInvoices.Evidence(old)).ShouldHaveSingleItem().Id.ShouldBe("P-04");
        InvoiceRules.Check(CiiWriter.Write(cancellation), EInvoices.Evidence(cancellation, old)).ShouldBeEmpty();
    }

    public static TheoryData<string, string, string, string> ChangedXml() => new()
    {
        { "P-01", ">18.53<", ">18.52<", "cent" },
        { "P-03", ">2026-00042</ram:ID>", ">2026-00043</ram:ID>", "other number" },
        { "P-04", ">20271130<", ">20281130<", "a line beyond the period of the whole" },
        { "P-05", ">380<", ">384<", "other kind" },
        { "P-06", ">Muster Gastro GmbH<", ">Muster Gastro AG<", "other buyer" },
        { "P-06", "unitCode=\"C62\">1<", "unitCode=\"C62\">2<", "other quantity" },
        { "P-07", "DE02120300000000202051", "DE89370400440532013000", "other account" },
        { "P-07", "</ram:SpecifiedTradeSettlementPaymentMeans>", "</ram:SpecifiedTradeSettlementPaymentMeans>"
            + "<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode></ram:SpecifiedTradeSettlementPaymentMeans>",
            "a second way to pay" },
    };

    [Theory]
    [MemberData(nameof(ChangedXml))]
    public void Bytes_that_say_something_else_are_found(string rule, string find, string put, string why)
    {
        var invoice = rule == "P-04"
            ? Renewed(EInvoices.Renewal(new DateOnly(2026, 12, 1), 12))
            : Home with { Lines = [Home.Lines[0] with { UnitNet = new Money(9750) }] };
        var text = Encoding.UTF8.GetString(CiiWriter.Write(invoice));
        text.ShouldContain(find);

        var at = text.IndexOf(find, StringComparison.Ordinal);
        var changed = rule == "P-04" ? $"{text[..at]}{put}{text[(at + find.Length)..]}" : text.Replace(find, put, StringComparison.Ordinal);
        var broken = InvoiceRules.Check(Encoding.UTF8.GetBytes(changed), EInvoices.Evidence(invoice));

        broken.Select(b => b.Id).ShouldContain(rule, why);
    }

    [Theory]
    [InlineData(VatCase.ReverseCharge, "Steuerschuldnerschaft des Leistungsempfängers")]
    [InlineData(VatCase.ThirdCountry, "Steuerfrei")]
    [InlineData(VatCase.SmallBusiness, "Kleinunternehmer")]
    [InlineData(VatCase.Domestic, "Steuerfrei")]
    public void The_text_of_the_law_is_not_for_the_caller_to_choose(VatCase vat, string reason)
    {
        var invoice = EInvoices.Create(vat);
        invoice = invoice with { Vat = invoice.Vat with { Reason = reason } };

        InvoiceRules.Check(CiiWriter.Write(invoice), EInvoices.Evidence(invoice)).Select(b => b.Id).ShouldContain("P-02");
    }

    [Theory]
    [InlineData("S2026-00042")]
    [InlineData("2025-00042")]
    [InlineData("2026-42")]
    public void A_number_of_another_series_is_found(string number)
    {
        var invoice = Home with { Number = number };

        InvoiceRules.Check(CiiWriter.Write(invoice), EInvoices.Evidence(invoice)).ShouldHaveSingleItem().Id.ShouldBe("P-03");
    }

    [Fact]
    public void The_date_is_the_one_that_came_with_the_number() =>
        InvoiceRules.Check(CiiWriter.Write(Home), EInvoices.Evidence(Home) with { LastIssueDate = Home.IssueDate.AddDays(1) })
            .ShouldHaveSingleItem().Id.ShouldBe("P-03");

    [Fact]
    public void Money_goes_to_the_account_of_the_settings() =>
        InvoiceRules.Check(CiiWriter.Write(Home), EInvoices.Evidence(Home) with { Iban = "DE89370400440532013000" })
            .ShouldHaveSingleItem().Id.ShouldBe("P-07");

    [Fact]
    public void A_cancellation_takes_back_all_and_nothing_else()
    {
        var original = Renewed(Home.Lines[0], EInvoices.Renewal(EInvoices.Today, 12));
        var sound = EInvoices.Cancel(original);
        IEnumerable<string> Broken(InvoiceContent cancellation) =>
            InvoiceRules.Check(CiiWriter.Write(cancellation), EInvoices.Evidence(cancellation, original)).Select(b => b.Id);

        Broken(sound).ShouldBeEmpty();
        Broken(sound with { Lines = [sound.Lines[0]] }).ShouldBe(["P-05"]);
        Broken(sound with { Lines = [.. sound.Lines.Reverse()] }).ShouldBe(["P-05"]);
        Broken(sound with { Lines = [sound.Lines[0] with { UnitNet = new Money(6999) }, sound.Lines[1]] }).ShouldBe(["P-05"]);
        Broken(sound with { Vat = sound.Vat with { Rate = 7 } }).ShouldBe(["P-05"]);
        Broken(sound with { Buyer = sound.Buyer with { City = "Anderswo" } }).ShouldBe(["P-05"]);
        Broken(sound with { Cancels = new PrecedingInvoice("2026-00041", original.IssueDate) }).ShouldBe(["P-05"]);
        Broken(sound with { DueDate = sound.IssueDate }).ShouldBe(["P-05"]);
    }

    private static InvoiceContent Renewed(params InvoiceLine[] lines) =>
        (Home with { Lines = lines }) is var invoice ? invoice with { ServiceDate = invoice.ServicePeriod!.To } : invoice;

    [Fact]
    public void Every_rule_has_an_example() =>
        Faults().Select(row => (string)row[0]).Concat(ChangedXml().Select(row => (string)row[0])).Append("P-02").Distinct()
            .ShouldBe(InvoiceRules.Ids, ignoreOrder: true);
}
