using SelfHelpPortal.Features.Machine.Kit;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Features.Machine.Blocklist;

/// <summary><c>GET /api/v1/blocklist</c>: for software that stays offline and gets the list with an update.</summary>
internal static class BlocklistEndpoint
{
    public const string ContentType = "application/jwt";

    public static void MapBlocklist(this IEndpointRouteBuilder endpoints) => endpoints
        .MapGet("/blocklist", GetAsync)
        .WithName("blocklist")
        .WithTags(ApiDocument.Published)
        .WithSummary("Activations that may no longer run, as a signed JWS (typ lshp-blocklist+jwt, claims seq, iat, list of act and gen)")
        .WithDescription("Keep the highest seq you have seen and refuse lower ones: seq is the Unix second in which the list was made. "
            + "Listed are excluded computers, computers locked by a flag, and every computer of a locked or revoked license.")
        .Produces<string>(StatusCodes.Status200OK, ContentType);

    private static async Task<IResult> GetAsync(ListBlocked list, TimeProvider time, HttpContext context)
    {
        var text = await list.ExecuteAsync(time.GetUtcNow(), context.RequestAborted);
        context.Response.Headers.CacheControl = "public, max-age=60";
        return TypedResults.Text(text, ContentType);
    }
}
