using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;

namespace SelfHelpPortal.Licensing.CheckIn;

/// <summary>What a case turned out to be.</summary>
public enum FlagCause
{
    /// <summary>A computer that was given up as dead was repaired, and is used again.</summary>
    RepairedPc,

    /// <summary>A backup brought back the state before the computer had given up the license.</summary>
    RestoredImage,

    /// <summary>The system of the old computer runs on the new one as well.</summary>
    ClonedDisk,

    /// <summary>Two computers are used with one license.</summary>
    SecondPc,

    /// <summary>Another computer than the dead one was released.</summary>
    WrongTillReleased,

    /// <summary>The vendor's program or the portal was wrong.</summary>
    OurFault,
    Other,
}

/// <summary>What speaks for one cause and against others.</summary>
public enum FlagFact
{
    /// <summary>The program on the computer gave up the license itself.</summary>
    ReleasedByItself,
    ReleasedWithoutProof,

    /// <summary>It was not seen for days after the release.</summary>
    QuietAtFirst,

    /// <summary>It was seen within a day of the release.</summary>
    SeenAtOnce,
    SeenSeldom,

    /// <summary>It was seen many times, over days.</summary>
    SeenOften,

    /// <summary>Both computers have the same disk or the same installation of the system.</summary>
    SystemInBoth,

    /// <summary>The two computers have no part in common.</summary>
    NothingInBoth,

    /// <summary>Another computer of the customer's has not been seen since the release.</summary>
    AnotherIsSilent,

    /// <summary>All other computers of the customer's were seen after the release.</summary>
    OthersWereSeen,
    SameNetwork,
    OtherNetwork,
    SaidRepaired,
    SaidRestored,
    SaidOnlyBooted,
    SaidSecond,

    /// <summary>The license had such a case before.</summary>
    HadCaseBefore,
}

/// <summary>What is stored about a computer that was used after its release.</summary>
public sealed record FlagEvidence
{
    public required ReleaseMethod? ReleasedBy { get; init; }
    public required DateTimeOffset? ReleasedAt { get; init; }
    public required DateTimeOffset FirstSeenAt { get; init; }
    public required DateTimeOffset LastSeenAt { get; init; }
    public required int TimesSeen { get; init; }

    /// <summary>Since when the other computer has had the seat; null = it is not known any more.</summary>
    public DateTimeOffset? TakenSince { get; init; }

    /// <summary>Kinds of parts that are equal in both computers; null = nothing is known of the other one.</summary>
    public IReadOnlyList<string>? EqualParts { get; init; }

    /// <summary>Kinds of parts that both computers have, each its own.</summary>
    public IReadOnlyList<string> UnlikeParts { get; init; } = [];

    /// <summary>Null = one of the networks is not stored any more.</summary>
    public bool? SameNetwork { get; init; }

    /// <summary>
    /// Whether a computer of the customer's that was active at the release has not been seen since; null = there is no other.
    /// </summary>
    public bool? AnotherIsSilent { get; init; }

    /// <summary>What the customer said last.</summary>
    public FlagExplanation? Said { get; init; }

    public bool HadCaseBefore { get; init; }

    /// <summary>How long both computers are known to have used the license: from the first sighting to the last.</summary>
    public TimeSpan Overlap
    {
        get
        {
            var begin = TakenSince > FirstSeenAt ? TakenSince.Value : FirstSeenAt;
            return LastSeenAt > begin ? LastSeenAt - begin : TimeSpan.Zero;
        }
    }
}

/// <summary>What most probably lies behind a case, and why.</summary>
/// <param name="Cause">Null = too little is known.</param>
/// <param name="IsCertain">So much speaks for it that it may be taken for granted.</param>
/// <param name="For">The facts that speak for it; of no verdict, all facts.</param>
/// <param name="Against">The facts that speak against it.</param>
public sealed record FlagVerdict(FlagCause? Cause, bool IsCertain, IReadOnlyList<FlagFact> For, IReadOnlyList<FlagFact> Against)
{
    public const int DaysOfSilence = 3;
    public const int OftenSeen = 5;
    private const int PointsNeeded = 3;
    private const int LeadNeeded = 2;
    private const int PointsOfCertainty = 5;
    private const int LeadOfCertainty = 3;

    private static readonly FlagCause[] Causes =
        [FlagCause.RepairedPc, FlagCause.RestoredImage, FlagCause.ClonedDisk, FlagCause.SecondPc, FlagCause.WrongTillReleased];

    public static FlagVerdict On(FlagEvidence evidence)
    {
        var facts = FactsOf(evidence).ToList();
        var ranked = Causes.Select((cause, place) => (Cause: cause, Points: facts.Sum(fact => Weights(fact)[place])))
            .OrderByDescending(one => one.Points).ToList();
        var (best, lead) = (ranked[0], ranked[0].Points - ranked[1].Points);
        if (best.Points < PointsNeeded || lead < LeadNeeded)
        {
            return new FlagVerdict(null, IsCertain: false, facts, []);
        }

        int Weight(FlagFact fact) => Weights(fact)[Array.IndexOf(Causes, best.Cause)];

        return new FlagVerdict(
            best.Cause, best.Points >= PointsOfCertainty && lead >= LeadOfCertainty, facts.FindAll(fact => Weight(fact) > 0),
            facts.FindAll(fact => Weight(fact) < 0));
    }

    private static IEnumerable<FlagFact> FactsOf(FlagEvidence seen)
    {
        if (seen.ReleasedBy is { } method)
        {
            yield return method.IsProven() ? FlagFact.ReleasedByItself : FlagFact.ReleasedWithoutProof;
        }

        if (seen.ReleasedAt is { } released)
        {
            var quiet = seen.FirstSeenAt - released;
            if (quiet >= TimeSpan.FromDays(DaysOfSilence))
            {
                yield return FlagFact.QuietAtFirst;
            }
            else if (quiet < TimeSpan.FromDays(1))
            {
                yield return FlagFact.SeenAtOnce;
            }
        }

        if (seen.TimesSeen <= 2)
        {
            yield return FlagFact.SeenSeldom;
        }
        else if (seen.TimesSeen >= OftenSeen && seen.Overlap >= TimeSpan.FromDays(1))
        {
            yield return FlagFact.SeenOften;
        }

        if (seen.EqualParts is { } equal)
        {
            if (equal.Contains(HardwareComponents.DiskSerial) || equal.Contains(HardwareComponents.OsMachineId))
            {
                yield return FlagFact.SystemInBoth;
            }
            else if (equal.Count == 0 && seen.UnlikeParts.Count > 0)
            {
                yield return FlagFact.NothingInBoth;
            }
        }

        if (seen.AnotherIsSilent is { } silent)
        {
            yield return silent ? FlagFact.AnotherIsSilent : FlagFact.OthersWereSeen;
        }

        if (seen.SameNetwork is { } same)
        {
            yield return same ? FlagFact.SameNetwork : FlagFact.OtherNetwork;
        }

        FlagFact? said = seen.Said switch
        {
            FlagExplanation.OldPcBack => FlagFact.SaidRepaired,
            FlagExplanation.RestoredImage => FlagFact.SaidRestored,
            FlagExplanation.OnlyBooted => FlagFact.SaidOnlyBooted,
            FlagExplanation.BoughtSecond => FlagFact.SaidSecond,
            FlagExplanation.Other or null => null,
        };
        if (said is { } words)
        {
            yield return words;
        }

        if (seen.HadCaseBefore)
        {
            yield return FlagFact.HadCaseBefore;
        }
    }

    /// <summary>What a fact weighs for each of <see cref="Causes"/>, in their order. Words weigh less than what was measured.</summary>
    private static int[] Weights(FlagFact fact) => fact switch
    {
        //                                repaired image cloned second wrong
        FlagFact.ReleasedByItself => [-2, +3, 0, -1, -2],
        FlagFact.ReleasedWithoutProof => [+2, -2, 0, +1, +1],
        FlagFact.QuietAtFirst => [+2, +1, 0, -1, -2],
        FlagFact.SeenAtOnce => [-2, 0, 0, +1, +2],
        FlagFact.SeenSeldom => [+1, 0, 0, -2, -1],
        FlagFact.SeenOften => [-1, 0, +1, +2, +2],
        FlagFact.SystemInBoth => [0, 0, +4, -1, 0],
        FlagFact.NothingInBoth => [0, 0, -3, +1, 0],
        FlagFact.AnotherIsSilent => [-1, 0, 0, -1, +3],
        FlagFact.OthersWereSeen => [0, 0, 0, 0, -3],
        FlagFact.SameNetwork => [+1, 0, +1, -1, +1],
        FlagFact.OtherNetwork => [-1, 0, 0, +2, -1],
        FlagFact.SaidRepaired => [+2, 0, 0, -1, 0],
        FlagFact.SaidRestored => [0, +2, 0, -1, 0],
        FlagFact.SaidOnlyBooted => [+1, 0, 0, -1, 0],
        FlagFact.SaidSecond => [-1, -1, 0, +2, 0],
        FlagFact.HadCaseBefore => [0, 0, 0, +1, 0],
    };
}
