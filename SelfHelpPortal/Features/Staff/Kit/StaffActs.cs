using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Commands;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>What an act of staff is about: the row whose history tells of it.</summary>
/// <param name="LockAsync">Locks the row; false when there is none.</param>
internal sealed record StaffSubject(Guid Id, Func<PortalDbContext, Task<bool>> LockAsync)
{
    /// <summary>
    /// Held before the account is asked, by acts on accounts: the gate holds the row of whoever acts, and of two people who change each
    /// other's neither could go on.
    /// </summary>
    public Func<PortalDbContext, Task>? HoldFirst { get; init; }
}

/// <summary>
/// What staff change, they change in the order of <see cref="CommandRunner"/> (security.md, section 3). A refusal leaves nothing of that
/// behind but an event of its own.
/// </summary>
internal sealed class StaffActs(IDbContextFactory<PortalDbContext> contexts, CommandRunner commands, StaffGate gate)
{
    /// <param name="useCase">Whose <see cref="StaffUseCaseAttribute"/> counts.</param>
    /// <param name="content">What is asked for besides the subject, so that a repetition with another content is noticed.</param>
    /// <param name="decide">Locks, decides and adds event and mail. It neither saves nor commits.</param>
    public async Task<StaffResult> RunAsync(
        Type useCase, StaffAct act, StaffSubject subject, string content, Func<PortalDbContext, Task<StaffResult>> decide,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!act.HasReason)
        {
            return StaffRefusal.Reason;
        }

        if (!ValidText.Is(act.Reason))
        {
            return StaffRefusal.NotText;
        }

        StaffResult result;
        try
        {
            result = await commands.RunAsync<StaffResult, StaffAnswered>(
                CommandKey.Form(act.Actor.Id.ToString("n"), act.CommandId, useCase.Name),
                new { subject = subject.Id, content, Reason = act.Reason.Trim() },
                async db =>
                {
                    await (subject.HoldFirst?.Invoke(db) ?? Task.CompletedTask);
                    return (await gate.CheckAsync(db, act.Actor, StaffPermission.For(useCase), now, cancellationToken))?.AsStaffRefusal();
                },
                decide,
                // Only what was done is remembered, so a repetition has nothing else to say.
                decided => decided.Succeeded ? new StaffAnswered(now) : null,
                done => done is null ? StaffRefusal.SentBefore : StaffResult.Done,
                now,
                cancellationToken);
        }
        catch (Exception failure) when (StaffRefusals.For(failure) is { } away)
        {
            return away;
        }

        if (result.Refused == StaffRefusal.FactorTooOld)
        {
            // Asking for the factor is no part of the license's history, but it is known who tried.
            await AuditLog.NoteAsync(
                contexts, act.Actor.Id, AuditKind.FactorAsked, subject.Id.ToString(), useCase.Name, now, cancellationToken);
        }
        else if (result.Refused is { } refusal and not StaffRefusal.SentBefore)
        {
            await NoteRefusalAsync(useCase, act, subject, refusal, now, cancellationToken);
        }

        return result;
    }

    /// <summary>In a transaction of its own, since the one of the act is rolled back.</summary>
    private async Task NoteRefusalAsync(
        Type useCase, StaffAct act, StaffSubject subject, StaffRefusal refusal, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var stream = subject.Id;
        if (!await subject.LockAsync(db))
        {
            // Nobody's: then it belongs to the history of the account, whose row orders its writers.
            stream = act.Actor.Id;
            await db.Database.ExecuteSqlAsync($"SELECT 1 FROM asp_net_users WHERE id = {stream} FOR UPDATE", cancellationToken);
        }

        var data = new EventData { Method = useCase.Name, Refusal = refusal.ToString() };
        await EventLog.AppendAsync(db, stream, EventKind.Refused, data, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>What is remembered of an act that was done.</summary>
    private sealed record StaffAnswered(DateTimeOffset At);
}
