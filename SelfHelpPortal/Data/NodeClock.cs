using Microsoft.EntityFrameworkCore;

namespace SelfHelpPortal.Data;

/// <summary>
/// This machine's clock against the database's, which all nodes share. A node whose clock is wrong must date nothing that stays for ever:
/// dates of invoices never run backwards, so that one wrong clock would drag all later ones along.
/// </summary>
/// <param name="machine">The machine's own, whatever time its use cases are told.</param>
internal sealed class NodeClock(TimeProvider machine)
{
    /// <summary>More than this is no longer what two clocks that are set by the same time differ by.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <returns>By how much this machine's clock is ahead of the database's; negative when it is behind.</returns>
    public async Task<TimeSpan> AheadAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        var asked = machine.GetUtcNow();
        var there = await db.Database.SqlQuery<DateTimeOffset>($"SELECT clock_timestamp() AS \"Value\"").SingleAsync(cancellationToken);
        var half = (machine.GetUtcNow() - asked) / 2;
        return asked + half - there;
    }

    public static bool IsWrong(TimeSpan ahead) => ahead.Duration() > Tolerance;
}
