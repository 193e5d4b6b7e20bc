using System.Numerics;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Tests.Licensing.Codes;

/// <summary>How many parts may change is what matching the codes of all computers with as many changed parts says.</summary>
public class PartsThatMayChangeTests
{
    private static readonly string[] Kinds = [.. HardwareComponents.Kinds.Where(kind => kind != HardwareComponents.CpuId)];

    [Fact]
    public void As_many_as_every_choice_of_them_still_matches()
    {
        for (var present = 0; present < 1 << Kinds.Length; present++)
        {
            var parts = Kinds.Where((_, place) => (present >> place & 1) == 1).ToArray();
            var known = Code(parts, []);
            for (var points = 1m; points <= 4.5m; points += 0.5m)
            {
                var most = Enumerable.Range(0, parts.Length + 1).TakeWhile(count => Choices(parts, count)
                    .All(changed => known.HasFewParts is false && known.Match(Code(parts, changed), points).Matches)).LastOrDefault();

                known.PartsThatMayChange(points).ShouldBe(most, $"{string.Join(", ", parts)} at {points} points");
            }
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    [InlineData(4, 0)]
    [InlineData(4.5, 0)]
    public void Of_a_whole_PC(double points, int expected) => Code(Kinds, []).PartsThatMayChange((decimal)points).ShouldBe(expected);

    [Fact]
    public void What_has_changed_is_named_and_what_one_of_them_does_not_know_is_not()
    {
        var known = Code(Kinds, []);
        known.PartsChangedIn(Code(Kinds, [HardwareComponents.DiskSerial, HardwareComponents.OsMachineId]))
            .ShouldBe([HardwareComponents.DiskSerial, HardwareComponents.OsMachineId]);
        known.PartsChangedIn(Code([.. Kinds.Where(kind => kind != HardwareComponents.Mac)], [])).ShouldBeEmpty();
    }

    private static IEnumerable<string[]> Choices(string[] parts, int count) => Enumerable.Range(0, 1 << parts.Length)
        .Where(choice => BitOperations.PopCount((uint)choice) == count)
        .Select(choice => parts.Where((_, place) => (choice >> place & 1) == 1).ToArray());

    private static HardwareCode Code(string[] parts, string[] changed) => HardwareCode.From("muster-pos", parts.Select(kind =>
        KeyValuePair.Create(kind, kind == HardwareComponents.Mac
            ? changed.Contains(kind) ? "001122334455" : "001122AABBCC"
            : $"{kind} {(changed.Contains(kind) ? "exchanged" : "first")}")));
}
