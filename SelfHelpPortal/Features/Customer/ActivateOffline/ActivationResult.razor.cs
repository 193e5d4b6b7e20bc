using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Keys;

namespace SelfHelpPortal.Features.Customer.ActivateOffline;

/// <summary>What came of an activation: the license file, or why there is none and what to do. It can be opened again and again.</summary>
public sealed partial class ActivationResult
{
    [Inject]
    private ActivateOffline Activation { get; set; } = default!;

    [Parameter]
    public required string Token { get; set; }

    [SupplyParameterFromForm]
    private string? Act { get; set; }

    private ActivationView? View { get; set; }

    private bool IsActivated => View!.Outcome is ActivationOutcome.Activated;

    private string FileName => LicenseFiles.NameOf(View!.LicenseNumber);

    private string Heading => T[View!.Outcome.ToString()];

    private string Sentence => View!.Outcome switch
    {
        ActivationOutcome.TooManyActivations => View.Seats == 1 ? T["TooManyOne"] : T["TooManyText", View.Seats],
        ActivationOutcome.Locked when View.CaseNumber is { } number => T["LockedText", number, Vendor.Value.PhoneText()],
        ActivationOutcome.Locked => T["LockedWithoutCase", Vendor.Value.PhoneText()],
        ActivationOutcome.FewParts => Hardware.FewParts(View.ReadableParts) + ".",
        _ => T[View.Outcome + "Text"],
    };

    protected override async Task OpenAsync()
    {
        View = await Activation.ShowAsync(Token, Time.GetUtcNow(), Aborted);
        if (View is null)
        {
            HttpContext.NotFoundHere();
        }
        else if (Expired is not null)
        {
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }
    }

    protected override async Task ActAsync()
    {
        var now = Time.GetUtcNow();
        var next = Act == "release" ? await Activation.ReleaseAsync(Token, now, Aborted)
            : await Activation.ExecuteAsync(Token, Caller.From(HttpContext), now, Aborted) ? new Begun($"/activate/{Token}")
            : null;
        switch (next)
        {
            case { Page: { } page }:
                HttpContext.SeeOther(Navigation, page);
                break;
            case { } begun:
                View = await Activation.ShowAsync(Token, now, Aborted);
                Stopped = Words["TooManyBegun", Times.DayAndTime(begun.RetryAt), Vendor.Value.PhoneText()];
                HttpContext.TooManyTries(begun.RetryAt, now);
                break;
            default:
                HttpContext.NotFoundHere();
                break;
        }
    }

    private string Day(DateTimeOffset at) => Times.Date(at, CultureInfo.CurrentUICulture);
}
