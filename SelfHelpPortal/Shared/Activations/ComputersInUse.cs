using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Shared.Activations;

/// <param name="PcName">As it is stored; masked by whoever shows it.</param>
internal sealed record ComputerInUse(Guid Id, string? PcName, DateTimeOffset ActivatedAt, DateTimeOffset? LastSeen);

/// <summary>Who has the seats of a license, for somebody who finds none left.</summary>
internal static class ComputersInUse
{
    public static async Task<IReadOnlyList<ComputerInUse>> GetAsync(
        PortalDbContext db, License license, CancellationToken cancellationToken)
    {
        var holders = license.ActiveComputers.Where(a => a.HasSeat).ToList();
        var ids = holders.Select(a => a.Id).ToList();
        var seen = await db.ActivationsSeen.Where(s => ids.Contains(s.ActivationId))
            .ToDictionaryAsync(s => s.ActivationId, s => s.SeenAt, cancellationToken);
        return [.. holders.OrderBy(a => a.Seat)
            .Select(a => new ComputerInUse(a.Id, a.PcName, a.ActivatedAt, seen.TryGetValue(a.Id, out var at) ? at : null))];
    }
}
