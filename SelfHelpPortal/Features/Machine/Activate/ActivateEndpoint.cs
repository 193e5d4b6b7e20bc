using System.Buffers.Text;
using Microsoft.AspNetCore.Mvc;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Features.Machine.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Features.Machine.Activate;

/// <summary><c>POST /api/v1/activations</c></summary>
internal static class ActivateEndpoint
{
    public static void MapActivate(this IEndpointRouteBuilder endpoints) => endpoints
        .MapPost("/activations", PostAsync)
        .WithName("activate")
        .WithTags(ApiDocument.Activations)
        .WithSummary("Binds a license to this computer; 200 when it was bound to it already")
        .Produces<ActivateReply>(StatusCodes.Status201Created)
        .Produces<ActivateReply>()
        .ProducesRefusals(
            ApiProblems.UnknownKey,
            Refusal.Unknown, Refusal.WrongProduct, Refusal.TooManyActivations, Refusal.Locked, Refusal.Suspended, Refusal.Revoked,
            Refusal.Expired,
            Refusal.DeviceExcluded, Refusal.TooManyTries)
        .ProducesProblems(
            (StatusCodes.Status400BadRequest, ApiProblems.InvalidRequest),
            (StatusCodes.Status400BadRequest, ApiProblems.InvalidHardwareCode),
            (StatusCodes.Status422UnprocessableEntity, ApiProblems.IdempotencyMismatch))
        .WithExamples(
            ApiExample.From(ApiExamples.Activate, MachineJson.Default.ActivateBody),
            ApiExample.From(ApiExamples.Activated, MachineJson.Default.ActivateReply));

    private static async Task<IResult> PostAsync(
        ActivateBody body,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        HttpContext context,
        ActivateLicense activate,
        ApiProblems problems,
        PublicAddress address,
        TimeProvider time)
    {
        if (body.Read(out var pcName, out var appVersion) is { } unreadable)
        {
            return problems.Invalid(unreadable);
        }

        if (idempotencyKey is not null && Fields.IdempotencyKey(idempotencyKey) is { } unusable)
        {
            return problems.Invalid(unusable);
        }

        if (!HardwareCode.TryParse(body.HardwareCode, out var hardware, out var problem))
        {
            return problems.HardwareCode(body.HardwareCode, problem);
        }

        var now = time.GetUtcNow();
        var once = idempotencyKey is null ? null : new IdempotencyKey(idempotencyKey, body);
        var request = new ActivateRequest(body.ActivationKey, body.Product!, new Computer(hardware, pcName, appVersion), once);
        var answer = await activate.ExecuteAsync(request, Caller.From(context), now, context.RequestAborted);
        if (problems.For(answer, address, now) is { } refused)
        {
            return refused;
        }

        var license = answer.Outcome.Value!;
        var reply = new ActivateReply
        {
            Handle = license.Handle,
            Generation = license.Generation,
            ReleaseSecret = Base64Url.EncodeToString(license.ReleaseSecret),
            License = license.License,
        };
        return TypedResults.Json(
            reply, MachineJson.Default.ActivateReply, statusCode: license.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }
}
