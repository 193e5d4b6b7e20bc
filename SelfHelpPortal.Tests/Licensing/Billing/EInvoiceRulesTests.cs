using System.Text;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Tests.Licensing.Billing;

/// <summary>Our rules say of known invoices what the official ones said.</summary>
public class EInvoiceRulesTests
{
    /// <summary>
    /// Where ours refuse more on purpose: code lists hold only what the portal writes, and BR-CO-25 is missing in the official stylesheet.
    /// </summary>
    private static readonly Dictionary<string, string[]> Stricter = new()
    {
        ["08-cancellation-381-positive"] = ["BR-CL-01", "BR-CO-25"],
        ["14-no-due-date"] = ["BR-CO-25"],
        ["BR-CO-25"] = ["BR-CO-25"],
        ["BR-DE-17"] = ["BR-CL-01"],
        ["BR-AE-01"] = ["BR-CL-18"],
        ["BR-E-01"] = ["BR-CL-18"],
        ["BR-S-01"] = ["BR-CL-18"],
    };

    public static TheoryData<string> Names() => [.. EInvoiceVectors.Verdicts.Select(verdict => verdict.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Ours_find_what_the_official_rules_find(string name)
    {
        var official = EInvoiceVectors.Verdicts.Single(verdict => verdict.Name == name).Broken.Intersect(EInvoiceRules.Ids);

        EInvoiceRules.Check(EInvoiceVectors.Xml(name)).Select(rule => rule.Id)
            .ShouldBe(official.Concat(Stricter.GetValueOrDefault(name, [])), ignoreOrder: true);
    }

    [Fact]
    public void The_vectors_are_all_there()
    {
        EInvoiceVectors.Verdicts.Count.ShouldBe(142);
        EInvoiceVectors.Mutations.Count.ShouldBe(113);
        EInvoiceVectors.Verdicts.Select(verdict => verdict.Name).Except(EInvoiceVectors.Mutations.Keys).Count().ShouldBe(29);
    }

    [Fact]
    public void Every_mutation_breaks_the_rule_it_is_named_after_and_every_rule_has_one()
    {
        EInvoiceVectors.Mutations.Keys.Where(rule => EInvoiceRules.Check(EInvoiceVectors.Xml(rule)).All(broken => broken.Id != rule))
            .ShouldBeEmpty();

        // BR-61 says of credit transfers what BR-50 says of all; the same mutation breaks both.
        EInvoiceRules.Ids.Except(EInvoiceVectors.Mutations.Keys).ShouldBe(["BR-61"]);
        EInvoiceRules.Check(EInvoiceVectors.Xml("BR-50")).ShouldContain(rule => rule.Id == "BR-61");
        EInvoiceRules.Ids.ShouldBeUnique();
    }

    [Fact]
    public void Staff_read_a_sentence_of_their_own_for_each_rule()
    {
        var broken = EInvoiceVectors.Mutations.Keys.SelectMany(rule => EInvoiceRules.Check(EInvoiceVectors.Xml(rule)))
            .DistinctBy(rule => rule.Id).ToList();

        broken.Count.ShouldBe(EInvoiceRules.Ids.Count);
        foreach (var rule in broken)
        {
            rule.In("de").ShouldNotBe(rule.In("en"));
            rule.In("de").ShouldEndWith(".");
            rule.In("en").ShouldEndWith(".");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("no XML")]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>")]
    public void What_is_no_xml_is_said_to_be_none(string text) =>
        EInvoiceRules.Check(Encoding.UTF8.GetBytes(text)).ShouldHaveSingleItem().Id.ShouldBe("XML");

    [Fact]
    public void Another_xml_breaks_nearly_everything() => EInvoiceRules.Check("<x/>"u8.ToArray()).Count.ShouldBeGreaterThan(15);
}
