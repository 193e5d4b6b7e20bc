using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Shared.Api;

/// <summary>What the OpenAPI document shows of failures.</summary>
internal static class ProblemExamples
{
    private static readonly DateTimeOffset Moment = DateTimeOffset.FromUnixTimeSeconds(1795510800);

    /// <summary>The failure with the members that come with it.</summary>
    public static ApiProblem Complete(ApiProblem problem, Refusal refusal) => refusal switch
    {
        Refusal.ClockSkew => problem with { ServerTime = Moment },
        Refusal.TooManyTries => problem with { NextAllowedAt = Moment.AddMinutes(6), RetryAfter = 360 },
        Refusal.Locked => problem with { CaseNumber = "F-1001" },
        Refusal.ProofNotYet => problem with { NextAllowedAt = Moment.AddHours(5) },
        Refusal.TooManyActivations => problem with
        {
            Activations = [new ActiveComputer("KA…2", Moment.AddDays(-1), Moment.AddDays(-60))],
            ReleaseUrl = "https://licenses.example.org/release",
        },
        _ => problem,
    };
}
