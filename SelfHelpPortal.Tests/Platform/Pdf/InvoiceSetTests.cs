using SelfHelpPortal.Bench;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Pdf;

namespace SelfHelpPortal.Tests.Platform.Pdf;

/// <summary>The set of invoices that the official validators judge as files, under the portal's own rules.</summary>
public class InvoiceSetTests
{
    [Fact]
    public void Every_invoice_of_the_set_keeps_every_rule_and_has_the_amounts_that_were_added_up_by_hand()
    {
        List<string> broken = [];
        foreach (var (_, name, content, evidence, net, vat, gross) in InvoiceSet.All)
        {
            var xml = CiiWriter.Write(content);
            var isAttached = content.Format == InvoiceFormat.Zugferd;
            var pdf = InvoiceExamples.Renderer.Render(content, isAttached ? xml : ReadOnlyMemory<byte>.Empty);
            broken.AddRange(InvoiceRules.Check(xml, evidence).Concat(InvoicePdfRules.Check(pdf, xml, isAttached))
                .Select(rule => $"{name}: {rule.Id} {rule.English}"));
            (content.Totals.Net.Cents, content.Totals.Vat.Cents, content.Totals.Gross.Cents).ShouldBe((net, vat, gross), name);
        }

        broken.ShouldBeEmpty();
    }

    [Fact]
    public void The_set_has_every_case_in_every_format_language_and_kind()
    {
        var set = InvoiceSet.All.ToList();

        set.Count.ShouldBeGreaterThanOrEqualTo(300);
        set.Select(i => (i.Content.Vat.Case, i.Content.Format, i.Content.Language, i.Content.Kind)).Distinct().Count()
            .ShouldBe(Enum.GetValues<VatCase>().Length * Enum.GetValues<InvoiceFormat>().Length * 2 * 2);
        set.Select(i => i.Name).Distinct().Count().ShouldBe(set.Count);
        set.Count(i => i.Content.ServicePeriod is not null).ShouldBeGreaterThan(50);
        set.Max(i => i.Content.Lines.Count).ShouldBe(45);
        set.Select(i => i.Content.Buyer.Country).Distinct().Count().ShouldBe(9);
    }

    [Fact]
    public void A_seed_makes_the_same_invoice_again()
    {
        CiiWriter.Write(InvoiceSet.Make(17).Content).ShouldBe(CiiWriter.Write(InvoiceSet.Make(17).Content));
        CiiWriter.Write(InvoiceSet.Make(17).Content).ShouldNotBe(CiiWriter.Write(InvoiceSet.Make(18).Content));
    }
}
