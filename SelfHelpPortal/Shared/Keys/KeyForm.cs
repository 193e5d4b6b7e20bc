using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Components;
using SelfHelpPortal.Components.Forms;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Shared.Keys;

/// <summary>
/// A page with a field for the activation key: says why a key leads nowhere and offers the one that was probably meant. The key travels in
/// the form only, never in an address.
/// </summary>
public abstract class KeyForm : FormPage
{
    [Inject]
    private protected IStringLocalizer<ActivationKeyStrings> Keys { get; set; } = default!;

    [Inject]
    private protected IStringLocalizer<SharedStrings> Words { get; set; } = default!;

    [Inject]
    private protected IStringLocalizer<CodeWords> Codes { get; set; } = default!;

    [Inject]
    private protected IOptions<VendorOptions> Vendor { get; set; } = default!;

    [SupplyParameterFromForm]
    protected string? ActivationKey { get; set; }

    /// <summary>The key that was probably meant; a button sends it back.</summary>
    [SupplyParameterFromForm]
    protected string? Meant { get; set; }

    protected string? Outcome { get; private set; }

    /// <summary>What was read as the key: its groups are shown, not those of the mail around it.</summary>
    protected IReadOnlyList<CodeGroup> KeyGroups { get; private set; } = [];

    private protected virtual string KeyWords(string? key, CodeProblem problem) => Codes.For(CodeKind.ActivationKey, key, problem);

    /// <summary>Whose button says "use that one" has typed that one.</summary>
    protected void TakeMeant() => (ActivationKey, Meant) = (Meant ?? ActivationKey, null);

    private protected void RefuseKey(string? key, KeyAnswer answer, DateTimeOffset now)
    {
        switch (answer)
        {
            case KeyAnswer.Mistyped mistyped:
                RefuseKey(key, mistyped.Problem);
                break;
            case KeyAnswer.DidYouMean meant:
                Meant = meant.Key;
                Refuse("did-you-mean", nameof(ActivationKey), Keys["DidYouMean", meant.Key]);
                break;
            case KeyAnswer.LooksAlike alike:
                Refuse("did-you-mean", nameof(ActivationKey), Keys.For(alike));
                break;
            case KeyAnswer.TooManyTries tries:
                Outcome = "too-many-tries";
                Stopped = Words["TooManyTries", Times.DayAndTime(tries.RetryAt), Vendor.Value.PhoneText()];
                HttpContext.TooManyTries(tries.RetryAt, now);
                break;
            default:
                Refuse("not-found", nameof(ActivationKey), Keys["NotFound"]);
                break;
        }
    }

    private protected void RefuseKey(string? key, CodeProblem problem)
    {
        KeyGroups = CodeGroup.Split(key, CodeKind.ActivationKey, problem);
        Refuse("typing-error", nameof(ActivationKey), KeyWords(key, problem));
    }

    /// <summary>Says what is wrong with a field; the page's outcome is the first of them.</summary>
    protected void Refuse(string outcome, string field, string words)
    {
        Outcome ??= outcome;
        Refuse(field, words);
    }
}
