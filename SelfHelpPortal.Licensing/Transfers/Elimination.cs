using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Licensing.Transfers;

/// <summary>A computer that uses a license of the product now.</summary>
/// <param name="LicenseNumber"><c>L-1043</c></param>
public sealed record ComputerInUse(Guid CustomerId, Guid LicenseId, string LicenseNumber, Guid ActivationId, HardwareCode HardwareCode);

public enum EliminationMark
{
    /// <summary>The code belongs to a license of the owner, whose computer therefore works.</summary>
    Works,

    /// <summary>The same computer stands in a row above.</summary>
    Duplicate,

    /// <summary>It is the new computer's own code.</summary>
    NewComputer,

    /// <summary>No license in use has it: mistyped beyond recognition, of another product, or another customer's.</summary>
    Unknown,
}

/// <param name="Computer">The one that was recognized; null for an unknown code.</param>
public sealed record EliminatedRow(EliminationMark Mark, ComputerInUse? Computer = null);

/// <summary>
/// Finds the license of the dead PC: from the owner's computers of the product those that still work are taken away, and what remains is
/// the dead one (domain.md). It decides nothing: one left is proposed, several are for staff.
/// </summary>
/// <param name="Rows">One for each code that was given, in its order.</param>
/// <param name="Owner">Null when no code was recognized, or those of several owners.</param>
/// <param name="Remaining">The owner's computers beside the working ones, by license number.</param>
public sealed record Elimination(IReadOnlyList<EliminatedRow> Rows, Guid? Owner, IReadOnlyList<ComputerInUse> Remaining)
{
    /// <summary>What equal parts must weigh before a code says who somebody is, whatever tolerance the product has.</summary>
    private const decimal IdentifyingPoints = 2;

    /// <summary>As many are left as are dead, so each of these is one of them.</summary>
    public bool Answers(int deadComputers) => Owner is not null && Remaining.Count == deadComputers;

    /// <param name="working">The codes of the computers that still work.</param>
    /// <param name="newComputers">The codes of those that take the dead ones' place.</param>
    /// <param name="inUse">Every computer of the owners in question that uses a license of the product.</param>
    /// <param name="points">The product's points.</param>
    /// <param name="owner">When he is known already: computers of others are not recognized then.</param>
    public static Elimination Compute(
        IReadOnlyList<HardwareCode> working, IReadOnlyList<HardwareCode> newComputers, IReadOnlyList<ComputerInUse> inUse, decimal points,
        Guid? owner = null)
    {
        var known = inUse.Where(c => owner is null || c.CustomerId == owner).ToList();
        var rows = new List<EliminatedRow>();
        for (var i = 0; i < working.Count; i++)
        {
            var code = working[i];
            rows.Add(
                newComputers.Any(n => Identifies(n, code, points))
                    ? new EliminatedRow(EliminationMark.NewComputer)
                    : Recognize(code, known, points) is { } computer
                    ? new EliminatedRow(rows.Exists(r => r.Computer == computer) ? EliminationMark.Duplicate : EliminationMark.Works,
                        computer)
                : working.Take(i).Any(before => Identifies(before, code, points)) ? new EliminatedRow(EliminationMark.Duplicate)
                : new EliminatedRow(EliminationMark.Unknown));
        }

        var works = rows.Where(r => r.Mark == EliminationMark.Works).Select(r => r.Computer!).ToList();
        var owners = works.Select(c => c.CustomerId).Distinct().ToList();
        var one = owner ?? (owners is [var only] ? only : null as Guid?);
        return new Elimination(rows, one,
            [.. known.Where(c => c.CustomerId == one && !works.Contains(c)).OrderBy(c => c.LicenseNumber, StringComparer.Ordinal)]);
    }

    /// <summary>The computer in use that this code is of, if any: of several the one that has most in common with it.</summary>
    public static ComputerInUse? Recognize(HardwareCode code, IEnumerable<ComputerInUse> inUse, decimal points) =>
        inUse.Where(c => Identifies(c.HardwareCode, code, points)).MaxBy(c => c.HardwareCode.Match(code, points).HalfPoints);

    /// <summary>
    /// Whether a code is of a known computer for certain. A code with few parts fits strangers too, even when it is exactly the same.
    /// </summary>
    public static bool Identifies(HardwareCode known, HardwareCode code, decimal points) =>
        !code.HasFewParts && known.Match(code, Math.Max(points, IdentifyingPoints)).Matches;
}
