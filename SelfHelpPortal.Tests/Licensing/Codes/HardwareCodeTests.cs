using FsCheck;
using FsCheck.Fluent;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Tests.Licensing.Codes;

public class HardwareCodeTests
{
    private static readonly string[] Values = ["4C4C4544-0034", "SN077", "WD-0", "BFEBFBFF000906EA", "00:11:22:33:44:55", "9f0c"];

    [Fact]
    public void Another_product_has_other_hashes() =>
        Code(Values).Match(HardwareCode.From("other-pos", Components(Values)), 1).ShouldBe(default);

    [Fact]
    public void Another_component_set_is_not_compared()
    {
        var code = Code(Values);
        var later = "H102" + CheckSymbols.Compute('H', 0, "H102") + code.Normalized[5..];
        HardwareCode.TryParse(later, out var other, out _).ShouldBeTrue();
        code.Match(other!, 2).ShouldBe(default);
        code.MatchNow(other!, 2).ShouldBe(default);
    }

    [Fact]
    public void Any_components_make_a_code_that_reads_back() => Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>[]>(), values =>
    {
        var code = Code(values.Select(value => value.Get));
        HardwareCode.TryParse(code.ToString(), out var read, out var problem).ShouldBeTrue(problem.ToString());
        read.ShouldBe(code);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_first_adapter_that_stays_in_the_computer_counts()
    {
        KeyValuePair<string, string>[] docked =
            [new("mac", "9C:EB:E8:01:02:03"), new("mac", "00:11:22:33:44:55"), new("mac", "00:11:22:33:44:56")];
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
    public void Less_than_one_point_is_a_mistake_of_the_caller() =>
        Should.Throw<ArgumentOutOfRangeException>(() => Code(Values).Match(Code(Values), 0.5m));

    private const string ZeroHash = "SN-1114571";

    private static HardwareCode Code(IEnumerable<string> values) => HardwareCode.From("muster-pos", Components(values));

    private static IEnumerable<KeyValuePair<string, string>> Components(IEnumerable<string> values) =>
        HardwareComponents.Kinds.Zip(values, KeyValuePair.Create);
}
