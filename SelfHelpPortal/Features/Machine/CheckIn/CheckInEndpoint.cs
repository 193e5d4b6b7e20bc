using SelfHelpPortal.Features.Machine.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Platform.Watching;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Api;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Machine.CheckIn;

/// <summary><c>POST /api/v1/activations/{handle}/check</c></summary>
internal static class CheckInEndpoint
{
    public static void MapCheckIn(this IEndpointRouteBuilder endpoints) => endpoints
        .MapPost("/activations/{handle}/check", PostAsync)
        .WithName("check")
        .WithTags(ApiDocument.Activations)
        .WithMetadata(new RoutineRequest())
        .WithSummary("Asks whether this computer may go on using the license")
        .WithDescription("A license that is not valid is no failure: the answer is 200 with valid = false and a code.")
        .Produces<CheckInReply>()
        .ProducesRefusals(ApiProblems.UnknownActivation, Refusal.ClockSkew, Refusal.Unknown, Refusal.TooManyTries)
        .ProducesProblems(
            (StatusCodes.Status400BadRequest, ApiProblems.InvalidRequest),
            (StatusCodes.Status400BadRequest, ApiProblems.InvalidHardwareCode))
        .WithExamples(
            ApiExample.From(ApiExamples.Check, MachineJson.Default.CheckInBody),
            ApiExample.From(ApiExamples.Checked, MachineJson.Default.CheckInReply));

    private static async Task<IResult> PostAsync(
        string handle,
        CheckInBody body,
        HttpContext context,
        CheckInComputer checkIn,
        CheckInWording wording,
        SigningKeys keys,
        ApiProblems problems,
        TimeProvider time)
    {
        string? appVersion = null;
        if ((body.Read(handle, out var device) ?? Fields.Text("appVersion", body.AppVersion, Fields.AppVersionLength, out appVersion))
            is { } unreadable)
        {
            return problems.Invalid(unreadable);
        }

        if (!HardwareCode.TryParse(body.HardwareCode, out var hardware, out var problem))
        {
            return problems.HardwareCode(body.HardwareCode, problem);
        }

        var now = time.GetUtcNow();
        var outcome =
            await checkIn.ExecuteAsync(new CheckInRequest(device, hardware, appVersion), Caller.From(context), now, context.RequestAborted);
        if (!outcome.Succeeded)
        {
            return new ProblemResult(problems.Refused(outcome.Refused, ApiProblems.UnknownActivation, now));
        }

        var result = outcome.Value;
        var (code, valid) = (result.Code.Wire(), result.Code.IsValid());
        PortalMeter.CheckedIn(code);
        var reply = new CheckInReply
        {
            Valid = valid,
            Code = code,
            Message = wording.For(result, now),
            CheckEveryDays = result.Policy.EveryDays,
            GraceDays = result.Policy.GraceDays,
            MaintenanceUntil = result.MaintenanceUntil,
            EndsAt = result.EndsAt,
            License = result.License,
            CaseNumber = result.CaseNumber,
            Answer = new CheckInAnswer(device.Nonce, now, handle, device.Generation, valid, code).Write(keys.For(SignaturePurpose.Answer)),
        };
        return TypedResults.Json(reply, MachineJson.Default.CheckInReply);
    }
}
