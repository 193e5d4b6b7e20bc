using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Customer.Kit;

/// <summary>A page that asks for the key alone. A right one leads on; it travels in the form only, never in an address.</summary>
public abstract partial class KeyPage
{
    [Inject]
    private protected IStringLocalizer<ActivationKeyStrings> Keys { get; set; } = default!;

    [Inject]
    private protected IStringLocalizer<SharedStrings> Words { get; set; } = default!;

    [Inject]
    private protected IOptions<VendorOptions> Vendor { get; set; } = default!;

    [SupplyParameterFromForm]
    protected string? ActivationKey { get; set; }

    protected abstract string Heading { get; }

    /// <summary>What comes of it.</summary>
    protected virtual string? Lead => null;

    /// <summary>The page's own address.</summary>
    protected abstract string Action { get; }

    private string? Outcome { get; set; }

    /// <summary>The key that was probably meant.</summary>
    private string? Meant { get; set; }

    private IReadOnlyList<CodeGroup> Groups { get; set; } = [];

    /// <summary>Looks the key up: where a right one leads, or why it leads nowhere.</summary>
    private protected abstract Task<(string? Path, KeyAnswer Answer)> BeginAsync(string? typed, Caller caller, DateTimeOffset now);

    private protected virtual string WordsFor(CodeProblem problem) => Keys.For(problem);

    protected sealed override Task OpenAsync()
    {
        if (Expired is { } typed)
        {
            ActivationKey = typed[nameof(ActivationKey)];
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }

        return Task.CompletedTask;
    }

    protected sealed override async Task ActAsync()
    {
        var now = Time.GetUtcNow();
        var (path, answer) = await BeginAsync(ActivationKey, Caller.Of(HttpContext), now);
        if (path is not null)
        {
            HttpContext.SeeOther(Navigation, path);
            return;
        }

        switch (answer)
        {
            case KeyAnswer.Mistyped mistyped:
                Groups = CodeGroup.Of(ActivationKeyIn(ActivationKey), mistyped.Problem);
                Refuse("typing-error", WordsFor(mistyped.Problem));
                break;
            case KeyAnswer.DidYouMean meant:
                Meant = meant.Key;
                Refuse("did-you-mean", Keys["DidYouMean", meant.Key]);
                break;
            case KeyAnswer.LooksAlike alike:
                Refuse("did-you-mean", Keys.For(alike));
                break;
            case KeyAnswer.TooManyTries tries:
                Outcome = "too-many-tries";
                Stopped = Words["TooManyTries", Times.DayAndTime(tries.RetryAt), Vendor.Value.PhoneText()];
                HttpContext.TooManyTries(tries.RetryAt, now);
                break;
            default:
                Refuse("not-found", Keys["NotFound"]);
                break;
        }
    }

    private void Refuse(string outcome, string words)
    {
        Outcome = outcome;
        Errors.Add(nameof(ActivationKey), words);
        HttpContext.Unprocessable();
    }

    /// <summary>What was read as the key: its groups are shown, not those of the mail around it.</summary>
    private static string? ActivationKeyIn(string? typed) => Licensing.Codes.ActivationKey.FindIn(typed) ?? typed;
}
