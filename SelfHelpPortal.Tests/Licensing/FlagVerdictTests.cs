using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;

namespace SelfHelpPortal.Tests.Licensing;

/// <summary>What a case is taken for, by what is known about it.</summary>
public class FlagVerdictTests
{
    private static readonly DateTimeOffset Released = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Without proof, first seen two days later; the other computer has had the seat since the hour of the release.</summary>
    private static readonly FlagEvidence Plain = new()
    {
        ReleasedBy = ReleaseMethod.ActivationKey,
        ReleasedAt = Released,
        TakenSince = Released.AddHours(1),
        FirstSeenAt = Released.AddDays(2),
        LastSeenAt = Released.AddDays(3),
        TimesSeen = 3,
        EqualParts = [HardwareComponents.Mac],
        UnlikeParts = [HardwareComponents.BoardUuid, HardwareComponents.BoardSerial],
    };

    private static readonly FlagEvidence Late =
        Plain with { FirstSeenAt = Released.AddDays(8), LastSeenAt = Released.AddDays(8), TimesSeen = 1 };

    private static readonly FlagEvidence Often =
        Plain with { FirstSeenAt = Released.AddHours(1), LastSeenAt = Released.AddDays(10), TimesSeen = 9 };

    public static TheoryData<string, FlagEvidence, FlagCause?, bool> Table => new()
    {
        { "seen once, a week after a release by key", Late, FlagCause.RepairedPc, true },
        { "and from the same network", Late with { SameNetwork = true }, FlagCause.RepairedPc, true },
        { "seen thrice, and said to be repaired", Plain with { Said = FlagExplanation.OldPcBack }, FlagCause.RepairedPc, false },
        { "released by its program, back after a week", Late with { ReleasedBy = ReleaseMethod.InApp }, FlagCause.RestoredImage, false },
        {
            "and the owner says a backup was restored",
            Late with { ReleasedBy = ReleaseMethod.QrCode, Said = FlagExplanation.RestoredImage },
            FlagCause.RestoredImage, true
        },
        {
            "the new one has its disk",
            Plain with { EqualParts = [HardwareComponents.DiskSerial] },
            FlagCause.ClonedDisk, false
        },
        {
            "the new one has its system, and it is seen day by day",
            Often with { ReleasedBy = null, EqualParts = [HardwareComponents.OsMachineId], FirstSeenAt = Released.AddDays(2) },
            FlagCause.ClonedDisk, true
        },
        {
            "used on from the first hour, elsewhere, without a common part",
            Often with { SameNetwork = false, EqualParts = [] },
            FlagCause.SecondPc, true
        },
        {
            "and the owner says that both are needed",
            Often with { SameNetwork = false, EqualParts = [], Said = FlagExplanation.BoughtSecond },
            FlagCause.SecondPc, true
        },
        {
            "used on, and another till is silent",
            Often with { AnotherIsSilent = true, SameNetwork = true },
            FlagCause.WrongTillReleased, true
        },
        {
            "used on, and all other tills were seen",
            Often with { AnotherIsSilent = false, HadCaseBefore = true, SameNetwork = false },
            FlagCause.SecondPc, true
        },
        { "seen thrice within days", Plain, null, false },
        { "and all other tills were seen", Plain with { AnotherIsSilent = false }, null, false },
        {
            "seen once within hours",
            Plain with { FirstSeenAt = Released.AddHours(2), LastSeenAt = Released.AddHours(2), TimesSeen = 1 },
            null, false
        },
        { "used on from the first hour, and that is all", Often, null, false },
        { "only booted, the owner says", Plain with { Said = FlagExplanation.OnlyBooted, ReleasedBy = null }, null, false },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void A_case_is_taken_for_what_speaks_most_for_it(string about, FlagEvidence evidence, FlagCause? cause, bool isCertain)
    {
        var verdict = FlagVerdict.On(evidence);

        (verdict.Cause, verdict.IsCertain).ShouldBe((cause, isCertain), about);
        verdict.For.ShouldNotBeEmpty();
        verdict.For.Intersect(verdict.Against).ShouldBeEmpty();
        if (cause is null)
        {
            verdict.Against.ShouldBeEmpty("nothing speaks against what nobody claims");
        }
    }

    [Fact]
    public void The_table_holds_every_verdict_and_every_fact()
    {
        var verdicts = Table.Select(row => FlagVerdict.On((FlagEvidence)((object?[])row)[1]!)).ToList();

        verdicts.Select(v => v.Cause).Distinct().ShouldBe(
            [FlagCause.RepairedPc, FlagCause.RestoredImage, FlagCause.ClonedDisk, FlagCause.SecondPc, FlagCause.WrongTillReleased, null],
            ignoreOrder: true);
        Enum.GetValues<FlagFact>().Except(verdicts.SelectMany(v => v.For.Concat(v.Against))).ShouldBeEmpty();
    }

    [Fact]
    public void What_speaks_against_a_verdict_is_named_too()
    {
        var verdict = FlagVerdict.On(Late with { SameNetwork = false });

        verdict.Cause.ShouldBe(FlagCause.RepairedPc);
        verdict.For.ShouldBe([FlagFact.ReleasedWithoutProof, FlagFact.QuietAtFirst, FlagFact.SeenSeldom]);
        verdict.Against.ShouldBe([FlagFact.OtherNetwork]);
    }

    [Fact]
    public void The_overlap_begins_when_both_are_there()
    {
        Plain.Overlap.ShouldBe(TimeSpan.FromDays(1));
        (Plain with { TakenSince = Released.AddDays(2.5) }).Overlap.ShouldBe(TimeSpan.FromHours(12));
        (Plain with { TakenSince = Released.AddDays(4) }).Overlap.ShouldBe(TimeSpan.Zero);
        (Plain with { TakenSince = null }).Overlap.ShouldBe(TimeSpan.FromDays(1));
    }
}
