using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Schedules;

namespace SelfHelpPortal.Tests.Support;

/// <summary>For tests that are about who changes a row: what a portal does by itself is done before.</summary>
internal static class Background
{
    public static async Task SettleAsync(PortalFactory portal)
    {
        await portal.Services.GetRequiredService<DailyJobs>().RunDueAsync(CancellationToken.None);
        await using var db = portal.Open();
        await Eventually.BecomesTrueAsync(async () => !await db.Set<OutboxMessage>().AnyAsync(m =>
            m.State == OutboxState.Sending || (m.State == OutboxState.Pending && m.DueAt <= portal.Clock.Now)));
    }
}
