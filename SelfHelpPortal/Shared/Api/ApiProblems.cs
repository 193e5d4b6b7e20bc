using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Keys;

namespace SelfHelpPortal.Shared.Api;

/// <summary>The one place where a failure becomes a status, a code and a sentence.</summary>
internal sealed class ApiProblems(
    IStringLocalizer<ApiProblemWords> words, IStringLocalizer<HardwareWords> hardware, IStringLocalizer<CodeWords> codes)
{
    public const string UnknownKey = "UNKNOWN_KEY";
    public const string UnknownActivation = "UNKNOWN_ACTIVATION";
    public const string InvalidRequest = "INVALID_REQUEST";
    public const string InvalidHardwareCode = "INVALID_HARDWARE_CODE";
    public const string Unavailable = "UNAVAILABLE";
    public const string OutcomeUnknown = "OUTCOME_UNKNOWN";
    public const string IdempotencyMismatch = "IDEMPOTENCY_MISMATCH";
    public const string RateLimited = "RATE_LIMITED";
    public const string Conflict = "CONFLICT";

    /// <param name="unknown">What "unknown" means at this endpoint: <see cref="UnknownKey"/> or <see cref="UnknownActivation"/>.</param>
    public static (int Status, string Code) For(Refusal refusal, string unknown) => refusal switch
    {
        Refusal.ClockSkew => (StatusCodes.Status400BadRequest, "CLOCK_SKEW"),
        Refusal.TooManyTries => (StatusCodes.Status429TooManyRequests, RateLimited),
        Refusal.Unknown => (StatusCodes.Status404NotFound, unknown),
        Refusal.WrongProduct => (StatusCodes.Status404NotFound, "WRONG_PRODUCT"),
        Refusal.DeviceExcluded => (StatusCodes.Status403Forbidden, "DEVICE_EXCLUDED"),
        Refusal.Revoked => (StatusCodes.Status403Forbidden, "REVOKED"),
        Refusal.Suspended => (StatusCodes.Status403Forbidden, "SUSPENDED"),

        // A release frozen by an objection is a lock to the software: keep the license, show the case, let people talk.
        Refusal.Locked or Refusal.Frozen => (StatusCodes.Status423Locked, "LOCKED_ILLEGAL"),
        Refusal.Expired => (StatusCodes.Status403Forbidden, "EXPIRED"),
        Refusal.TooManyActivations => (StatusCodes.Status409Conflict, "TOO_MANY_ACTIVATIONS"),
        Refusal.LimitUsedUp => (StatusCodes.Status409Conflict, "LIMIT_USED_UP"),
        Refusal.FewParts => (StatusCodes.Status400BadRequest, InvalidHardwareCode),
        Refusal.TooSoon or Refusal.ProofNotYet => (StatusCodes.Status409Conflict, "TOO_SOON"),

        // Only pages ask for these: they belong to a release without proof.
        Refusal.NotActive or Refusal.ChooseComputer or Refusal.WrongCode or Refusal.StaffOnly or Refusal.PaidTransfer
            or Refusal.ConfirmByMail
            or Refusal.Conflict or Refusal.InvoiceInvalid => (StatusCodes.Status409Conflict, Conflict),
    };

    public ApiProblem Refused(RefusalDetail why, string unknown, DateTimeOffset now)
    {
        var (status, code) = For(why.Refusal, unknown);
        var wait = why.NextAllowedAt is { } next ? (int)Math.Clamp(Math.Ceiling((next - now).TotalSeconds), 1, int.MaxValue) : (int?)null;
        return Make(status, code, DetailOf(why)) with
        {
            NextAllowedAt = why.NextAllowedAt,
            CaseNumber = why.CaseNumber,
            RetryAfter = status == StatusCodes.Status429TooManyRequests ? wait : null,
            ServerTime = why.Refusal == Refusal.ClockSkew ? now : null,
        };
    }

    /// <summary>Why an activation came to nothing; null when it did not.</summary>
    public ProblemResult? For(ActivateAnswer answer, PublicAddress address, DateTimeOffset now)
    {
        if (answer.IsMismatch)
        {
            return new ProblemResult(Make(StatusCodes.Status422UnprocessableEntity, IdempotencyMismatch, detail: null));
        }

        if (answer.Outcome.Succeeded)
        {
            return null;
        }

        var problem = Refused(answer.Outcome.Refused, UnknownKey, now);
        return new ProblemResult(answer.Outcome.Refused.Refusal != Refusal.TooManyActivations ? problem : problem with
        {
            Activations = [.. answer.InUse.Select(c => new ActiveComputer(PcNames.Masked(c.PcName), c.LastSeen, c.ActivatedAt))],
            ReleaseUrl = address.For("/release"),
        });
    }

    public ProblemResult Invalid(FieldProblem problem) =>
        new(Make(StatusCodes.Status400BadRequest, InvalidRequest, words[problem.Word, problem.Arguments]));

    /// <summary>A failure of the backoffice API, or what the other answers have no method for.</summary>
    /// <param name="detail">A word of <see cref="ApiProblemWords"/> and what fills it.</param>
    public ApiProblem Failed(int status, string code, FieldProblem? detail = null) =>
        Make(status, code, detail is null ? null : words[detail.Word, detail.Arguments].Value);

    /// <param name="sent">What stood in the field.</param>
    public ProblemResult HardwareCode(string? sent, CodeProblem problem) => new(Make(
        StatusCodes.Status400BadRequest, InvalidHardwareCode,
        problem.Kind is CodeProblemKind.Empty ? words["Hardware.Empty"] : codes.For(CodeKind.HardwareCode, sent, problem)));

    /// <summary>Gives a failure that no endpoint has seen (no such path, no JSON, too large, our own fault) the same shape.</summary>
    public void Complete(ProblemDetailsContext context)
    {
        var details = context.ProblemDetails;
        var code = context.HttpContext.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => "NOT_FOUND",
            StatusCodes.Status405MethodNotAllowed => "METHOD_NOT_ALLOWED",
            >= 400 and < 500 => InvalidRequest,
            StatusCodes.Status503ServiceUnavailable when context.HttpContext.Features.Get<UnreadableRequest>()
                is { Flaw: RequestFlaw.OutcomeUnknown } => OutcomeUnknown,
            StatusCodes.Status503ServiceUnavailable => Unavailable,
            _ => "SERVER_ERROR",
        };
        details.Type = TypeOf(code);
        details.Title = words[code];
        details.Extensions["code"] = code;
        if (context.HttpContext.Features.Get<UnreadableRequest>() is { } unreadable)
        {
            details.Detail = words["Unreadable." + unreadable.Flaw, unreadable.Field ?? ""];
        }

        if (int.TryParse(context.HttpContext.Response.Headers.RetryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            details.Extensions["retryAfter"] = seconds;
        }

        details.Extensions.Remove("traceId");
    }

    /// <summary>For the OpenAPI document.</summary>
    public JsonNode? Example(PossibleProblem possible)
    {
        var problem = Make(possible.Status, possible.Code, detail: null);
        return JsonSerializer.SerializeToNode(
            possible.Refusal is { } refusal ? ProblemExamples.Complete(problem, refusal) : problem, ApiJson.Default.ApiProblem);
    }

    private ApiProblem Make(int status, string code, string? detail) =>
        new() { Type = TypeOf(code), Title = words[code], Status = status, Code = code, Detail = detail };

    private static string TypeOf(string code) => "urn:selfhelp-portal:problem:" + code;

    private string? DetailOf(RefusalDetail why) => why.Refusal switch
    {
        Refusal.Frozen => words["Frozen"],
        Refusal.ProofNotYet => words["ProofNotYet"],
        Refusal.FewParts => hardware.FewParts(why.ReadableParts),
        _ => null,
    };
}
