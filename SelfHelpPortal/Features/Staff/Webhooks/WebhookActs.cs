using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Webhooks;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Webhooks;

/// <summary>Acts of administrators on endpoints for webhooks, in the order of <see cref="StaffActs"/>.</summary>
internal sealed class WebhookActs(StaffActs acts)
{
    /// <summary>The audit log says what was done; nobody is asked why.</summary>
    private const string Reason = "Webhooks";

    /// <param name="useCase">Whose <see cref="StaffUseCaseAttribute"/> counts.</param>
    /// <param name="command">Made when the dialog was opened: however often it is sent, the act happens once.</param>
    /// <param name="subject">The endpoint or delivery; the account for a new endpoint.</param>
    /// <param name="content">What is asked for besides, so that a repetition with another content is noticed.</param>
    public Task<StaffResult> RunAsync(
        Type useCase, StaffActor actor, Guid command, Guid subject, string content, Func<PortalDbContext, Task<StaffResult>> decide,
        DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            useCase,
            new StaffAct(command, actor, Reason),
            // An endpoint has no history of refusals: those are told in the one of the account.
            new StaffSubject(subject, _ => Task.FromResult(false)),
            content,
            decide,
            now,
            cancellationToken);

    /// <summary>The same for an endpoint, which is locked.</summary>
    /// <param name="decide">Changes the endpoint. What was done is noted under the name of the use case.</param>
    public Task<StaffResult> RunAsync(
        Type useCase, StaffActor actor, Guid command, Guid endpoint, Func<PortalDbContext, WebhookEndpoint, Task<StaffResult>> decide,
        DateTimeOffset now, CancellationToken cancellationToken) =>
        RunAsync(
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
