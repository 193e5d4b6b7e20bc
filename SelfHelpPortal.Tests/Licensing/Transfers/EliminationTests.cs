using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing.Transfers;

public class EliminationTests
{
    private const decimal Points = 2;
    private static readonly Guid Owner = Guid.NewGuid();
    private static readonly Guid Stranger = Guid.NewGuid();
    private static readonly HardwareCode New = A.Hardware("KASSE-NEU");

    private static readonly ComputerInUse[] Tills = [Computer("KASSE-1", 1043), Computer("KASSE-2", 1044), Computer("KASSE-3", 1045)];

    [Fact]
    public void The_one_that_is_left_is_proposed()
    {
        var result = Elimination.Compute([A.Hardware("KASSE-1"), A.Hardware("KASSE-3")], [New], Tills, Points);

        result.Rows.Select(r => (r.Mark, r.Computer!.LicenseNumber))
            .ShouldBe([(EliminationMark.Works, "L-1043"), (EliminationMark.Works, "L-1045")]);
        result.Remaining.ShouldHaveSingleItem().LicenseNumber.ShouldBe("L-1044");
        result.Answers(deadComputers: 1).ShouldBeTrue();
    }

    [Fact]
    public void Of_several_left_none_is_proposed_unless_as_many_are_dead()
    {
        var result = Elimination.Compute([A.Hardware("KASSE-1")], [New], Tills, Points);

        result.Remaining.Count.ShouldBe(2);
        result.Answers(deadComputers: 1).ShouldBeFalse();
        result.Answers(deadComputers: 2).ShouldBeTrue();
    }

    [Fact]
    public void A_computer_with_exchanged_parts_is_recognized_within_the_tolerance()
    {
        Elimination.Compute([A.Hardware("KASSE-1", changed: 2)], [New], Tills, Points).Rows[0].Mark.ShouldBe(EliminationMark.Works);
        Elimination.Compute([A.Hardware("KASSE-1", changed: 3)], [New], Tills, Points).Rows[0].Mark.ShouldBe(EliminationMark.Unknown);
    }

    [Fact]
    public void A_code_with_few_components_identifies_nobody()
    {
        // Not even when a license was allowed to use exactly this code.
        ComputerInUse[] tills = [.. Tills, Computer("KASSE-4", 1046) with { HardwareCode = A.Hardware("KASSE-4", absent: 5) }];

        var result = Elimination.Compute([A.Hardware("KASSE-4", absent: 5)], [New], tills, points: 1);
        result.Rows[0].Mark.ShouldBe(EliminationMark.Unknown);
        result.Owner.ShouldBeNull();
        result.Remaining.ShouldBeEmpty();
    }

    [Fact]
    public void What_cannot_be_a_working_computer_is_named()
    {
        var result = Elimination.Compute(
            [New, A.Hardware("KASSE-1"), A.Hardware("KASSE-1", changed: 1), A.Hardware("FREMD"), A.Hardware("FREMD")], [New], Tills,
            Points);

        result.Rows.Select(r => r.Mark).ShouldBe(
            [EliminationMark.NewComputer, EliminationMark.Works, EliminationMark.Duplicate, EliminationMark.Unknown,
                EliminationMark.Duplicate]);
        result.Remaining.Count.ShouldBe(2);
    }

    [Fact]
    public void A_row_may_be_one_of_several_new_computers() =>
        Elimination.Compute([New], [A.Hardware("ANDERE"), New], Tills, Points).Rows[0].Mark.ShouldBe(EliminationMark.NewComputer);

    [Fact]
    public void What_is_left_is_told_by_license_number()
    {
        var result = Elimination.Compute(
            [A.Hardware("KASSE-1")], [New], [Computer("KASSE-3", 1045), Computer("KASSE-1", 1043), Computer("KASSE-2", 1044)], Points);

        result.Remaining.Select(c => c.LicenseNumber).ShouldBe(["L-1044", "L-1045"]);
    }

    [Fact]
    public void Of_several_computers_that_a_code_fits_the_one_with_most_in_common_is_meant()
    {
        ComputerInUse[] alike =
            [Computer("KASSE-1", 1043) with { HardwareCode = A.Hardware("KASSE-1", changed: 1) }, Computer("KASSE-1", 1044)];

        Elimination.Recognize(A.Hardware("KASSE-1"), alike, Points)!.LicenseNumber.ShouldBe("L-1044");
        Elimination.Recognize(A.Hardware("KASSE-1"), alike.Reverse(), Points)!.LicenseNumber.ShouldBe("L-1044");
        Elimination.Recognize(A.Hardware("FREMD"), alike, Points).ShouldBeNull();
    }

    [Fact]
    public void A_tolerant_product_identifies_nobody_by_one_part_and_a_strict_one_asks_for_more_than_two()
    {
        var (till, code) = (A.Hardware("KASSE-1"), A.Hardware("KASSE-1", changed: 2));
        Elimination.Identifies(till, code, points: 2).ShouldBeTrue();
        Elimination.Identifies(till, code, points: 3.5m).ShouldBeFalse();

        var (before, now) = (Code("disk 1", "001122334455"), Code("disk 2", "001122334455"));
        before.Match(now, 1).Matches.ShouldBeTrue();
        Elimination.Identifies(before, now, points: 1).ShouldBeFalse();

        static HardwareCode Code(string disk, string mac) => HardwareCode.From(A.ProductId, [new("disk-serial", disk), new("mac", mac)]);
    }

    [Fact]
    public void Codes_of_two_owners_name_no_owner()
    {
        var result =
            Elimination.Compute([A.Hardware("KASSE-1"), A.Hardware("FREMD")], [New], [.. Tills, Computer("FREMD", 2000, Stranger)], Points);

        result.Owner.ShouldBeNull();
        result.Remaining.ShouldBeEmpty();
        result.Answers(deadComputers: 0).ShouldBeFalse();
    }

    [Fact]
    public void For_a_known_owner_the_computers_of_others_are_unknown()
    {
        var result = Elimination.Compute([A.Hardware("FREMD")], [New], [.. Tills, Computer("FREMD", 2000, Stranger)], Points, Owner);

        result.Rows[0].ShouldBe(new EliminatedRow(EliminationMark.Unknown));
        result.Owner.ShouldBe(Owner);
        result.Remaining.Count.ShouldBe(3);
    }

    /// <summary>
    /// Any number of computers, any of them working, parts exchanged within the tolerance, rows in any order and repeated, junk between
    /// them.
    /// </summary>
    [Fact]
    public void Whatever_works_is_taken_away_and_nothing_else()
    {
        var random = new Seeded();
        for (var round = 0; round < 500; round++)
        {
            var all = Enumerable.Range(0, 1 + random.Below(6)).Select(i => Computer($"PC-{i}", 3000 + i)).ToList();
            var strangers = Enumerable.Range(0, random.Below(3)).Select(i => Computer($"FREMD-{i}", 4000 + i, Stranger)).ToList();
            var works = all.Where(_ => random.Below(2) == 0).ToList();
            var codes = works.Select(c => A.Hardware(Name(c), changed: random.Below(3))).ToList();
            codes.AddRange(works.Where(_ => random.Below(4) == 0).Select(c => c.HardwareCode));
            codes.AddRange(Enumerable.Range(0, random.Below(2)).Select(i => A.Hardware($"UNBEKANNT-{i}")));
            var shuffled = codes.Select(c => (c, random.Below(1000))).OrderBy(p => p.Item2).Select(p => p.c).ToList();

            var result = Elimination.Compute(shuffled, [New], [.. strangers, .. all], Points);

            var why = $"seed {random.Seed}, round {round}";
            result.Rows.Count.ShouldBe(shuffled.Count, why);
            result.Rows.Where(r => r.Mark == EliminationMark.Works).Select(r => r.Computer!).ShouldBe(works, ignoreOrder: true, why);
            result.Owner.ShouldBe(works.Count > 0 ? Owner : null, why);
            result.Remaining.ShouldBe(works.Count > 0 ? all.Except(works) : [], ignoreOrder: true, why);
        }
    }

    private static string Name(ComputerInUse computer) =>
        $"PC-{int.Parse(computer.LicenseNumber[2..], System.Globalization.CultureInfo.InvariantCulture) - 3000}";

    private static ComputerInUse Computer(string pc, int license, Guid? owner = null) =>
        new(owner ?? Owner, Guid.NewGuid(), $"L-{license}", Guid.NewGuid(), A.Hardware(pc));
}
