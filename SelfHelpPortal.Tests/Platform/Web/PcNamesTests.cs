using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Tests.Platform.Web;

public sealed class PcNamesTests
{
    [Theory]
    [InlineData("KASSE-ALT", "KA…T")]
    [InlineData(" KASSE-ALT ", "KA…T")]
    [InlineData("PC1", "P…")]
    [InlineData("", "–")]
    [InlineData(null, "–")]
    public void A_name_shows_its_first_two_and_its_last_character(string? name, string masked) => PcNames.Masked(name).ShouldBe(masked);

    [Fact]
    public void Who_has_to_choose_can_tell_computers_apart()
    {
        PcNames.MaskedApart(["KUPPEL-LINKS", "KASSE", "KUPPEL-RECHTS"]).ShouldBe(["KU…L…S", "KA…E", "KU…R…S"]);
        PcNames.MaskedApart(["KASSE-1X", "KASSE-2X", "KASSE-3X"]).ShouldBe(["KA…1…X", "KA…2…X", "KA…3…X"]);
        PcNames.MaskedApart(["KASSE", "KASSE", null, null, "PC"]).ShouldBe(["KA…E (1)", "KA…E (2)", "– (1)", "– (2)", "P…"]);
        PcNames.MaskedApart(["KASSE", "KASSE-NEUE"]).ShouldBe(["KA…E (1)", "KA…-…E"]);
        PcNames.MaskedApart([]).ShouldBeEmpty();
    }
}
