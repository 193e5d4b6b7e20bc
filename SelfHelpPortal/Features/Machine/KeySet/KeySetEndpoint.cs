using System.Text.Json.Nodes;
using SelfHelpPortal.Features.Machine.Kit;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Features.Machine.KeySet;

/// <summary>
/// The public keys that license files, answers and blocklists are signed with, and what leads a program from earlier ones to them.
/// </summary>
internal static class KeySetEndpoint
{
    public static void MapKeySet(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/.well-known/jwks.json", (SigningKeys keys, HttpContext context) => Answer(keys.Jwks, context))
            .WithName("keySet")
            .WithTags(ApiDocument.Published)
            .WithSummary("The public keys (RFC 7517): those in use, the next ones, and every earlier one that is not revoked")
            .Produces<JsonObject>();
        endpoints.MapGet("/.well-known/key-statements.json", (SigningKeys keys, HttpContext context) => Answer(keys.Statements, context))
            .WithName("keyStatements")
            .WithTags(ApiDocument.Published)
            .WithSummary("A statement for each exchange of keys, signed by the license key before it: a program that knows one of the keys "
                + "can believe those that came later")
            .Produces<JsonObject>();
    }

    private static IResult Answer(ReadOnlyMemory<byte> document, HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Bytes(document, "application/json");
    }
}
