using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Products;
using SelfHelpPortal.Features.Staff.Settings;
using SelfHelpPortal.Features.Staff.SeedDemo;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>What is wrong with a file of settings, or with what was typed into a form, is said in words that lead to it.</summary>
public class SettingJsonTests
{
    [Theory]
    [InlineData("""{ "products": [ { "id": "a", "name": "A", "policies": { "release": { "deadPc": "Sometimes" } } } ] }""",
        "products[0].policies.release.deadPc: \"Sometimes\" is not possible here; allowed is Immediate, ConfirmByMail, PaidTransfer, "
            + "StaffOnly.")]
    [InlineData("""{ "products": [ { "id": "a", "name": "A", "policies": { "release": { "refillDays": "many" } } } ] }""",
        "products[0].policies.release.refillDays: \"many\" is not possible here; allowed is a whole number.")]
    [InlineData("""{ "products": [ { "id": "a", "name": "A", "policies": { "release": { "allowedUnproven": "x" } } } ] }""",
        "products[0].policies.release.allowedUnproven: \"x\" is not possible here; allowed is a whole number, or null.")]
    [InlineData("""{ "products": [ { "id": "a", "name": "A", "policies": { "flag": { "emergencyCode": 1 } } } ] }""",
        "products[0].policies.flag.emergencyCode: 1 is not possible here; allowed is true or false.")]
    [InlineData("""{ "products": [ { "id": "a", "name": "A", "policies": { "businessHours": { "from": "early" } } } ] }""",
        "products[0].policies.businessHours.from: \"early\" is not possible here; allowed is a time such as \"08:00:00\".")]
    [InlineData("""{ "products": {} }""", "products: {} is not possible here; allowed is a list in brackets.")]
    [InlineData("""{ "prices": [ { "product": "a", "remedy": "Fee", "prices": [ { "net": 1, "validFrom": "soon" } ] } ] }""",
        "prices[0].prices[0].validFrom: \"soon\" is not possible here; allowed is a day such as \"2027-01-31\".")]
    public void A_wrong_value_is_named_by_its_path_with_what_is_allowed(string json, string sentence) =>
        SettingJson.Read<SettingSet>(json).Problem.ShouldBe(sentence);

    [Fact]
    public void A_name_that_does_not_exist_is_told_with_those_that_do()
    {
        var (_, problem) = SettingJson.Read<SettingSet>("""{ "product": [] }""");

        problem.ShouldNotBeNull();
        problem.ShouldStartWith("product: there is no such name; the names here are ");
        problem.ShouldContain("products");
        problem.ShouldContain("prices");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("""{ "products": [ null ] }""")]
    [InlineData("""{ "products": [ {} ] }""")]
    [InlineData("""{ "prices": [ { "product": "a" } ] }""")]
    public void Whatever_is_wrong_no_type_of_the_program_is_named(string json)
    {
        var (set, problem) = SettingJson.Read<SettingSet>(json);

        if (set is null)
        {
            problem.ShouldNotBeNullOrWhiteSpace();
            problem.ShouldNotContain("SelfHelpPortal.");
            problem.ShouldNotContain("System.");
        }
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var set = SeedDemo.Settings(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));

        var (read, problem) = SettingJson.Read<SettingSet>(SettingHistory.Write(set));

        problem.ShouldBeNull();
        read!.Products.ShouldBe(set.Products);
        SettingHistory.Write(read).ShouldBe(SettingHistory.Write(set));
    }

    [Fact]
    public void A_form_keeps_what_it_cannot_read_and_says_where()
    {
        var form = SettingForm.For(new ProductEntry("my-till", "My till", new ProductPolicies()));
        form.SetNumber("policies.release.refillDays", "thirty");
        form.SetNumber("policies.hardware.points", "2,5");
        form.SetNumber("policies.release.allowedUnproven", "");
        form.SetText("policies.links.downloadUrl", "  ");
        form.SetSymbols("policies.key.stripCharacters", "- ");

        form.Read<ProductEntry>().ShouldBeNull();
        form.Problems.ShouldHaveSingleItem().Id.ShouldBe("policies.release.refillDays");
        form.Text("policies.release.refillDays").ShouldBe("thirty");

        var again = SettingForm.For(new ProductEntry("", "", new ProductPolicies()));
        again.Restore(form.Keep());
        again.Text("policies.release.refillDays").ShouldBe("thirty");
        again.SetNumber("policies.release.refillDays", "30");
        var read = again.Read<ProductEntry>()!;
        (read.Name, read.Policies.Release.RefillDays, read.Policies.Release.AllowedUnproven, read.Policies.Hardware.Points)
            .ShouldBe(("My till", 30, null, 2.5m));
        read.Policies.Links.DownloadUrl.ShouldBeNull();
        read.Policies.Key.StripCharacters.ShouldBe("- ", "a space is what most keys are written with");
    }
}
