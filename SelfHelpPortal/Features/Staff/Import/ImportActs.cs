using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Kit.Lists;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>
/// One transaction on a file that is on its way in: the account is asked, the file's row is held until the commit. A file is every
/// administrator's, so that a colleague can go on with it.
/// </summary>
internal sealed class ImportActs(IDbContextFactory<PortalDbContext> contexts, StaffGate gate)
{
    /// <param name="useCase">Whose <see cref="StaffUseCaseAttribute"/> counts.</param>
    /// <param name="decide">Decides and saves. It does not commit.</param>
    public async Task<StaffResult> RunAsync(
        Type useCase, StaffActor actor, Guid file, Func<PortalDbContext, ImportFile, Task<StaffResult>> decide, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var result = await GuardedAsync(() => RunAsync(
            file, decide, now, cancellationToken,
            db => gate.CheckAsync(db, actor, StaffPermission.For(useCase), now, cancellationToken)));
        if (result.Refused == StaffRefusal.FactorTooOld)
        {
            await AuditLog.NoteAsync(
                contexts, actor.Id, AuditKind.FactorAsked, file.ToString(), useCase.Name, now, cancellationToken);
        }

        return result;
    }

    /// <summary>The same for the operator, whom nobody asks.</summary>
    public async Task<StaffResult> RunAsync(
        Guid file, Func<PortalDbContext, ImportFile, Task<StaffResult>> decide, DateTimeOffset now, CancellationToken cancellationToken,
        Func<PortalDbContext, Task<GateRefusal?>>? ask = null)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (ask is not null && await ask(db) is { } stopped)
        {
            return stopped.AsStaffRefusal();
        }

        if (await HoldAsync(db, file, now, cancellationToken) is not { } held)
        {
            return StaffRefusal.NotFound;
        }

        var result = await decide(db, held);
        if (result.Succeeded)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return result;
    }

    /// <summary>Says in a refusal what the database could not do.</summary>
    public static async Task<StaffResult> GuardedAsync(Func<Task<StaffResult>> work)
    {
        try
        {
            return await work();
        }
        catch (UnreadableListException unreadable)
        {
            return new StaffResult(StaffRefusal.FileUnreadable, [new("", unreadable.German, unreadable.Message)]);
        }
        catch (DbUpdateException failure)
            when (failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return StaffRefusal.Conflict;
        }
        catch (Exception failure) when (StaffRefusals.For(failure) is { } refusal)
        {
            return refusal;
        }
    }

    private static async Task<ImportFile?> HoldAsync(
        PortalDbContext db, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var file = await db.Set<ImportFile>().FromSql($"SELECT * FROM import_file WHERE id = {id} FOR UPDATE")
            .SingleOrDefaultAsync(cancellationToken);
        return file is { State: not ImportState.Uploading } && file.CreatedAt > now - ImportFile.Lifetime ? file : null;
    }
}
