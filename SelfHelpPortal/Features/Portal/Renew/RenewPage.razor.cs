using System.Globalization;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Features.Portal.Renew;

/// <summary>What the renewal of a subscription costs, and the button that orders it.</summary>
public sealed partial class RenewPage
{
    [Inject]
    private ShowRenewal Show { get; set; } = default!;

    [Inject]
    private InvoiceLetters Letters { get; set; } = default!;

    [Inject]
    private RenewSubscription Act { get; set; } = default!;

    [Parameter]
    public required string Number { get; set; }

    private RenewalView? View { get; set; }

    private bool IsForOwners { get; set; }

    /// <summary>Of the next form, when the command of this one is used up.</summary>
    private Guid? NewCommand { get; set; }

    private string? BuyerReference { get; set; }

    private string? OrderNumber { get; set; }

    private bool WantsEarlyStart { get; set; }

    private string LicensePath => OwnLicense.PathOf(Number);

    /// <summary>Leads back here when the details are saved.</summary>
    private string DetailsPath => ReturnUrl.With("/my/details", $"{LicensePath}/renew");

    private string EndText => View!.License.MaintenanceUntil is not { } end ? T["NoEnd"]
        : end < Times.Today(Time.GetUtcNow()) ? T["EndOver", Day(end)]
        : Day(end);

    protected override async Task OpenAsync()
    {
        await LoadAsync();
        if (View is not null && Expired is { } typed)
        {
            Read(typed);
            Again(Words["FormExpired"]);
        }
    }

    protected override async Task ActAsync()
    {
        var form = HttpContext.Request.Form;
        Read(form);
        foreach (var (name, value) in new[] { (nameof(BuyerReference), BuyerReference), (nameof(OrderNumber), OrderNumber) })
        {
            if (value is { Length: > RenewalOrder.LineLimit })
            {
                Errors.Add(name, T["LineTooLong", RenewalOrder.LineLimit]);
            }
        }

        await LoadAsync();
        if (BuyerReference is { Length: <= RenewalOrder.LineLimit } reference && Letters.FirstMissing(reference) is { } missing)
        {
            Errors.Add(nameof(BuyerReference), T["NotDrawable", missing]);
        }
        else if (View?.Customer.InvoiceFormat == InvoiceFormat.XRechnung && !LeitwegId.IsValid(BuyerReference))
        {
            Errors.Add(nameof(BuyerReference), T[LeitwegId.IsWellFormed(BuyerReference ?? "") ? "LeitwegIdDigits" : "LeitwegId"]);
        }

        if (OrderNumber is { Length: <= RenewalOrder.LineLimit } number && Letters.FirstMissing(number) is { } unknown)
        {
            Errors.Add(nameof(OrderNumber), T["NotDrawable", unknown]);
        }

        if (View is not null && !WantsEarlyStart && EarlyStart.IsAsked(Vendor.Value, View.Customer.IsConsumer))
        {
            Errors.Add(EarlyStart.Field, Words["MustAskEarlyStart"]);
        }

        if (Errors.Any)
        {
            HttpContext.Unprocessable();
            return;
        }

        var order = new RenewalOrder(
            Number, form["Shown"].ToString(), BuyerReference, OrderNumber, Languages.Current, WantsEarlyStart);
        var answer = await Act.ExecuteAsync(Command, order, Time.GetUtcNow(), Aborted);
        switch (answer)
        {
            case { Done: { } done }:
                HttpContext.SeeOther(Navigation, $"{LicensePath}/renewed/{done.InvoiceNumber}");
                break;
            case { Refused: CustomerRefusal.SignInEnded }:
                Stop(CustomerRefusal.SignInEnded);
                break;
            case { Refused: CustomerRefusal.SentBefore }:
                NewCommand = Guid.CreateVersion7();
                await LoadAsync();
                Again(T["SentBefore"]);
                break;
            case { Stopped: RenewalError.NotAgreed }:
                await LoadAsync();
                Refuse(EarlyStart.Field, Words["MustAskEarlyStart"]);
                break;
            case { Stopped: RenewalError.Changed }:
                await LoadAsync();
                Again(T["Changed"]);
                break;
            default:
                await LoadAsync();
                if (answer.Stopped is { } stopped && View is not null)
                {
                    View = View with { Choice = View.Choice.Stopped == stopped ? View.Choice : stopped };
                    HttpContext.Unprocessable();
                }

                break;
        }
    }

    private async Task LoadAsync()
    {
        var answer = await Show.ExecuteAsync(Actor, Number, Languages.Current, Time.GetUtcNow(), Aborted);
        View = answer.Value;
        IsForOwners = answer.Refused is CustomerRefusal.NotPermitted;
        if (View is null && !IsForOwners)
        {
            Missing();
        }
    }

    private void Read(IFormCollection form)
    {
        BuyerReference = Of(nameof(BuyerReference));
        OrderNumber = Of(nameof(OrderNumber));
        WantsEarlyStart = EarlyStart.IsIn(form);

        string? Of(string name) => string.IsNullOrWhiteSpace(form[name]) ? null : form[name].ToString().Trim();
    }

    private void Again(string why)
    {
        Stopped = why;
        HttpContext.Unprocessable();
    }

    private string StopText(RenewalView view, RenewalError stopped) => T["Stop." + stopped, (object[])(stopped switch
    {
        RenewalError.NotDrawable => [view.Choice.Character ?? ""],
        RenewalError.Locked => [view.Choice.CaseNumber ?? view.License.Number],
        RenewalError.NotYet => [Day(view.Choice.PaidUntil!.Value), Day(view.Choice.OfferedFrom!.Value)],
        RenewalError.VatIdNotConfirmed => [view.Customer.VatId ?? ""],
        _ => [],
    })];

    private static string OutcomeOf(RenewalError stopped) => stopped switch
    {
        RenewalError.Revoked => "revoked",
        RenewalError.Suspended => "suspended",
        RenewalError.Locked => "locked",
        RenewalError.Expired => "expired",
        RenewalError.NotOffered => "not-offered",
        RenewalError.NotYet => "not-yet",
        RenewalError.DetailsIncomplete => "details-incomplete",
        RenewalError.NotDrawable => "not-drawable",
        RenewalError.NoInvoicing => "no-invoicing",
        RenewalError.VatIdNotConfirmed => "vat-id-not-confirmed",
        RenewalError.TaxUndecided => "tax-undecided",
        RenewalError.Changed or RenewalError.NotAgreed => "renew-again",
        RenewalError.InvoiceInvalid => "invoice-invalid",
    };

    private static string Day(DateOnly day) => LocalTimes.Date(day, CultureInfo.CurrentUICulture);

    private static string Amount(Money money) => Amounts.Text(money, CultureInfo.CurrentUICulture);
}

/// <summary>Names the words of the pages of a renewal.</summary>
public sealed class RenewWords;
