using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Customer.ReleaseLicense;

/// <summary>The page behind the link in the mail. Opening it shows; the button acts, with symbols that no mail scanner has.</summary>
public sealed partial class ConfirmByMail
{
    [Inject]
    private ConfirmRelease Act { get; set; } = default!;

    [Inject]
    private IOptions<VendorOptions> Vendor { get; set; } = default!;

    [SupplyParameterFromForm]
    private string? LastFive { get; set; }

    private ReleaseView? View { get; set; }

    /// <summary>The last five symbols have to be typed.</summary>
    protected override bool NeedsTick => false;

    private bool Asks => View?.Outcome is ReleaseOutcome.Confirm or ReleaseOutcome.TypingError or ReleaseOutcome.WrongCode
        or ReleaseOutcome.TooManyTries;

    protected override async Task OpenAsync()
    {
        View = await Act.ShowAsync(Link, Time.GetUtcNow(), Aborted);
        if (View is null)
        {
            HttpContext.NotFoundHere();
        }
        else if (Asks && Expired is { } typed)
        {
            LastFive = typed[nameof(LastFive)];
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }
    }

    protected override async Task ConfirmedAsync()
    {
        var now = Time.GetUtcNow();
        View = await Act.ShowAsync(Link, now, Aborted);
        if (Asks && string.IsNullOrWhiteSpace(LastFive))
        {
            Refuse(ReleaseOutcome.TypingError, T["Empty"]);
            return;
        }

        if (Asks)
        {
            View = await Act.ExecuteAsync(Link, LastFive, Caller.From(HttpContext), now, Aborted);
        }

        switch (View?.Outcome)
        {
            case null:
                HttpContext.NotFoundHere();
                break;
            case ReleaseOutcome.WrongCode:
                Refuse(ReleaseOutcome.WrongCode, T["WrongLastFive"]);
                break;
            case ReleaseOutcome.TooManyTries:
                Stopped = Words["TooManyTries", Times.DayAndTime(View.NextAllowedAt ?? now), Vendor.Value.PhoneText()];
                HttpContext.TooManyTries(View.NextAllowedAt, now);
                break;
            case ReleaseOutcome.Released or ReleaseOutcome.AlreadyReleased or ReleaseOutcome.Expired:
                HttpContext.SeeOther(Navigation, $"/release/confirm/{Link}");
                break;
        }
    }

    private void Refuse(ReleaseOutcome outcome, string words)
    {
        View = View! with { Outcome = outcome };
        Refuse(nameof(LastFive), words);
    }
}
