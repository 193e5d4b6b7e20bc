using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>What a note is written on, as a colleague finds it.</summary>
/// <param name="Stream">The row whose history has the note: of a flag the license.</param>
/// <param name="Case">The number of a flag, whose page shows it too.</param>
internal sealed record NotedCase(NotedKind Kind, Guid Stream, string? Case = null);

internal enum NotedKind
{
    License,
    Transfer,
    OwnerChange,
    Invoice,
}

/// <summary>Writes something down for colleagues, into the history of a case; no customer is shown it.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class AddNote(StaffActs acts)
{
    /// <param name="act">Its reason is the note.</param>
    public Task<StaffResult> ExecuteAsync(StaffAct act, NotedCase on, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(AddNote),
            act,
            new(on.Stream, db => LockAsync(db, on, cancellationToken)),
            $"{on.Kind} {on.Case}",
            async db =>
            {
                if (!await LockAsync(db, on, cancellationToken))
                {
                    return StaffRefusal.NotFound;
                }

                await EventLog.AppendAsync(
                    db, on.Stream, EventKind.Noted, new EventData { Case = on.Case }, act.Actor.AsActor(), act.Reason.Trim(), now,
                    cancellationToken);
                return StaffResult.Done;
            },
            now,
            cancellationToken);

    private static Task<bool> LockAsync(PortalDbContext db, NotedCase on, CancellationToken cancellationToken) => on.Kind switch
    {
        NotedKind.License => db.LockRowAsync<License>(on.Stream, cancellationToken),
        NotedKind.Transfer => db.LockRowAsync<TransferRequest>(on.Stream, cancellationToken),
        NotedKind.OwnerChange => db.LockRowAsync<OwnerChange>(on.Stream, cancellationToken),
        NotedKind.Invoice => db.LockRowAsync<Invoice>(on.Stream, cancellationToken),
    };
}
