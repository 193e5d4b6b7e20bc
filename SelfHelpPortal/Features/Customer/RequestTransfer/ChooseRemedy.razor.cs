using System.Globalization;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Customer.RequestTransfer;

/// <summary>
/// The remedies side by side with all that they cost. What is chosen is remembered with its price: if that changes, it is chosen again.
/// </summary>
public sealed partial class ChooseRemedy
{
    private string? Remedy { get; set; }

    private string BackLink => IsChange ? At(DraftSteps.Check) : "/transfer";

    /// <summary>Something was chosen that is not to be had like that any more.</summary>
    private bool HasChanged => Draft.Shown is not null && View!.Chosen is null;

    private IReadOnlyList<ChoiceCard> Cards => [.. View!.Offers.Select(Card)];

    protected override Task FillAsync()
    {
        Remedy = View!.Chosen is { } chosen ? Word(chosen.Remedy) : null;
        return Task.CompletedTask;
    }

    protected override void Read(IFormCollection form) => Remedy = form["Remedy"];

    protected override async Task SaveAsync()
    {
        if (View!.Offers.SingleOrDefault(o => Word(o.Remedy) == Remedy) is not { } offer)
        {
            Refuse("Remedy", T["ChooseOne"]);
            return;
        }

        await ChangeAsync(d => d with { Remedy = offer.Remedy, Shown = offer.Shown });
        GoOn(DraftSteps.Hardware);
    }

    private static string Word(TransferRemedy remedy) => remedy switch
    {
        TransferRemedy.Fee => "fee",
        TransferRemedy.Renewal => "renewal",
    };

    private ChoiceCard Card(TransferOffer offer) => new(
        Word(offer.Remedy),
        T["Card." + offer.Remedy],
        Text(offer.Unit.Gross),
        builder =>
        {
            Paragraph(builder, T[offer.Vat is null ? "UnitUndecided" : offer.Vat.Rate > 0 ? "UnitWithTax" : "UnitWithoutTax",
                Text(offer.Unit.Net), Text(offer.Unit.Vat), offer.Vat?.Rate ?? 0]);
            if (offer.Period is { } period)
            {
                Paragraph(builder, T.Counted(
                    offer.Entry.TermMonths!.Value, offer.IsPeriodExact ? "UntilExactly" : "UntilAbout",
                    LocalTimes.Date(period.To, CultureInfo.CurrentUICulture), offer.Entry.TermMonths));
            }

            Paragraph(builder, T["Sentence." + offer.Remedy]);
        },
        offer.Remedy == TransferRemedy.Renewal && View!.Product!.Policies.Transfer.RenewalInfoUrl is { } url
            ? builder =>
            {
                builder.OpenComponent<Details>(0);
                builder.AddComponentParameter(1, nameof(Details.Summary), (string)T["AboutSubscription"]);
                builder.AddComponentParameter(2, nameof(Details.ChildContent), (RenderFragment)(inner =>
                {
                    inner.OpenElement(0, "p");
                    inner.OpenElement(1, "a");
                    inner.AddAttribute(2, "href", url);
                    inner.AddAttribute(3, "rel", "noreferrer");
                    inner.AddContent(4, url);
                    inner.CloseElement();
                    inner.CloseElement();
                }));
                builder.CloseComponent();
            }
    : null);

    private static void Paragraph(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder, string text)
    {
        builder.OpenElement(0, "p");
        builder.AddContent(1, text);
        builder.CloseElement();
    }

    private static string Text(Money money) => Amounts.Text(money, CultureInfo.CurrentUICulture);
}
