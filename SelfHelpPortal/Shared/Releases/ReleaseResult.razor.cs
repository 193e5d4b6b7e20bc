using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Shared.Releases;

public sealed partial class ReleaseResult
{
    [Parameter, EditorRequired]
    public required ReleaseView View { get; set; }

    /// <summary>Where the same can be tried again, with a verification code for example.</summary>
    [Parameter]
    public string? Again { get; set; }

    /// <summary>The page of the activation that this release was made for.</summary>
    [Parameter]
    public string? Activation { get; set; }

    /// <summary>The license's own page, for somebody who is signed in: he reads names in full and goes back there.</summary>
    [Parameter]
    public string? Mine { get; set; }

    /// <summary>Further ways, for who is signed in.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    private static TimeSpan LinkLifetime => LinkPurpose.ReleaseConfirm.Lifetime;

    private bool IsReleased => View.Outcome is ReleaseOutcome.Released or ReleaseOutcome.AlreadyReleased;

    private bool IsPaid => View.Policy?.DeadPc is DeadPcRule.PaidTransfer;

    private string Heading => View.Outcome switch
    {
        ReleaseOutcome.Released => T[View.GoesOnUntil is null ? "Released" : "GoesOn"],
        ReleaseOutcome.AlreadyReleased => T["AlreadyReleased"],
        ReleaseOutcome.MailSent => T["MailSent"],
        ReleaseOutcome.OfferTransfer => T[IsPaid ? "Paid" : "LimitUsedUp"],
        ReleaseOutcome.Locked => T["Locked"],
        ReleaseOutcome.TooSoon or ReleaseOutcome.ProofNotYet => T["TooSoon", Moment(View.NextAllowedAt)],
        ReleaseOutcome.NotActive => T["NotActive"],
        ReleaseOutcome.Expired => T["Expired"],
        ReleaseOutcome.AskSupport => T["AskSupport"],
        ReleaseOutcome.Confirm or ReleaseOutcome.NotFound or ReleaseOutcome.TypingError or ReleaseOutcome.DidYouMean
        or ReleaseOutcome.WrongCode
            or ReleaseOutcome.TooManyTries => throw new InvalidOperationException($"{View.Outcome} is asked again, not shown as a result."),
    };

    /// <summary>What it means and what to do, a paragraph each.</summary>
    private IEnumerable<string> Sentences => View.Outcome switch
    {
        ReleaseOutcome.Released when View.GoesOnUntil is { } last =>
            [T["GoesOnText", LocalTimes.Date(last, CultureInfo.CurrentUICulture)], T["GoesOnProof"]],
        ReleaseOutcome.Released => [T["ReleasedText"]],
        ReleaseOutcome.AlreadyReleased => [T["AlreadyReleasedText"]],
        ReleaseOutcome.MailSent =>
            [T["MailSentText", View.MaskedAddress!, LinkLifetime.TotalMinutes, Moment(View.At + LinkLifetime)], T["MailSentAct"],
                T["MailSentWrong"]],
        ReleaseOutcome.OfferTransfer when IsPaid => [T["PaidText", View.ProductName!], .. TransferSentences, T["ProveInstead"]],
        ReleaseOutcome.OfferTransfer => [LimitText, .. TransferSentences, T["ProveInstead"]],
        ReleaseOutcome.Locked when View.CaseNumber is { } number => [T["LockedText", number, Vendor.Value.PhoneText()]],
        ReleaseOutcome.Locked => [T["LockedWithoutCase", Vendor.Value.PhoneText()]],
        ReleaseOutcome.TooSoon => [T["TooSoonText"], T["ProveInstead"]],
        ReleaseOutcome.ProofNotYet => [T["ProofNotYetText"]],
        ReleaseOutcome.NotActive => [T["NotActiveText"]],
        ReleaseOutcome.Expired => [T["ExpiredText"]],
        _ when View.CaseNumber is { } number => [T["FrozenText", number]],
        _ => [T["AskSupportText"]],
    };

    /// <summary>The order can be begun here, with everything that is known filled in.</summary>
    private bool LeadsToTransfer => View is { Outcome: ReleaseOutcome.OfferTransfer, TransferFee: not null } && (Mine ?? Again) is not null;

    private IEnumerable<string> TransferSentences => View.TransferFee is { } fee
        ? [T["TransferFee", Amounts.Text(fee.Net, CultureInfo.CurrentUICulture), Amounts.Text(fee.Gross, CultureInfo.CurrentUICulture)],
            T["OrderHere"]]
        : [T["OrderTransfer"]];

    private string LimitText => (View.Policy?.AllowedUnproven, View.NextAllowedAt) switch
    {
        ({ } all, { } next) when View.UsedSince is { } since =>
            T["LimitText", all - (View.Allowance?.Left ?? 0), all, Day(since), Day(next)],
        _ => T["LimitWithoutDate"],
    };

    private IEnumerable<Way> Ways => View.Outcome switch
    {
        _ when Mine is not null => [new(Mine, T["ToLicense"])],
        ReleaseOutcome.Released or ReleaseOutcome.AlreadyReleased when Activation is not null => [],
        ReleaseOutcome.Released or ReleaseOutcome.AlreadyReleased => [new("/release", T["AnotherKey"])],
        ReleaseOutcome.OfferTransfer or ReleaseOutcome.TooSoon or ReleaseOutcome.ProofNotYet when Again is not null =>
            [new(Again, T["Again"])],
        ReleaseOutcome.Expired => [new("/release", T["EnterKey"])],
        ReleaseOutcome.MailSent => [new("/release", T["EnterKeyLater"])],
        _ => [],
    };

    private string Moment(DateTimeOffset? at) => at is { } moment ? Times.DateAndTime(moment, CultureInfo.CurrentUICulture) : "–";

    private string Day(DateTimeOffset at) => Times.Date(at, CultureInfo.CurrentUICulture);

    private sealed record Way(string Href, string Text);
}
