using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Features.Common;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Features.Customer.ReleaseLicense;

/// <summary>Asks for the key. A right one leads to the confirm page; it travels in the form only, never in an address.</summary>
public sealed partial class Release
{
    [Inject]
    private BeginRelease Begin { get; set; } = default!;

    [SupplyParameterFromForm]
    private string? ActivationKey { get; set; }

    private ReleaseOutcome? Outcome { get; set; }

    /// <summary>The key that was probably meant.</summary>
    private string? Meant { get; set; }

    private IReadOnlyList<CodeGroup> Groups { get; set; } = [];

    protected override Task OpenAsync()
    {
        if (Expired is { } typed)
        {
            ActivationKey = typed[nameof(ActivationKey)];
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }

        return Task.CompletedTask;
    }

    protected override async Task ActAsync()
    {
        var now = Time.GetUtcNow();
        var (token, answer) = await Begin.ExecuteAsync(ActivationKey, Caller.Of(HttpContext), now, Aborted);
        if (token is not null)
        {
            HttpContext.SeeOther(Navigation, $"/release/{token}");
            return;
        }

        switch (answer)
        {
            case KeyAnswer.Mistyped mistyped:
                Groups = CodeGroup.Of(ActivationKeyIn(ActivationKey), mistyped.Problem);
                Refuse(ReleaseOutcome.TypingError, WordsFor(mistyped.Problem));
                break;
            case KeyAnswer.DidYouMean meant:
                Meant = meant.Key;
                Refuse(ReleaseOutcome.DidYouMean, Keys["DidYouMean", meant.Key]);
                break;
            case KeyAnswer.TooManyTries tries:
                Outcome = ReleaseOutcome.TooManyTries;
                Stopped = Words["TooManyTries", Times.TimeOfDay(tries.RetryAt), Vendor.Value.PhoneText()];
                HttpContext.TooManyTries(tries.RetryAt, now);
                break;
            default:
                Refuse(ReleaseOutcome.NotFound, Keys["NotFound"]);
                break;
        }
    }

    private void Refuse(ReleaseOutcome outcome, string words)
    {
        Outcome = outcome;
        Errors.Add(nameof(ActivationKey), words);
        HttpContext.Unprocessable();
    }

    /// <summary>What was read as the key: its groups are shown, not those of the mail around it.</summary>
    private static string? ActivationKeyIn(string? typed) => Licensing.Codes.ActivationKey.FindIn(typed) ?? typed;

    private string WordsFor(CodeProblem problem) => problem.Seen is CodeKind.VerificationCode ? T["VerificationCode"] : Keys.For(problem);
}
