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
    /// <param name="content">What is asked for besides, so that a repetition with another content is noticed.</param>
    public Task<StaffResult> RunAsync(
        Type useCase, StaffActor actor, Guid command, Guid endpoint, Func<PortalDbContext, WebhookEndpoint, Task<StaffResult>> decide,
        DateTimeOffset now, CancellationToken cancellationToken, string content = "") =>
        acts.RunAsync(
            useCase,
            actor,
            command,
            endpoint,
            content,
            async db =>
            {
                var found = await db.Set<WebhookEndpoint>().FromSql($"SELECT * FROM webhook_endpoint WHERE id = {endpoint} FOR UPDATE")
                    .SingleOrDefaultAsync(cancellationToken);
                if (found is null)
                {
                    return StaffRefusal.NotFound;
                }

                var (host, topics) = (found.Host, found.Topics);
                var result = await decide(db, found);
                if (result.Succeeded)
                {
                    await NoteAsync(db, actor, found.Id, useCase, Summary(host, topics, found), now, cancellationToken);
                }

                return result;
            },
            now,
            cancellationToken);

    /// <param name="text">Of an address the host only: its path may hold a secret of the receiver's.</param>
    public static Task NoteAsync(
        PortalDbContext db, StaffActor actor, Guid endpoint, Type useCase, string text, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        AuditLog.AppendAsync(
            db, actor.Id, AuditKind.WebhookChanged, endpoint.ToString(), $"{useCase.Name} {text}", now, cancellationToken);

    private static string Summary(string host, string[] topics, WebhookEndpoint after) =>
        (host == after.Host ? host : $"{host} → {after.Host}")
        + (topics.SequenceEqual(after.Topics) ? "" : $": {string.Join(", ", topics)} → {string.Join(", ", after.Topics)}");
}
