using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>How sending is doing, for the health endpoint and the desk.</summary>
/// <param name="Waiting">For how long the oldest mail has been due.</param>
/// <param name="StandsSince">Since when the circuit is open.</param>
internal readonly record struct MailQueueState(TimeSpan Waiting, DateTimeOffset? StandsSince, string? Reason)
{
    public bool IsLate => Waiting > TimeSpan.FromMinutes(10);

    public bool IsDegraded => Waiting > TimeSpan.FromHours(1) || StandsSince is not null;

    public static async Task<MailQueueState> LookAsync(PortalDbContext db, DateTimeOffset now, CancellationToken cancel = default)
    {
        var oldest = await db.Set<OutboxMessage>()
            .Where(m => (m.State == OutboxState.Pending || m.State == OutboxState.Unknown) && m.DueAt <= now)
            .MinAsync(m => (DateTimeOffset?)m.DueAt, cancel);
        var open = await db.Set<MailCircuit>().AsNoTracking().SingleOrDefaultAsync(c => c.State == CircuitState.Open, cancel);
        return new MailQueueState(oldest is null ? TimeSpan.Zero : now - oldest.Value, open?.Since, open?.Reason);
    }
}
