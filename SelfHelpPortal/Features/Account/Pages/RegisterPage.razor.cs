using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Features.Account.Registrations;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Account.Pages;

/// <summary>Asks for an address, and for a key when the address is not the one on file. What comes of it comes by mail.</summary>
public sealed partial class RegisterPage
{
    [Inject]
    private KnownDevice Devices { get; set; } = default!;

    [Inject]
    private RequestAccount Ask { get; set; } = default!;

    [SupplyParameterFromForm]
    private string? Email { get; set; }

    [SupplyParameterFromForm]
    private string? ActivationKey { get; set; }

    /// <summary>The key that was probably meant; a button sends it back.</summary>
    [SupplyParameterFromForm]
    private string? Meant { get; set; }

    private IReadOnlyList<CodeGroup> Groups { get; set; } = [];

    private string? Outcome { get; set; }

    protected override Task OpenAsync()
    {
        if (Expired is { } typed)
        {
            (Email, ActivationKey) = (typed[nameof(Email)], typed[nameof(ActivationKey)]);
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }

        return Task.CompletedTask;
    }

    protected override async Task ActAsync()
    {
        (ActivationKey, Meant) = (Meant ?? ActivationKey, null);
        var address = MailAddresses.Normalize(Email);
        if (address is null)
        {
            Errors.Add(nameof(Email), Words["EnterEmail"]);
            HttpContext.Unprocessable();
        }

        if (!string.IsNullOrWhiteSpace(ActivationKey) && await Ask.MistypedAsync(ActivationKey, Aborted) is { } problem)
        {
            RefuseKey(problem);
        }

        if (address is null || Errors.Any)
        {
            return;
        }

        var now = Time.GetUtcNow();
        switch (await Ask.ExecuteAsync(
            address, ActivationKey, Caller.Of(HttpContext), await Devices.AskerAsync(address, Aborted), now, Aborted))
        {
            case null:
                HttpContext.SeeOther(Navigation, "/account/register/sent");
                break;
            case KeyAnswer.Mistyped mistyped:
                RefuseKey(mistyped.Problem);
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

    private void RefuseKey(CodeProblem problem)
    {
        Groups = CodeGroup.Of(Licensing.Codes.ActivationKey.FindIn(ActivationKey) ?? ActivationKey, problem);
        Refuse("typing-error", Keys.For(problem));
    }

    private void Refuse(string outcome, string words)
    {
        Outcome = outcome;
        Errors.Add(nameof(ActivationKey), words);
        HttpContext.Unprocessable();
    }
}
