using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Customer.LicenseSummary;

/// <summary>Shows a license to whoever has its key, and leads on without asking for the key again.</summary>
public sealed partial class LicensePage
{
    [Inject]
    private GetLicenseSummary Show { get; set; } = default!;

    [Inject]
    private OpenRelease OpenRelease { get; set; } = default!;

    [Inject]
    private OpenTransfer OpenTransfer { get; set; } = default!;

    [Parameter]
    public required string Token { get; set; }

    [SupplyParameterFromForm]
    private string? Act { get; set; }

    private HolderView? View { get; set; }

    /// <summary>What is out of the ordinary, and what to do.</summary>
    private IReadOnlyList<string>? Standing => View! switch
    {
        { State: LicenseState.Revoked } => [T["Revoked"]],
        { State: LicenseState.Suspended } => [T["Suspended", Vendor.Value.PhoneText()]],
        { State: LicenseState.Locked, SightingCase: { } number } => [T["Locked"], T["LockedNext", number, Vendor.Value.PhoneText()]],
        { State: LicenseState.Locked } => [T["LockedNoCase", Vendor.Value.PhoneText()]],
        { IsExpired: true } => [T["Expired", Vendor.Value.PhoneText()]],
        { ObjectionCase: { } number } => [T["Frozen", number]],
        { SightingCase: { } number } => [T["Sighted"], T["LockedNext", number, Vendor.Value.PhoneText()]],
        _ => null,
    };

    private string Subscription => View!.MaintenanceUntil is not { } until
        ? T["NoSubscription"]
        : T[until < Times.Today(Time.GetUtcNow()) ? "SubscriptionEnded" : "SubscriptionUntil",
            LocalTimes.Date(until, CultureInfo.CurrentUICulture)];

    protected override async Task OpenAsync()
    {
        await LoadAsync();
        if (View is not null && Expired is not null)
        {
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }
    }

    protected override async Task ActAsync()
    {
        await LoadAsync();
        if (View is null)
        {
            return;
        }

        var now = Time.GetUtcNow();
        var begun = Act switch
        {
            "transfer" when View.MayTransfer => await OpenTransfer.BeginAsync(View.LicenseId, View.ProductId, now, Aborted),
            "release" when View.MayRelease => OpenRelease.PathOf(
                await OpenRelease.OpenAsync(
                    View.LicenseId, AttemptSubjects.DraftFor(LinkPurpose.ReleaseRequest, View.LicenseId), now, Aborted), activation: null),
            _ => new Begun($"/license/{Token}"),
        };
        if (begun.Page is { } path)
        {
            HttpContext.SeeOther(Navigation, path);
        }
        else
        {
            Stopped = Words["TooManyBegun", Times.DayAndTime(begun.RetryAt), Vendor.Value.PhoneText()];
            HttpContext.TooManyTries(begun.RetryAt, now);
        }
    }

    private async Task LoadAsync()
    {
        View = await Show.ExecuteAsync(Token, Time.GetUtcNow(), Aborted);
        if (View is null)
        {
            HttpContext.NotFoundHere();
        }
    }

    private string Day(DateTimeOffset at) => Times.Date(at, CultureInfo.CurrentUICulture);
}
