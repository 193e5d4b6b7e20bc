using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.PersonalData;

namespace SelfHelpPortal.Features.Portal.Data;

/// <param name="Until">When the link ends.</param>
internal sealed record OpenedData(DateTimeOffset Until);

/// <summary>
/// Whether a link from a mail opens for this person: it is theirs, it has not ended, and the account stands as it did at the sign-in.
/// </summary>
[OwnAccountUseCase]
internal sealed class OpenData(IDbContextFactory<PortalDbContext> contexts)
{
    public async Task<OpenedData?> ExecuteAsync(CustomerActor actor, string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await SecretLinks.FindAsync(db, LinkPurpose.DataExport, token, now, cancellationToken) is { State: LinkState.Valid } link
            && link.RecordId == actor.Id
            && await db.Users.AnyAsync(
                u => u.Id == actor.Id && u.SecurityStamp == actor.Stamp && (u.LockoutEnd == null || u.LockoutEnd <= now), cancellationToken)
            ? new OpenedData(link.ExpiresAt)
            : null;
    }
}

internal static class DataDownload
{
    public static void MapDataDownload(this IEndpointRouteBuilder app) =>
        app.MapGet("/my/data/{link}/download", GetAsync).RequireAuthorization();

    private static async Task<IResult> GetAsync(string link, HttpContext context, OpenData data, WriteExport export, TimeProvider time)
    {
        var now = time.GetUtcNow();
        if (CustomerActor.From(context) is not { } actor || await data.ExecuteAsync(actor, link, now, context.RequestAborted) is null)
        {
            return TypedResults.NotFound();
        }

        var language = CultureInfo.CurrentUICulture;
        return TypedResults.Stream(
            target => export.OfAccountAsync(actor.Id, language, target, context.RequestAborted),
            "application/zip",
            string.Create(CultureInfo.InvariantCulture, $"data-{now:yyyy-MM-dd}.zip"));
    }
}
