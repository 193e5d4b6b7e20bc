using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Health;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>Section <c>Drafts</c>: orders that were begun and not sent.</summary>
internal sealed class DraftOptions
{
    /// <summary>Of all strangers together. Whoever is signed in, or has shown a key, begins one all the same.</summary>
    public int MostOpen { get; set; } = 20_000;

    public string? Validate() => MostOpen < 1 ? "Drafts:MostOpen is at least 1." : null;
}

/// <summary>
/// Whether there is room for another draft. Each source has a limit of its own; this is the one of all, so that many sources do not fill
/// the disk. Staff are warned long before: in the log, and by the word of the health check.
/// </summary>
internal sealed partial class DraftRoom(IDbContextFactory<PortalDbContext> contexts, IOptions<DraftOptions> options, ILogger<DraftRoom> log)
{
    private static readonly TimeSpan CountsEvery = TimeSpan.FromMinutes(1);
    private Counted? _counted;

    /// <summary>Takes the room; a draft that is not begun after all is noticed with the next count.</summary>
    public async Task<bool> TryTakeAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var counted = await CountAsync(now, cancellationToken);
        return Interlocked.Increment(ref counted.Open) <= options.Value.MostOpen;
    }

    public async Task<Readiness> LookAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        IsNearlyFull((await CountAsync(now, cancellationToken)).Open) ? Readiness.Degraded : Readiness.Ready;

    private async Task<Counted> CountAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_counted is { } before && now >= before.At && now - before.At < CountsEvery)
        {
            return before;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var counted = new Counted(now) { Open = await db.Transfers.CountAsync(r => r.State == TransferState.Draft, cancellationToken) };
        if (IsNearlyFull(counted.Open))
        {
            NearlyFull(log, counted.Open, options.Value.MostOpen);
        }

        _counted = counted;
        return counted;
    }

    private bool IsNearlyFull(int open) => open >= options.Value.MostOpen / 5 * 4;

    [LoggerMessage(5311, LogLevel.Error,
        "{Open} orders are begun and not sent, of {Most} that strangers may have open: look where they come from")]
    private static partial void NearlyFull(ILogger log, int open, int most);

    private sealed class Counted(DateTimeOffset at)
    {
        public DateTimeOffset At { get; } = at;

        public int Open;
    }
}
