using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Uploads;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Ownership;

namespace SelfHelpPortal.Features.Staff.Ownership;

/// <summary>A document with the name that the portal gives it.</summary>
internal sealed record OwnerDocumentFile(string FileName, string ContentType, byte[] Bytes);

/// <summary>The document that was sent with a case, for whoever decides it.</summary>
[StaffUseCase(StaffWork.Any, Fresh = true)]
internal sealed class ReadOwnerDocument(StaffReads reads)
{
    public Task<StaffAnswer<OwnerDocumentFile>> ExecuteAsync(
        StaffActor actor, string reference, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(typeof(ReadOwnerDocument), actor, new(AuditKind.OwnerDocumentRead, reference), async db =>
        {
            var found = await (
                from d in db.Set<OwnerDocument>()
                join c in db.OwnerChanges on d.ChangeId equals c.Id
                where c.Reference == reference
                select new { d.Format, d.Content }).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
            return found is null
                ? null
                : new OwnerDocumentFile($"Nachweis-{reference}.{found.Format.Ending}", found.Format.ContentType, found.Content);
        }, now, cancellationToken);
}

/// <summary>The download, which a circuit cannot hand out. It is never shown by the browser as a page of the portal.</summary>
internal static class OwnerDocumentDownload
{
    /// <summary>Whatever a reader of PDFs makes of it: as a page of its own it may do nothing at all.</summary>
    internal const string NothingAllowed = "default-src 'none'; frame-ancestors 'none'; sandbox";

    public static void MapOwnerDocuments(this WebApplication app) =>
        app.MapGet("/staff/ownership/{reference}/document", ReadAsync).RequireAuthorization(StaffPolicy.Name).ExcludeFromDescription()
            .WithMetadata(new PagePolicy(NothingAllowed));

    private static async Task<IResult> ReadAsync(
        string reference, HttpContext context, ReadOwnerDocument read, TimeProvider time, CancellationToken cancellationToken)
    {
        if (StaffActor.From(context.User) is not { } actor)
        {
            return Results.NotFound();
        }

        var answer = await read.ExecuteAsync(actor, reference, time.GetUtcNow(), cancellationToken);
        if (answer.Value is { } document)
        {
            return Results.File(document.Bytes, document.ContentType, document.FileName);
        }

        return answer.Refused switch
        {
            StaffRefusal.FactorTooOld =>
                Results.LocalRedirect(ReturnUrl.With(FreshSignIn.Path, $"/staff/ownership/{Uri.EscapeDataString(reference)}")),
            StaffRefusal.SignInEnded or StaffRefusal.NotPermitted => Results.Forbid(),
            _ => Results.NotFound(),
        };
    }
}
