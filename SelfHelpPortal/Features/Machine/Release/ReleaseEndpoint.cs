using SelfHelpPortal.Features.Machine.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Features.Machine.Release;

/// <summary><c>POST /api/v1/activations/{handle}/release</c></summary>
internal static class ReleaseEndpoint
{
    public static void MapRelease(this IEndpointRouteBuilder endpoints) => endpoints
        .MapPost("/activations/{handle}/release", PostAsync)
        .WithName("release")
        .WithTags(ApiDocument.Activations)
        .WithSummary("Takes the license off this computer; a repetition gets the same answer")
        .WithDescription("Write the tombstone first, so that the license is gone on the computer before the seat is free.")
        .Produces<ReleaseReply>()
        .ProducesRefusals(
            ApiProblems.UnknownActivation,
            Refusal.ClockSkew, Refusal.Unknown, Refusal.Locked, Refusal.Suspended, Refusal.Revoked, Refusal.DeviceExcluded,
            Refusal.ProofNotYet, Refusal.TooManyTries)
        .ProducesProblems((StatusCodes.Status400BadRequest, ApiProblems.InvalidRequest))
        .WithExamples(
            ApiExample.From(ApiExamples.Release, MachineJson.Default.ReleaseBody),
            ApiExample.From(ApiExamples.Released, MachineJson.Default.ReleaseReply));

    private static async Task<IResult> PostAsync(
        string handle, ReleaseBody body, HttpContext context, ReleaseFromApp release, ApiProblems problems, TimeProvider time)
    {
        if (body.Read(handle, out var device) is { } unreadable)
        {
            return problems.Invalid(unreadable);
        }

        var now = time.GetUtcNow();
        var outcome = await release.ExecuteAsync(device, Caller.From(context), now, context.RequestAborted);
        return outcome.Succeeded
            ? TypedResults.Json(new ReleaseReply(outcome.Value), MachineJson.Default.ReleaseReply)
            : new ProblemResult(problems.Refused(outcome.Refused, ApiProblems.UnknownActivation, now));
    }
}
