using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Shared.Ownership;

namespace SelfHelpPortal.Features.Staff.Ownership;

/// <summary>Acts of staff on one change of a licensee, in the order of <see cref="StaffActs"/>.</summary>
internal sealed class OwnerChangeActs(StaffActs acts)
{
    /// <summary>What one use case adds: the decision on the locked case, with its mail. It neither saves nor commits.</summary>
    public delegate Task<StaffResult> Decision(PortalDbContext db, OwnerChange change);

    /// <param name="useCase">Whose <see cref="Shared.Access.StaffUseCaseAttribute"/> counts.</param>
    /// <param name="content">What is asked for besides the case, so that a repetition with another content is noticed.</param>
    /// <param name="holdFirst">Locks what comes before the case in the order of locks; null where nothing does.</param>
    public Task<StaffResult> RunAsync(
        Type useCase, StaffAct act, Guid changeId, string content, Func<PortalDbContext, Task>? holdFirst, Decision decide,
        DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            useCase,
            act,
            new(changeId, async db => await db.LockOwnerChangeAsync(changeId, cancellationToken) is not null),
            content,
            async db =>
            {
                await (holdFirst?.Invoke(db) ?? Task.CompletedTask);
                if (await db.LockOwnerChangeAsync(changeId, cancellationToken) is not { } change)
                {
                    return StaffRefusal.NotFound;
                }

                var before = change.State;
                var result = await decide(db, change);
                if (result.Succeeded)
                {
                    await OwnerChangeEvents.AppendAsync(
                        db, change, before, useCase.Name, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
                }

                return result;
            },
            now,
            cancellationToken);
}

/// <summary>The acts that the page of a case offers.</summary>
internal sealed record OwnerChangePageActs(SettleOwnerChange Settle, AskAboutOwnerChange Ask, DeclineOwnerChange Decline);
