using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;

namespace SelfHelpPortal.Features.Staff.Flags;

public enum LaneMarkKind
{
    Activated,
    Released,
    SeenFirst,
    SeenLast,
    Opened,
    ComputerLocked,
    LicenseLocked,
    Unlocked,
    Reopened,
}

/// <param name="Method">Of a release: how.</param>
public sealed record LaneMark(DateTimeOffset At, LaneMarkKind Kind, ReleaseMethod? Method = null);

/// <summary>One computer over time.</summary>
/// <param name="Name">Null of the license itself, which has the last lane.</param>
/// <param name="UsedUntil">Null = still.</param>
/// <param name="SeenUntil">When it was seen last after that; null = never.</param>
public sealed record Lane(
    string? Name, bool IsLicense, DateTimeOffset? UsedFrom, DateTimeOffset? UsedUntil, DateTimeOffset? SeenUntil,
    IReadOnlyList<LaneMark> Marks)
{
    private const int MostOthers = 4;

    /// <returns>The case's computers and those that took their seats; last the license. Empty of an objection.</returns>
    internal static IReadOnlyList<Lane> Draw(Flag flag, License license, History history)
    {
        if (flag.Computers.Count == 0)
        {
            return [];
        }

        var seen = flag.Computers.ToDictionary(c => c.ActivationId);
        var seats = license.Activations.Where(a => seen.ContainsKey(a.Id)).Select(a => a.Seat).ToHashSet();
        var takers = license.Activations
            .Where(a => !seen.ContainsKey(a.Id) && seats.Contains(a.Seat) && (a.EndedAt is null || a.EndedAt >= flag.OpenedAt))
            .OrderBy(a => a.ActivatedAt).Take(MostOthers);
        var ofLicense = history.Entries.Where(e => e.Data.Case == flag.Number).Select(e => (e.At, Kind: KindOf(e.Kind)))
            .Where(e => e.Kind is not null).Select(e => new LaneMark(e.At, e.Kind!.Value))
            .Append(new LaneMark(flag.OpenedAt, LaneMarkKind.Opened)).OrderBy(m => m.At).ThenBy(m => m.Kind).ToList();
        return
        [
            .. license.Activations.Where(a => seen.ContainsKey(a.Id)).OrderBy(a => a.ActivatedAt).Select(a => Of(a, seen[a.Id], history)),
            .. takers.Select(a => Of(a, null, history)),
            new Lane(null, IsLicense: true, null, null, null, ofLicense),
        ];
    }

    private static Lane Of(Activation computer, FlaggedComputer? seen, History history)
    {
        var marks = new List<LaneMark> { new(computer.ActivatedAt, LaneMarkKind.Activated) };
        if (computer.EndedAt is { } ended)
        {
            marks.Add(new LaneMark(ended, LaneMarkKind.Released, computer.ReleasedBy));
        }

        if (seen is not null)
        {
            marks.Add(new LaneMark(seen.FirstSeenAt, LaneMarkKind.SeenFirst));
            if (seen.LastSeenAt > seen.FirstSeenAt)
            {
                marks.Add(new LaneMark(seen.LastSeenAt, LaneMarkKind.SeenLast));
            }
        }

        marks.AddRange(history.Entries.Where(e => e.Kind == EventKind.ComputerLocked && e.Data.Activation == computer.Id)
            .Select(e => new LaneMark(e.At, LaneMarkKind.ComputerLocked)));
        return new Lane(
            computer.PcName ?? "", IsLicense: false, computer.ActivatedAt, computer.EndedAt, seen?.LastSeenAt,
            [.. marks.OrderBy(m => m.At).ThenBy(m => m.Kind)]);
    }

    private static LaneMarkKind? KindOf(EventKind kind) => kind switch
    {
        EventKind.LicenseLocked => LaneMarkKind.LicenseLocked,
        EventKind.Unlocked => LaneMarkKind.Unlocked,
        EventKind.Reopened => LaneMarkKind.Reopened,
        _ => null,
    };
}
