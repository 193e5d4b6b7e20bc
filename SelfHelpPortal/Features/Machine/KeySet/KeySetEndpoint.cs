using System.Text.Json.Nodes;
using SelfHelpPortal.Features.Machine.Kit;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Features.Machine.KeySet;

/// <summary><c>GET /.well-known/jwks.json</c>: the public keys that license files, answers and blocklists are signed with.</summary>
internal static class KeySetEndpoint
{
    public static void MapKeySet(this IEndpointRouteBuilder endpoints) => endpoints
        .MapGet("/.well-known/jwks.json", Get)
        .WithName("keySet")
        .WithTags(ApiDocument.Published)
        .WithSummary("The public keys (RFC 7517): those in use, the next ones, and every earlier one that is not revoked")
        .Produces<JsonObject>();

    private static IResult Get(SigningKeys keys, HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Bytes(keys.Jwks, "application/json");
    }
}
