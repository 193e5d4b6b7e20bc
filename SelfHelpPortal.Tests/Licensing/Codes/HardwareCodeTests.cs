using FsCheck;
using FsCheck.Fluent;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Tests.Licensing.Codes;

public class HardwareCodeTests
{
    private static readonly string[] Values = ["4C4C4544-0034", "SN077", "WD-0", "BFEBFBFF000906EA", "00:11:22:33:44:55", "9f0c"];

    [Theory]
    [InlineData(0, 6, 3, true)]
    [InlineData(1, 6, 3, true)]
    [InlineData(3, 6, 3, true)]
    [InlineData(4, 6, 3, false)]
    [InlineData(4, 6, 2, true)]
    [InlineData(0, 3, 3, true)]
    [InlineData(1, 3, 3, false)]
    [InlineData(0, 2, 3, true)] // fewer than needed in both: all must be equal
    [InlineData(1, 2, 3, false)]
    [InlineData(0, 1, 3, true)]
    [InlineData(0, 0, 3, false)] // nothing to compare
    public void Matches_as_many_components_as_needed(int changed, int present, int need, bool matches)
    {
        var before = Code(Values.Take(present));
        var after = Code(Values.Take(present).Select((value, place) => place < changed ? value + "X" : value));
        var match = before.Match(after, need);
        match.ShouldBe(new HardwareMatch(matches, present - changed, present));
        match.Drift.ShouldBe(matches && changed > 0);
        after.Match(before, need).ShouldBe(match);
    }

    [Fact]
    public void Only_components_present_in_both_are_compared()
    {
        var first = Code(["A1", "B1", "C1", "", "", ""]);
        var second = Code(["", "B1", "C1", "D1", "", ""]);
        first.Match(second, 3).ShouldBe(new HardwareMatch(true, 2, 2));
        Code(["A1"]).Match(Code(["", "B1"]), 3).ShouldBe(new HardwareMatch(false, 0, 0));
    }

    [Fact]
    public void Another_product_has_other_hashes() =>
        Code(Values).Match(HardwareCode.From("other-pos", Components(Values)), 1).ShouldBe(new HardwareMatch(false, 0, 6));

    [Fact]
    public void Another_component_set_is_not_compared()
    {
        var code = Code(Values);
        var later = "H102" + CheckSymbols.Compute('H', 0, "H102") + code.Normalized[5..];
        HardwareCode.TryParse(later, out var other, out _).ShouldBeTrue();
        code.Match(other!, 3).ShouldBe(new HardwareMatch(false, 0, 0));
    }

    [Fact]
    public void Any_components_make_a_code_that_reads_back() => Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>[]>(), values =>
    {
        var code = Code(values.Select(value => value.Get));
        HardwareCode.TryParse(code.ToString(), out var read, out var problem).ShouldBeTrue(problem.ToString());
        read.ShouldBe(code);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("board-serial", "To be filled by O.E.M.")]
    [InlineData("board-serial", "to be filled by o.e.m")]
    [InlineData("board-serial", "Default string")]
    [InlineData("board-serial", "System Serial Number")]
    [InlineData("board-serial", "N/A")]
    [InlineData("board-serial", "None")]
    [InlineData("board-serial", "0")]
    [InlineData("disk-serial", "  ")]
    [InlineData("disk-serial", "0000_0000_0000_0000.")]
    [InlineData("board-uuid", "00000000-0000-0000-0000-000000000000")]
    [InlineData("board-uuid", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF")]
    [InlineData("board-uuid", "03000200-0400-0500-0006-000700080009")]
    [InlineData("mac", "00:00:00:00:00:00")]
    [InlineData("mac", "00-FF-1A-2B-3C-4D")] // TAP adapter of a VPN
    [InlineData("mac", "00:05:9a:3c:7a:00")] // AnyConnect
    [InlineData("mac", "02:42:AC:11:00:02")] // locally administered
    [InlineData("mac", "9C:EB:E8:01:02:03")] // docking station
    public void Junk_counts_as_absent(string kind, string value)
    {
        HardwareComponents.IsJunk(kind, value).ShouldBeTrue();
        HardwareCode.From("muster-pos", [KeyValuePair.Create(kind, value)]).ShouldBe(Code([]));
    }

    [Theory]
    [InlineData("board-serial", "SN0000")]
    [InlineData("board-uuid", "4C4C4544-0034-5910-8052-B4C04F4A4E32")]
    [InlineData("disk-serial", "02:42:AC:11:00:02")]
    [InlineData("mac", "00:11:22:33:44:55")]
    [InlineData("cpu-id", "BFEBFBFF000906EA")]
    public void A_real_value_is_not_junk(string kind, string value) => HardwareComponents.IsJunk(kind, value).ShouldBeFalse();

    [Fact]
    public void The_first_adapter_that_stays_in_the_computer_counts()
    {
        KeyValuePair<string, string>[] docked = [new("mac", "9C:EB:E8:01:02:03"), new("mac", "00:11:22:33:44:55"), new("mac", "00:11:22:33:44:56")];
        HardwareCode.From("muster-pos", docked).ShouldBe(Code(["", "", "", "", "00:11:22:33:44:55"]));
    }

    [Fact]
    public void The_order_given_and_unknown_kinds_do_not_count() =>
        HardwareCode.From("muster-pos", Components(Values).Reverse().Append(new("gpu", "X"))).ShouldBe(Code(Values));

    [Fact]
    public void A_hash_of_zero_is_written_as_one()
    {
        // Found by trying values until the first 20 bits of the hash were zero.
        var code = HardwareCode.From("muster-pos", [new("board-serial", ZeroHash)]);
        code.ToString().Split('-')[2][..4].ShouldBe("0001");
    }

    [Fact]
    public void Need_of_none_is_a_mistake_of_the_caller() =>
        Should.Throw<ArgumentOutOfRangeException>(() => Code(Values).Match(Code(Values), 0));

    private const string ZeroHash = "SN-1114571";

    private static HardwareCode Code(IEnumerable<string> values) => HardwareCode.From("muster-pos", Components(values));

    private static IEnumerable<KeyValuePair<string, string>> Components(IEnumerable<string> values) =>
        HardwareComponents.Kinds.Zip(values, KeyValuePair.Create);
}
