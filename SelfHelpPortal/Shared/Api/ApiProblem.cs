using System.ComponentModel;

namespace SelfHelpPortal.Shared.Api;

/// <summary>
/// A failure of a request (RFC 9457). <see cref="Code"/> is the word of the protocol, the sentences are for people and may change.
/// </summary>
internal sealed record ApiProblem
{
    public const string ContentType = "application/problem+json";

    public required string Type { get; init; }

    [Description("What happened, in the language of Accept-Language (de, en).")]
    public required string Title { get; init; }

    public required int Status { get; init; }

    [Description("The word to act on; it never changes.")]
    public required string Code { get; init; }

    [Description("More about this one failure.")]
    public string? Detail { get; init; }

    [Description("When the same request would be allowed.")]
    public DateTimeOffset? NextAllowedAt { get; init; }

    [Description("The case to name when calling support, F-…")]
    public string? CaseNumber { get; init; }

    [Description("Seconds to wait, as in the Retry-After header.")]
    public int? RetryAfter { get; init; }

    [Description("With CLOCK_SKEW: the portal's time.")]
    public DateTimeOffset? ServerTime { get; init; }

    [Description("With TOO_MANY_ACTIVATIONS: the computers that use the license.")]
    public IReadOnlyList<ActiveComputer>? Activations { get; init; }

    [Description("With TOO_MANY_ACTIVATIONS: where the holder of the key can release one of them.")]
    public string? ReleaseUrl { get; init; }

    [Description("With MISSING_SCOPE: what the token would need.")]
    public string? MissingScope { get; init; }
}

/// <summary>A computer that has a seat, as far as somebody may know who only holds the key.</summary>
internal sealed record ActiveComputer(
    [property: Description("Masked.")] string PcName,
    [property: Description("Absent while it has not checked in.")] DateTimeOffset? LastSeen,
    DateTimeOffset ActivatedAt);

internal sealed class ProblemResult(ApiProblem problem) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = problem.Status;
        if (problem.RetryAfter is { } seconds)
        {
            httpContext.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return httpContext.Response.WriteAsJsonAsync(
            problem, ApiJson.Default.ApiProblem, ApiProblem.ContentType, httpContext.RequestAborted);
    }
}
