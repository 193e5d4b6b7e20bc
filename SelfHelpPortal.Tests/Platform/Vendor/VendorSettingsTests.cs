using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Tests.Platform.Vendor;

/// <summary>The vendor's data in the file and in the database say the same.</summary>
public class VendorSettingsTests
{
    /// <summary>Files and the clock belong to the machine, not to who runs the portal.</summary>
    private static readonly string[] OfTheMachine = ["Font", "FontBold", "Fonts", "TimeZone"];

    /// <summary>A path in the file, the picture itself in the database.</summary>
    private static readonly string[] Pictures = ["Logo", "LogoDark", "Icon"];

    [Fact]
    public void Every_key_of_the_file_has_its_value_in_the_database_or_is_the_machines()
    {
        var keys = typeof(VendorOptions).GetProperties().Where(p => p.Name != nameof(VendorOptions.Accent)).Select(p => p.Name)
            .Concat(typeof(VendorAccent).GetProperties().Select(p => $"Accent:{p.Name}"));

        VendorSettings.Paths.Select(VendorSettings.KeyOf).Distinct().Concat(OfTheMachine).ShouldBe(keys, ignoreOrder: true);
    }

    [Fact]
    public void Nothing_is_lost_on_the_way_there_and_back()
    {
        var vendor = new VendorOptions
        {
            Accent = new() { Light = "#6b0e5a" },
            TimeZone = "Europe/Vienna",
            SmallBusiness = true,
            PaymentDays = 7,
            Languages = OfferedLanguages.English,
        };
        foreach (var text in typeof(VendorOptions).GetProperties()
            .Where(p => p.PropertyType == typeof(string) && !OfTheMachine.Contains(p.Name) && !Pictures.Contains(p.Name)))
        {
            text.SetValue(vendor, $"my {text.Name}");
        }

        var back = VendorSettings.Read(SettingHistory.Write(VendorSettings.From(vendor))).ToOptions(vendor);

        foreach (var property in typeof(VendorOptions).GetProperties().Where(p => p.Name is not ("Address" or "Accent")))
        {
            property.GetValue(back).ShouldBe(property.GetValue(vendor), property.Name);
        }

        back.Accent.ShouldNotBeNull().Light.ShouldBe("#6b0e5a");
        back.AddressLines().ShouldBe(vendor.AddressLines());
    }

    [Theory]
    [InlineData("Beispielweg 2|10115 Berlin", "Beispielweg 2", "10115", "Berlin")]
    [InlineData("Haus B|Beispielweg 2|A-1010 Wien", "Haus B\nBeispielweg 2", "A-1010", "Wien")]
    [InlineData("1 Example Street|London SW1A 1AA", "1 Example Street", null, "London SW1A 1AA")]
    [InlineData("Beispielgasse 2", null, null, "Beispielgasse 2")]
    public void An_address_is_split_and_put_together_again(string lines, string? street, string? postalCode, string? city)
    {
        var vendor = new VendorOptions();
        foreach (var line in lines.Split('|'))
        {
            vendor.Address.Add(line);
        }

        var settings = VendorSettings.From(vendor);

        (settings.Street, settings.PostalCode, settings.City).ShouldBe((street, postalCode, city));
        settings.ToOptions(vendor).AddressLines().ShouldBe(lines.Split('|'));
    }

    [Fact]
    public void What_a_later_version_has_added_does_not_keep_a_node_from_reading_the_rest() =>
        VendorSettings.Read("""{ "name": "Beispiel GmbH", "fax": "+49 30 1", "accent": null }""").ShouldSatisfyAllConditions(
            s => s.Name.ShouldBe("Beispiel GmbH"), s => s.Accent.IsPortals.ShouldBeTrue(), s => s.PaymentDays.ShouldBe(14));

    [Fact]
    public void What_the_demo_says_keeps_every_rule() => VendorRules.ProblemsOf(VendorSettings.From(new VendorOptions())).ShouldBeEmpty();
}
