using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Tokens;

/// <summary>Ends a token for good. A request that is on its way with it is finished first, or refused.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class RevokeToken(AdministrationActs acts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, Guid token, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(RevokeToken), actor, command, token, content: "", db => RevokeAsync(db, actor, token, now, cancellationToken), now,
            cancellationToken);

    private static async Task<StaffResult> RevokeAsync(
        PortalDbContext db, StaffActor actor, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.ApiTokens.FromSql($"SELECT * FROM api_token WHERE id = {id} FOR UPDATE").SingleOrDefaultAsync(cancellationToken)
            is not { } token)
        {
            return StaffRefusal.NotFound;
        }

        if (token.RevokedAt is not null)
        {
            return StaffRefusal.Conflict;
        }

        (token.RevokedAt, token.RevokedBy) = (now, actor.Id);
        await AuditLog.AppendAsync(db, actor.Id, AuditKind.TokenRevoked, token.Prefix, token.Name, now, cancellationToken);
        return StaffResult.Done;
    }
}
