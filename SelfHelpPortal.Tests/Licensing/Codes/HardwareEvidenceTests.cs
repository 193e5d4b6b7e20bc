using FsCheck;
using FsCheck.Fluent;
using SelfHelpPortal.Client;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing.Codes;

/// <summary>
/// What makes two hardware codes one computer: stories, every combination of parts, and what must hold whatever the parts are.
/// </summary>
public class HardwareEvidenceTests
{
    private static readonly string[] UnitParts = ["board-uuid", "board-serial", "disk-serial", "mac"];

    [Theory]
    [MemberData(nameof(HardwareVectors.Stories), MemberType = typeof(HardwareVectors))]
    public void The_portal_judges_each_story(string story)
    {
        var pair = HardwareVectors.Get(story);
        var (activated, now) = (pair.ActivatedCode(A.ProductId), pair.NowCode(A.ProductId));

        activated.Match(now, pair.Points).Matches.ShouldBe(pair.Same);

        // And so does everything that is decided by it: a check-in, and an activation on a license whose only seat is taken.
        var scene = A.License(policies: A.Staged with { Hardware = new HardwarePolicy { Points = pair.Points } });
        if (scene.TryActivate("before", activated) is { Succeeded: true })
        {
            scene.CheckIn("before", now).IsValid().ShouldBe(pair.Same);
            var again = scene.AfterDays(1).TryActivate("now", now);
            (again.Succeeded ? null : again.Refused.Refusal as Refusal?).ShouldBe(
                pair.Same ? null : now.HasFewParts ? Refusal.FewParts : Refusal.TooManyActivations);
        }
    }

    [Theory]
    [MemberData(nameof(HardwareVectors.Stories), MemberType = typeof(HardwareVectors))]
    public void The_client_judges_each_story_alike(string story)
    {
        var pair = HardwareVectors.Get(story);
        if (pair.Points == HardwareCode.DefaultPoints)
        {
            Judge.IsOf(pair.ActivatedCode("p"), pair.NowCode("p")).ShouldBe(pair.Same);
        }
    }

    [Fact]
    public void The_same_table_says_which_values_count()
    {
        foreach (var (kind, value) in HardwareVectors.All.Absent)
        {
            HardwareComponents.IsJunk(kind, value).ShouldBeTrue($"{kind} {value}");
            HardwareCode.From("p", [KeyValuePair.Create(kind, value)]).Parts.ShouldBeEmpty($"{kind} {value}");
        }

        foreach (var (kind, value) in HardwareVectors.All.Present)
        {
            HardwareComponents.IsJunk(kind, value).ShouldBeFalse($"{kind} {value}");
            HardwareCode.From("p", [KeyValuePair.Create(kind, value)]).Parts.ShouldBe([kind], $"{kind} {value}");
        }
    }

    /// <summary>Each component equal, different or missing, for every number of points, against the rule told a second time.</summary>
    [Fact]
    public void Every_combination_of_parts_is_judged_by_the_rule()
    {
        var (same, different) = (0, 0);
        foreach (var combination in Combinations())
        {
            var (one, other) = (Code(combination.Select(c => c == '-' ? null : "a")),
                Code(combination.Select(c => c == '-' ? null : c == '=' ? "a" : "b")));
            var (present, equal) = (Kinds(combination, '=', '#'), Kinds(combination, '='));
            var boardDiffers = Kinds(combination, '#').IsSupersetOf(["board-uuid", "board-serial"]);
            var boardWasReplaced = equal.IsSupersetOf(["disk-serial", "mac", "os-machine-id"]);
            for (var points = 1m; points <= 4.5m; points += 0.5m)
            {
                var weight = UnitParts.Count(equal.Contains) + (equal.Contains("os-machine-id") ? 0.5m : 0);
                var isTheSameCode = present.Count > 0 && present.SetEquals(equal);
                var expected = isTheSameCode
                    || (UnitParts.Count(present.Contains) >= 2 && weight >= points && (!boardDiffers || boardWasReplaced));

                var match = one.Match(other, points);

                match.ShouldBe(new HardwareMatch(expected, (int)(weight * 2), Drift: expected && !present.SetEquals(equal)),
                    $"{combination} {points}");
                _ = expected ? same++ : different++;
            }
        }

        (same > 500 && different > 500).ShouldBeTrue($"{same} {different}");
    }

    [Fact]
    public void It_does_not_matter_which_of_two_computers_comes_first() =>
        Prop.ForAll(Codes, Codes, Points, (one, other, points) => one.Match(other, points) == other.Match(one, points))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_computer_of_which_all_unit_parts_differ_is_another_and_so_is_one_with_fewer_than_two_in_common() =>
        Prop.ForAll(Codes, Codes, Points, (one, other, points) =>
        {
            var common = UnitParts.Where(kind => one.Part(kind) is not null && other.Part(kind) is not null).ToList();
            var isHopeless = common.Count < 2 || common.TrueForAll(kind => one.Part(kind) != other.Part(kind));
            return !isHopeless || one == other || !one.Match(other, points).Matches;
        }).QuickCheckThrowOnFailure();

    /// <summary>One component more that agrees never makes one computer two, and more points never make two computers one.</summary>
    [Fact]
    public void More_evidence_never_speaks_against_a_computer() =>
        Prop.ForAll(Sets, Sets, Points, (one, other, points) =>
        {
            foreach (var kind in HardwareComponents.Kinds.Where(one.ContainsKey))
            {
                var closer = new Dictionary<string, string>(other) { [kind] = one[kind] };
                if (Code(one).Match(Code(other), points).Matches)
                {
                    Code(one).Match(Code(closer), points).Matches.ShouldBeTrue();
                    (points == 1 || Code(one).Match(Code(other), points - 0.5m).Matches).ShouldBeTrue();
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_processor_weighs_nothing() =>
        Prop.ForAll(Sets, Sets, Points, (one, other, points) =>
        {
            bool SameWith(string? mine, string? theirs) => Code(With(one, mine)).Match(Code(With(other, theirs)), points).Matches;

            // But for codes that are the same in everything else, whatever they hold.
            return Code(With(one, null)) == Code(With(other, null))
                || (SameWith("x", "x") == SameWith("x", "y") && SameWith("x", "y") == SameWith(null, "y"));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_computer_activated_with_few_parts_is_known_as_long_as_all_of_them_are_found_again()
    {
        var few = Code(("disk-serial", "d"), ("cpu-id", "c"), ("os-machine-id", "o"));
        few.HasFewParts.ShouldBeTrue();
        few.Match(few, 2).ShouldBe(new HardwareMatch(true, 3, Drift: false));

        // A newer version reads the network card too. That is learned.
        var more = Code(("disk-serial", "d"), ("cpu-id", "c"), ("os-machine-id", "o"), ("mac", "m"));
        few.MatchNow(more, 2).ShouldBe(new HardwareMatch(true, 3, Drift: true));
        few.Match(more, 2).Matches.ShouldBeFalse("without a proof it is not enough");
        more.MatchNow(few, 2).Matches.ShouldBeFalse("and not the other way round");

        few.MatchNow(Code(("disk-serial", "other"), ("cpu-id", "c"), ("os-machine-id", "o"), ("mac", "m")), 2).Matches.ShouldBeFalse();
        few.MatchNow(Code(("disk-serial", "d"), ("cpu-id", "c"), ("mac", "m")), 2).Matches.ShouldBeFalse();
        Code(("cpu-id", "c"))
            .MatchNow(Code(("cpu-id", "c"), ("mac", "m"), ("disk-serial", "d")), 2).Matches.ShouldBeFalse("a processor alone is nobody");
    }

    [Fact]
    public void Only_a_computer_with_few_parts_is_known_by_less_than_the_products_points()
    {
        var enough = Code(("board-uuid", "u"), ("mac", "m"));
        var more = Code(("board-uuid", "u"), ("mac", "m"), ("disk-serial", "d"));
        enough.MatchNow(more, 3.5m).ShouldBe(new HardwareMatch(false, 4, Drift: false));
        enough.MatchNow(more, 2).ShouldBe(new HardwareMatch(true, 4, Drift: false));

        // And what is exactly the same is nothing to learn.
        var few = Code(("disk-serial", "d"));
        few.MatchNow(few, 2).ShouldBe(few.Match(few, 2));
        few.MatchNow(few, 2).Drift.ShouldBeFalse();
    }

    /// <summary>Each line of the table, written as systems write it.</summary>
    [Theory]
    [InlineData("None")]
    [InlineData("NULL")]
    [InlineData("N/A")]
    [InlineData("OEM")]
    [InlineData("Default")]
    [InlineData("Unknown")]
    [InlineData("INVALID")]
    [InlineData("Empty")]
    [InlineData("Eval")]
    [InlineData("Square")]
    [InlineData("PCIe 2")]
    [InlineData("SerNum0")]
    [InlineData("123456789")]
    [InlineData("1234567890")]
    [InlineData("0123456789")]
    [InlineData("0123456789ABCDEF")]
    [InlineData("9876543210")]
    [InlineData("MB-1234567890")]
    [InlineData("SYS-1234567890")]
    [InlineData("BSN12345678901234567")]
    [InlineData("00000000000000000001")]
    [InlineData("01000000000000000001")]
    [InlineData("AA000000000000000001")]
    [InlineData("VMware NVME_0000")]
    [InlineData("")]
    [InlineData(null)]
    public void A_placeholder_says_nothing_in_any_spelling(string? value)
    {
        foreach (var spelling in (string?[])[value, value?.ToLowerInvariant(), value?.ToUpperInvariant(), $" {value}. "])
        {
            HardwareComponents.IsJunk("board-serial", spelling).ShouldBeTrue(spelling);
        }

        HardwareComponents.IsJunk("board-serial", value + "X7").ShouldBeFalse("but a number may begin like it");
    }

    [Theory]
    [InlineData("03000200-0400-0500-0006-000700080009")]
    [InlineData("12345678-1234-5678-1234-567812345678")]
    [InlineData("12345678-1234-5678-90AB-CDDEEFAABBCC")]
    [InlineData("01234567-89AB-CDEF-0123-456789ABCDEF")]
    [InlineData("00010203-0405-0607-0809-0A0B0C0D0E0F")]
    [InlineData("01020304-0506-0708-090A-0B0C0D0E0F10")]
    [InlineData("11111111-2222-3333-4444-555555555555")]
    [InlineData("4C4C4544-0000-2010-8020-80C04F202020")]
    public void An_example_of_a_board_says_nothing_in_either_order_of_bytes(string uuid)
    {
        HardwareComponents.IsJunk("board-uuid", uuid).ShouldBeTrue();
        HardwareComponents.IsJunk("board-uuid", new Guid(Convert.FromHexString(uuid.Replace("-", ""))).ToString())
            .ShouldBeTrue("the other order");
        HardwareComponents.IsJunk("board-uuid", uuid[..^1] + "7").ShouldBeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1, "board-uuid")]
    [InlineData(3, "disk-serial", "cpu-id", "os-machine-id")]
    public void Few_parts_are_fewer_than_two_of_one_unit(int count, params string[] kinds)
    {
        var code = Code([.. kinds.Select(kind => (kind, "x"))]);

        (code.HasFewParts, code.Parts.Count).ShouldBe((true, count));
        code.Parts.ShouldBe(kinds);
        Code([.. kinds.Select(kind => (kind, "x")), ("mac", "m"), ("board-serial", "s")]).HasFewParts.ShouldBeFalse();
    }

    private static Arbitrary<Dictionary<string, string>> Sets { get; } =
        (from values in Gen.Elements("", "a", "a", "b").ArrayOf(6)
         select HardwareComponents.Kinds.Zip(values).Where(c => c.Second.Length > 0).ToDictionary(c => c.First, c => c.Second))
             .ToArbitrary();

    private static Arbitrary<HardwareCode> Codes { get; } = Sets.Generator.Select(Code).ToArbitrary();

    private static Arbitrary<decimal> Points { get; } = Gen.Choose(2, 9).Select(half => half / 2m).ToArbitrary();

    private static IEnumerable<string> Combinations() =>
        Enumerable.Range(0, 729)
            .Select(number => string.Concat(Enumerable.Range(0, 6).Select(place => "=#-"[number / (int)Math.Pow(3, place) % 3])));

    private static HashSet<string> Kinds(string combination, params char[] states) =>
        [.. HardwareComponents.Kinds.Where((_, place) => states.Contains(combination[place]))];

    private static Dictionary<string, string> With(Dictionary<string, string> set, string? cpu)
    {
        var changed = new Dictionary<string, string>(set);
        changed.Remove("cpu-id");
        if (cpu is not null)
        {
            changed["cpu-id"] = cpu;
        }

        return changed;
    }

    private static HardwareCode Code(IEnumerable<string?> values) =>
        Code([.. HardwareComponents.Kinds.Zip(values).Where(c => c.Second is not null).Select(c => (c.First, c.Second!))]);

    private static HardwareCode Code(Dictionary<string, string> set) => Code([.. set.Select(c => (c.Key, c.Value))]);

    /// <summary>Values are marked with their kind, and addresses made long enough to be of nobody's table.</summary>
    private static HardwareCode Code(params (string Kind, string Value)[] parts) =>
        HardwareCode.From(
            "p", parts.Select(p => KeyValuePair.Create(p.Kind, p.Kind == "mac" ? Address(p.Value) : $"{p.Kind} {p.Value} of a PC")));

    private static string Address(string value) => "001122" + Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(value + "xyz"))[..6];
}
