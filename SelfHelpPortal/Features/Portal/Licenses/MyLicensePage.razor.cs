using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Portal.Licenses;

/// <summary>One license: what it is, which computers use it, what can be done, and what happened.</summary>
public sealed partial class MyLicensePage
{
    [Inject]
    private ShowMyLicense Show { get; set; } = default!;

    [Inject]
    private OpenMyCase Case { get; set; } = default!;

    [Inject]
    private IStringLocalizer<AllowanceWords> Allowances { get; set; } = default!;

    [Inject]
    private IStringLocalizer<ReleaseResult> Results { get; set; } = default!;

    [Inject]
    private IOptions<VendorOptions> Vendor { get; set; } = default!;

    [Parameter]
    public required string Number { get; set; }

    [SupplyParameterFromQuery]
    public string? Done { get; set; }

    private MyLicenseView? View { get; set; }

    private string Here => OwnLicense.PathOf(Number);

    private string LoanPath(string product) => ReturnUrl.With("/loan", Here)
        + $"&product={Uri.EscapeDataString(product)}&license={Uri.EscapeDataString(View!.Number)}";

    /// <summary>Why nothing can be done with it now, and what the next way is.</summary>
    private string? Trouble => View switch
    {
        { State: LicenseState.Locked, CaseNumber: { } number } => Results["LockedText", number, Vendor.Value.PhoneText()].Value,
        { State: LicenseState.Locked } => Results["LockedWithoutCase", Vendor.Value.PhoneText()].Value,
        { State: LicenseState.Suspended } => T["SuspendedText", Vendor.Value.PhoneText()].Value,
        { State: LicenseState.Revoked } => T["RevokedText"].Value,
        { ObjectionNumber: { } number } => Results["FrozenText", number].Value,
        { CaseNumber: { } number } => T["CaseText", number, Vendor.Value.PhoneText()].Value,
        _ => null,
    };

    private IReadOnlyList<TimelineEntry> History => [.. View!.History.Select(e => new TimelineEntry(e.At, Title(e), By(e)))];

    protected override async Task OpenAsync()
    {
        View = await Show.ExecuteAsync(Actor, Number, Time.GetUtcNow(), Aborted);
        if (View is null)
        {
            Missing();
        }
    }

    /// <summary>The one button that this page acts on: to the case.</summary>
    protected override async Task ActAsync()
    {
        if (await Case.ExecuteAsync(Actor, Number, Time.GetUtcNow(), Aborted) is { } page)
        {
            HttpContext.SeeOther(Navigation, page);
        }
        else
        {
            Missing();
        }
    }

    private string Title(MyEvent e)
    {
        var pc = e.PcName ?? T["Unnamed"];
        return e.Kind switch
        {
            EventKind.Released =>
                T["Event.Released", pc, Enum.TryParse<ReleaseMethod>(e.Data.Method, out var method) ? T["Way." + method] : ""],
            // A move has the reference of its order; without one the same computer was activated again.
            EventKind.Superseded when e.Data.Reference is null => T["Event.Superseded.Here", pc],
            EventKind.Lent or EventKind.Leaving => T["Event." + e.Kind, pc,
                e.LastDay is { } day ? LocalTimes.Date(day, System.Globalization.CultureInfo.CurrentUICulture) : ""],
            EventKind.LoanAsked or EventKind.RanOut or EventKind.EndLifted => T["Event." + e.Kind, pc],
            EventKind.Activated or EventKind.Superseded or EventKind.Excluded or EventKind.Objected or EventKind.Restored
            or EventKind.ComputerLocked => T["Event." + e.Kind, pc],
            EventKind.LicenseLocked or EventKind.Unlocked => T["Event." + e.Kind, e.Data.Case ?? ""],
            EventKind.ReleaseGranted or EventKind.SubscriptionRenewed or EventKind.SubscriptionShortened =>
                T["Event." + e.Kind, e.Data.Until is { } until ? Times.Date(until, System.Globalization.CultureInfo.CurrentUICulture) : ""],
            _ => T["Event." + e.Kind],
        };
    }

    private string By(MyEvent e) => e.ActorName is { } name ? T["By.Person", name] : T["By." + e.By];
}
