using System.Text.Json.Serialization.Metadata;
using SelfHelpPortal.Shared.Api;

namespace SelfHelpPortal.Features.Backoffice.Kit;

/// <summary>The one place where a refusal of the backoffice API becomes a status, a code and a sentence.</summary>
internal sealed class BackofficeProblems(ApiProblems problems, TokenGate gate)
{
    public static (int Status, string Code) For(BackofficeRefusal refusal) => refusal switch
    {
        BackofficeRefusal.TokenEnded => (StatusCodes.Status401Unauthorized, TokenGate.Unauthorized),
        BackofficeRefusal.Mismatch => (StatusCodes.Status422UnprocessableEntity, ApiProblems.IdempotencyMismatch),
        BackofficeRefusal.UnknownCustomer => (StatusCodes.Status404NotFound, "UNKNOWN_CUSTOMER"),
        BackofficeRefusal.UnknownLicense => (StatusCodes.Status404NotFound, "UNKNOWN_LICENSE"),
        BackofficeRefusal.UnknownProduct => (StatusCodes.Status404NotFound, "UNKNOWN_PRODUCT"),
        BackofficeRefusal.NumberTaken => (StatusCodes.Status409Conflict, "NUMBER_TAKEN"),
        BackofficeRefusal.KeyTaken => (StatusCodes.Status409Conflict, "KEY_TAKEN"),
        BackofficeRefusal.InvalidKey => (StatusCodes.Status400BadRequest, "INVALID_KEY"),
        BackofficeRefusal.NotLater => (StatusCodes.Status409Conflict, "NOT_LATER"),
        BackofficeRefusal.Revoked => (StatusCodes.Status409Conflict, "REVOKED"),
        BackofficeRefusal.Conflict => (StatusCodes.Status409Conflict, ApiProblems.Conflict),
    };

    /// <summary>Why the request cannot be read; null when it can.</summary>
    /// <param name="key">The header <c>Idempotency-Key</c>.</param>
    public ProblemResult? Unreadable(FieldProblem? body, string? key = null) =>
        (body ?? (key is null ? null : Fields.IdempotencyKey(key))) is { } unreadable ? problems.Invalid(unreadable) : null;

    /// <summary>What was asked for, or why not.</summary>
    public IResult Answer<T>(
        HttpContext context, BackofficeAnswer<T> answer, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
        where T : class =>
        answer.Refused is { } refused ? Refused(context, refused) : TypedResults.Json(answer.Value!, type, statusCode: status);

    /// <summary>The same for something new, with its address.</summary>
    public IResult Created<T>(HttpContext context, BackofficeAnswer<T> answer, Func<T, string> path, JsonTypeInfo<T> type)
        where T : class
    {
        if (answer.Value is { } made)
        {
            context.Response.Headers.Location = BackofficePath.Root + path(made);
        }

        return Answer(context, answer, type, StatusCodes.Status201Created);
    }

    private IResult Refused(HttpContext context, BackofficeRefusal refusal)
    {
        if (refusal == BackofficeRefusal.TokenEnded)
        {
            return gate.NoToken(context);
        }

        var (status, code) = For(refusal);
        return new ProblemResult(problems.Failed(status, code));
    }
}

internal static class BackofficeDocument
{
    /// <summary>The refusals for the OpenAPI document, with those that every endpoint has.</summary>
    public static RouteHandlerBuilder ProducesRefusals(this RouteHandlerBuilder endpoint, params BackofficeRefusal[] refusals) =>
        endpoint.ProducesProblems(
        [
            (StatusCodes.Status400BadRequest, ApiProblems.InvalidRequest), .. refusals.Select(BackofficeProblems.For),
        ]);
}
