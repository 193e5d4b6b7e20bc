using System.Text;
using Microsoft.AspNetCore.Mvc;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Features.Machine.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Features.Machine.ActivateOffline;

/// <summary>
/// <c>POST /api/v1/offline-activations</c>: for a program on a second computer that carries the files of one without internet.
/// </summary>
internal static class OfflineEndpoint
{
    public const string ContentType = "text/plain";

    public static void MapActivateOffline(this IEndpointRouteBuilder endpoints) => endpoints
        .MapPost("/offline-activations", PostAsync)
        .WithName("activateOffline")
        .WithTags(ApiDocument.Activations)
        .WithSummary("Binds a license to a computer without internet: its request file (.lshreq) in, its license file (.lshlic) out")
        .WithDescription(
            "The request file has kind activate and holds the activation key. The same computer gets the same license file again, with "
                + "200. "
            + "The owner of the license gets the file by mail too.")
        .Accepts<string>(ContentType)
        .Produces<string>(StatusCodes.Status201Created, ContentType)
        .Produces<string>(StatusCodes.Status200OK, ContentType)
        .ProducesRefusals(
            ApiProblems.UnknownKey,
            Refusal.Unknown, Refusal.WrongProduct, Refusal.TooManyActivations, Refusal.Locked, Refusal.Suspended, Refusal.Revoked,
            Refusal.Expired,
            Refusal.DeviceExcluded, Refusal.TooManyTries)
        .ProducesProblems(
            (StatusCodes.Status400BadRequest, ApiProblems.InvalidRequest),
            (StatusCodes.Status400BadRequest, ApiProblems.InvalidHardwareCode),
            (StatusCodes.Status422UnprocessableEntity, ApiProblems.IdempotencyMismatch))
        .WithExamples(ApiExample.From(ApiExamples.RequestFile), ApiExample.From(ApiExamples.LicenseText));

    private static async Task<IResult> PostAsync(
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        HttpContext context,
        ActivateLicense activate,
        ApiProblems problems,
        PublicAddress address,
        TimeProvider time)
    {
        using var body = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (BadHttpRequestException unread)
        {
            return TypedResults.StatusCode(unread.StatusCode);
        }

        var (file, pcName, appVersion, unreadable) = Read(FileText.Of(body.ToArray()));
        unreadable ??= idempotencyKey is null ? null : Fields.IdempotencyKey(idempotencyKey);
        if (unreadable is not null)
        {
            return problems.Invalid(unreadable);
        }

        if (!HardwareCode.TryParse(file!.HardwareCode, out var hardware, out var problem))
        {
            return problems.HardwareCode(file.HardwareCode, problem);
        }

        var now = time.GetUtcNow();
        var once = idempotencyKey is null ? null : new IdempotencyKey(idempotencyKey, file);
        var request =
            new ActivateRequest(file.ActivationKey, file.Product, new Computer(hardware, pcName, appVersion), once) { IsOffline = true };
        var answer = await activate.ExecuteAsync(request, Caller.From(context), now, context.RequestAborted);
        if (problems.For(answer, address, now) is { } refused)
        {
            return refused;
        }

        var license = answer.Outcome.Value!;
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{LicenseFiles.NameOf(license.Number)}\"";
        return TypedResults.Text(
            license.License, ContentType, Encoding.UTF8, license.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static (RequestFile? File, string? PcName, string? AppVersion, FieldProblem? Problem) Read(string? text)
    {
        if (!RequestFile.TryRead(text, out var file, out _))
        {
            return (null, null, null, new FieldProblem("RequestFile.NotOne"));
        }

        string? appVersion = null;
        var problem = Fields.Text("pcName", file.PcName, Fields.PcNameLength, out var pcName)
            ?? Fields.Text("appVersion", file.AppVersion, Fields.AppVersionLength, out appVersion)
            ?? (file.Kind != "activate" ? new FieldProblem("RequestFile.Kind")
                : string.IsNullOrWhiteSpace(file.ActivationKey) ? Fields.Missing("activationKey")
                : Fields.Nonce(file.Nonce));
        return (file, pcName, appVersion, problem);
    }
}
