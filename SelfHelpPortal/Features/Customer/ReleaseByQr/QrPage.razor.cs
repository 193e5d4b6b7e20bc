using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Features.Customer.Kit;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Features.Customer.ReleaseByQr;

public sealed partial class QrPage
{
    [Parameter]
    public required string Token { get; set; }

    private QrView View { get; set; } = new(QrOutcome.InvalidLink);

    private bool IsReady => View.Outcome is QrOutcome.Ready;

    private bool IsReleased => View.Outcome is QrOutcome.Released or QrOutcome.AlreadyReleased;

    private string Heading => View.Outcome.ToString();

    private string Outcome => View.Outcome switch
    {
        QrOutcome.Ready => "ready",
        QrOutcome.Released => "released",
        QrOutcome.AlreadyReleased => "already-released",
        QrOutcome.Locked => "locked",
        QrOutcome.ProofNotYet => "proof-not-yet",
        QrOutcome.AskSupport => "ask-support",
        QrOutcome.InvalidLink => "invalid-link",
        QrOutcome.TooManyTries => "too-many-tries",
    };

    private string Sentence => View.Outcome switch
    {
        QrOutcome.Ready => T["Consequence", PcNames.Masked(View.PcName)],
        QrOutcome.Released or QrOutcome.AlreadyReleased => T["Done"],
        QrOutcome.Locked when View.CaseNumber is { } number => T["LockedText", number, Vendor.Value.PhoneText()],
        QrOutcome.Locked => T["LockedWithoutCase", Vendor.Value.PhoneText()],
        QrOutcome.ProofNotYet => T["ProofNotYetText", View.At is { } from ? Times.DateAndTime(from, CultureInfo.CurrentUICulture) : "–"],
        QrOutcome.AskSupport when View.CaseNumber is { } number => T["FrozenText", number, Vendor.Value.PhoneText()],
        QrOutcome.AskSupport => T["AskSupportText", Vendor.Value.PhoneText()],
        QrOutcome.InvalidLink => T["InvalidLinkText"],
        QrOutcome.TooManyTries => Words["TooManyTries", Times.DayAndTime(View.At ?? Time.GetUtcNow()), Vendor.Value.PhoneText()],
    };

    protected override async Task OpenAsync()
    {
        Take(await Act.ShowAsync(Token, Time.GetUtcNow(), Aborted));
        if (IsReady && Expired is not null)
        {
            Stopped = T["Expired"];
            HttpContext.Unprocessable();
        }
    }

    protected override async Task ActAsync()
    {
        var view = await Act.ExecuteAsync(Token, Caller.From(HttpContext), Time.GetUtcNow(), Aborted);
        if (view.Outcome is QrOutcome.InvalidLink or QrOutcome.TooManyTries)
        {
            Take(view);
        }
        else
        {
            HttpContext.SeeOther(Navigation, $"/D/{Token}");
        }
    }

    private void Take(QrView view)
    {
        View = view;
        if (view.Outcome is QrOutcome.InvalidLink)
        {
            HttpContext.NotFoundHere();
        }
        else if (view.Outcome is QrOutcome.TooManyTries)
        {
            HttpContext.TooManyTries(view.At, Time.GetUtcNow());
        }
    }
}
