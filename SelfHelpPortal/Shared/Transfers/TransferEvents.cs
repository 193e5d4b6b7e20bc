using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>The history of a request is a stream of its own; who appends holds the lock on its row.</summary>
internal static class TransferEvents
{
    /// <param name="text">What was typed with the act, if anything.</param>
    /// <param name="act">The use case, where the state alone does not tell what happened.</param>
    /// <param name="earlyStart">As <see cref="EventData.EarlyStart"/>.</param>
    public static Task AppendAsync(
        PortalDbContext db, TransferRequest request, TransferState before, Actor actor, string? text, DateTimeOffset now,
        CancellationToken cancellationToken,
        string? act = null, bool? earlyStart = null) =>
        EventLog.AppendAsync(
            db,
            request.Id,
            EventKind.Transfer,
            new EventData
            {
                Reference = request.Reference,
                Before = before.ToString(),
                After = request.State.ToString(),
                Method = act,
                EarlyStart = earlyStart,
            },
            actor,
            text,
            now,
            cancellationToken);
}
