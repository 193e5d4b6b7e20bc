using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Products;
using SelfHelpPortal.Features.Staff.Settings;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>Policies that version 0.2 has stored, and files of settings from then, are read as what they meant.</summary>
public class OlderPoliciesTests
{
    private const string Older = """
        { "id": "my-till", "name": "My till", "policies": { "transfer": { "feeSku": "F",
          "checklistDe": "1. Stellen Sie **zuerst** das [EFR](https://muster.example/efr) her.\n   In Ruhe.\n2. USB-Stick",
          "checklistEn": "1. Restore the [EFR](https://muster.example/efr) **first**.\n   Calmly.\n2. USB stick" } } }
        """;

    [Fact]
    public void Each_point_of_the_text_is_an_item_for_all_countries()
    {
        var policies = SettingHistory.Read<ProductEntry>(Older).Policies;

        policies.Transfer.FeeSku.ShouldBe("F");
        policies.Checklists.AsksForCountry.ShouldBeFalse();
        policies.Checklists.For("AT").Items.ShouldBe(
        [
            SampleChecklists.Item(
                "item-1", "Stellen Sie zuerst das EFR her. In Ruhe.", "Restore the EFR first. Calmly.", "https://muster.example/efr"),
            SampleChecklists.Item("item-2", "USB-Stick", "USB stick"),
        ]);
        policies.Problems().ShouldBeEmpty();
    }

    [Fact]
    public void Texts_that_do_not_match_point_by_point_are_one_item() =>
        PolicyJson.Read<ProductPolicies>("""{ "transfer": { "checklistDe": "Erst dies.\n\nDann das.", "checklistEn": "All of it." } }""")!
            .Checklists.Other.Items.ShouldBe([SampleChecklists.Item("item-1", "Erst dies. Dann das.", "All of it.")]);

    [Fact]
    public void Nothing_stays_nothing_and_what_is_written_now_is_read_as_it_is()
    {
        PolicyJson.Read<ProductPolicies>("""{ "transfer": { "checklistDe": null, "checklistEn": null } }""")!.Checklists.IsEmpty
            .ShouldBeTrue();
        var now = new ProductPolicies { Checklists = SampleChecklists.Policy };
        PolicyJson.Read<ProductPolicies>(SettingHistory.Write(now)).ShouldBe(now);
    }

    [Fact]
    public void A_file_of_settings_of_then_is_taken()
    {
        var (set, problem) = SettingJson.Read<SettingSet>($$"""{ "products": [ {{Older}} ] }""");

        problem.ShouldBeNull();
        set!.Products!.Single().Policies.Checklists.Other.Items.Count.ShouldBe(2);
    }
}
