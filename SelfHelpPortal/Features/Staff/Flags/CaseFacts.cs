using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;

namespace SelfHelpPortal.Features.Staff.Flags;

/// <summary>What is stored about one computer of a case, and about the one that has its seat.</summary>
/// <param name="Silent">Names of the customer's other computers that were not seen since the release.</param>
internal sealed record CaseFacts(
    FlaggedComputer Seen, Activation Old, Activation? Taker, FlagEvidence Evidence, IReadOnlyList<string?> Silent)
{
    public FlagVerdict Verdict => FlagVerdict.On(Evidence);

    /// <returns>The computer that went furthest first: the verdict on the case is the one on it.</returns>
    /// <param name="license">With its activations.</param>
    public static async Task<IReadOnlyList<CaseFacts>> ReadAsync(
        PortalDbContext db, Flag flag, License license, CheckInPolicy policy, CancellationToken cancellationToken)
    {
        if (flag.Computers.Count == 0)
        {
            return [];
        }

        var networks = (await db.Events.AsNoTracking().Include(e => e.Detail)
                .Where(e => e.Stream == license.Id && (e.Kind == EventKind.Activated || e.Kind == EventKind.Sighted))
                .OrderBy(e => e.Seq).ToListAsync(cancellationToken))
            .Where(e => e.Detail?.IpPrefix is not null)
            .ToLookup(e => (e.Kind, EventLog.Read(e.Data).Activation), e => e.Detail!.IpPrefix!);
        var said = await db.Set<FlagMessage>().Where(m => m.FlagId == flag.Id && m.Explanation != null)
            .OrderByDescending(m => m.At).ThenByDescending(m => m.Id).Select(m => m.Explanation).FirstOrDefaultAsync(cancellationToken);
        var hadCase = await db.Flags.AnyAsync(
            f => f.LicenseId == license.Id && f.Kind == FlagKind.Sighting && f.OpenedAt < flag.OpenedAt, cancellationToken);
        var others = await OthersAsync(db, license, cancellationToken);
        return [.. flag.Computers.OrderByDescending(c => c.Stage).ThenByDescending(c => c.TimesSeen).ThenBy(c => c.FirstSeenAt)
            .Select(seen =>
            {
                var old = license.Activations.Single(a => a.Id == seen.ActivationId);
                var taker = license.Activations.SingleOrDefault(a => a.Id == seen.UsedByActivationId);

                // Who need not have asked yet is not silent.
                var asked = old.EndedAt is { } ended && seen.LastSeenAt - ended > TimeSpan.FromDays(policy.EveryDays);
                var judged = others
                    .Where(o => asked && o.Id != seen.UsedByActivationId && o.Id != seen.ActivationId && o.ActivatedAt <= old.EndedAt)
                    .ToList();
                var silent = judged.FindAll(o => o.SeenAt is null || o.SeenAt <= old.EndedAt);
                return new CaseFacts(
                    seen,
                    old,
                    taker,
                    new FlagEvidence
                    {
                        ReleasedBy = old.ReleasedBy,
                        ReleasedAt = old.EndedAt,
                        FirstSeenAt = seen.FirstSeenAt,
                        LastSeenAt = seen.LastSeenAt,
                        TimesSeen = seen.TimesSeen,
                        TakenSince = taker?.ActivatedAt,
                        EqualParts = taker is null ? null : old.HardwareCode.PartsEqualIn(taker.HardwareCode),
                        UnlikeParts = taker is null ? [] : old.HardwareCode.PartsChangedIn(taker.HardwareCode),
                        SameNetwork = networks[(EventKind.Sighted, old.Id)].LastOrDefault() is { } one
                            && networks[(EventKind.Activated, taker?.Id)].LastOrDefault() is { } other
                                ? one == other
                                : null,
                        AnotherIsSilent = judged.Count == 0 ? null : silent.Count > 0,
                        Said = said,
                        HadCaseBefore = hadCase,
                    },
                    [.. silent.Select(o => o.PcName)]);
            })];
    }

    /// <summary>The computers that the customer uses the product on.</summary>
    private static async Task<List<OtherComputer>> OthersAsync(
        PortalDbContext db, License license, CancellationToken cancellationToken) =>
        await (
            from l in db.Licenses
            where l.CustomerId == license.CustomerId && l.ProductId == license.ProductId
            from a in l.Activations
            where a.State == ActivationState.Active
            join s in db.ActivationsSeen on a.Id equals s.ActivationId into sightings
            from s in sightings.DefaultIfEmpty()
            select new OtherComputer(a.Id, a.PcName, a.ActivatedAt, s == null ? null : s.SeenAt)).ToListAsync(cancellationToken);

    private sealed record OtherComputer(Guid Id, string? PcName, DateTimeOffset ActivatedAt, DateTimeOffset? SeenAt);
}
