using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Webhooks;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Webhooks;

/// <summary>Acts of administrators on an endpoint for webhooks, which is locked.</summary>
internal sealed class WebhookActs(AdministrationActs acts)
{
    /// <param name="useCase">Whose <see cref="StaffUseCaseAttribute"/> counts.</param>
    /// <param name="command">Made when the dialog was opened: however often it is sent, the act happens once.</param>
    /// <param name="decide">Changes the endpoint. What was done is noted under the name of the use case.</param>
    public Task<StaffResult> RunAsync(
        Type useCase, StaffActor actor, Guid command, Guid endpoint, Func<PortalDbContext, WebhookEndpoint, Task<StaffResult>> decide,
        DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            useCase,
            actor,
            command,
            endpoint,
            content: "",
            async db =>
            {
                var found = await db.Set<WebhookEndpoint>().FromSql($"SELECT * FROM webhook_endpoint WHERE id = {endpoint} FOR UPDATE")
                    .SingleOrDefaultAsync(cancellationToken);
                if (found is null)
                {
                    return StaffRefusal.NotFound;
                }

                var result = await decide(db, found);
                if (result.Succeeded)
                {
                    await NoteAsync(db, actor, found, useCase, now, cancellationToken);
                }

                return result;
            },
            now,
            cancellationToken);

    /// <summary>The host only: the path of an address may hold a secret of its receiver's.</summary>
    public static Task NoteAsync(
        PortalDbContext db, StaffActor actor, WebhookEndpoint endpoint, Type useCase, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        AuditLog.AppendAsync(
            db, actor.Id, AuditKind.WebhookChanged, endpoint.Id.ToString(), $"{useCase.Name} {endpoint.Host}", now, cancellationToken);
}
