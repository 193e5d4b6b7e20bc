using Microsoft.EntityFrameworkCore;

namespace SelfHelpPortal.Tests.Support;

internal static class WaitingForLocks
{
    /// <summary>Ends once somebody in the portal's database waits for a lock of somebody else.</summary>
    public static Task UntilSomebodyWaitsAsync(this PortalFactory portal) => Eventually.BecomesTrueAsync(async () =>
    {
        await using var db = portal.Open();
        return await db.Database.SqlQuery<bool>(
            $"""
            SELECT EXISTS (
                SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS "Value"
            """).SingleAsync();
    });
}
