namespace SelfHelpPortal.Licensing.Codes;

/// <summary>
/// Weighs whether two hardware codes are of one computer (codes.md, hardware code). The portal and the licensed program both judge by it,
/// so that neither says what the other denies.
/// </summary>
internal static class HardwareEvidence
{
    /// <summary>Parts of one unit that both codes must have; with fewer, a computer cannot be told from others of its model.</summary>
    public const int UnitPartsNeeded = 2;

    /// <summary>
    /// At least one point can only be reached with an equal part of one unit, so computers of which all such parts differ are never the
    /// same.
    /// </summary>
    /// <param name="points">The product's points, at least 1, in steps of a half.</param>
    public static HardwareMatch Weigh(HardwareCode one, HardwareCode other, decimal points)
    {
        var common = HardwareComponents.Kinds.Where(kind => one.Part(kind) is not null && other.Part(kind) is not null).ToList();
        return Weigh(common, common.FindAll(kind => one.Part(kind) == other.Part(kind)), points);
    }

    /// <summary>
    /// How many of these parts may become others, whichever they are, before the computer is another one. The CPU model tells nothing about
    /// a computer, so it is none of them.
    /// </summary>
    public static int PartsThatMayChange(IReadOnlyList<string> parts, decimal points)
    {
        var counted = parts.Where(kind => HardwareComponents.HalfPoints(kind) > 0).ToList();
        var most = counted.Count;
        for (var changes = 0; changes < 1 << counted.Count; changes++)
        {
            var kept = counted.Where((_, place) => (changes >> place & 1) == 0).ToList();
            if (!Weigh(counted, kept, points).Matches)
            {
                most = Math.Min(most, counted.Count - kept.Count - 1);
            }
        }

        return Math.Max(most, 0);
    }

    private static HardwareMatch Weigh(List<string> common, List<string> equal, decimal points)
    {
        var halfPoints = equal.Sum(HardwareComponents.HalfPoints);
        var matches = common.Count(HardwareComponents.IsUnitPart) >= UnitPartsNeeded && halfPoints >= points * 2
            && !IsOtherBoard(common, equal);
        return new HardwareMatch(matches, halfPoints, Drift: matches && equal.Count < common.Count);
    }

    /// <summary>
    /// A board of which both numbers differ is another computer, however much else agrees: a disk that was moved there brings its own
    /// number and the machine id. Only a replaced board leaves disk, network card and machine id as they were.
    /// </summary>
    private static bool IsOtherBoard(List<string> common, List<string> equal)
    {
        bool Differs(string kind) => common.Contains(kind) && !equal.Contains(kind);

        return Differs(HardwareComponents.BoardUuid)
            && Differs(HardwareComponents.BoardSerial)
            && !(equal.Contains(HardwareComponents.DiskSerial) && equal.Contains(HardwareComponents.Mac)
                && equal.Contains(HardwareComponents.OsMachineId));
    }
}
