using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Customer.RequestTransfer;

/// <summary>The first question. Only "no" begins a draft; every other answer leads to a way that costs nothing.</summary>
public sealed partial class Transfer
{
    [Inject]
    private ShowDraft Show { get; set; } = default!;

    [Inject]
    private TransferDrafts Drafts { get; set; } = default!;

    /// <summary>
    /// The new computer's code, filled in by the software that opened the page; nothing is stored of it until the form is sent.
    /// </summary>
    [SupplyParameterFromQuery(Name = "hw")]
    public string? HwInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "product")]
    public string? ProductInAddress { get; set; }

    /// <summary>The answer whose advice is shown.</summary>
    [SupplyParameterFromQuery(Name = "still")]
    public string? Still { get; set; }

    [SupplyParameterFromForm]
    private string? StillRuns { get; set; }

    [SupplyParameterFromForm]
    private string? Hw { get; set; }

    [SupplyParameterFromForm]
    private string? For { get; set; }

    private bool IsOffered { get; set; }

    private IReadOnlyList<(Product Product, IReadOnlyList<TransferOffer> Offers)> Prices { get; set; } = [];

    /// <summary>As many as lie before whoever says no, who may know neither product nor license.</summary>
    private int StepCount { get; set; }

    private string? Advice => IsPending ? null : Still switch
    {
        "yes-online" or "yes-offline" => "use-release",
        "repair" => "loan",
        "parts" => "hardware",
        _ => null,
    };

    private IReadOnlyList<Choice> Options =>
    [
        new("no", T["No"], T["NoHint"]),
        new("yes-online", T["YesOnline"], T["YesOnlineHint"]),
        new("yes-offline", T["YesOffline"], T["YesOfflineHint"]),
        new("repair", T["Repair"], T["RepairHint"]),
        new("parts", T["Parts"], T["PartsHint"]),
    ];

    protected override async Task OpenAsync()
    {
        (Hw, For) = (HwInAddress, ProductInAddress);
        await ReadProductsAsync();
        if (Expired is { } typed)
        {
            (StillRuns, Hw, For) = (typed[nameof(StillRuns)], typed[nameof(Hw)], typed[nameof(For)]);
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }
    }

    protected override async Task ActAsync()
    {
        var products = await ReadProductsAsync();
        switch (StillRuns)
        {
            case "yes-online" or "yes-offline" or "repair" or "parts":
                HttpContext.SeeOther(Navigation, $"/transfer?still={StillRuns}");
                break;
            case "no" when IsOffered:
                var product = Known(products);
                var hw = string.IsNullOrWhiteSpace(Hw) ? null : Hw.Trim();
                var draft = new TransferDraft
                {
                    ProductId = product?.Id,
                    Items = hw is { Length: <= DraftLimits.TypedCode }
                    ? [new DraftItem(hw, null)]
                    : []
                };
                var (who, now) = (CustomerActor.From(HttpContext), Time.GetUtcNow());
                var by = who is null
                    ? AttemptSubjects.DraftFrom(LinkPurpose.TransferDraft, HttpContext.Connection.RemoteIpAddress)
                    : AttemptSubjects.DraftOf(LinkPurpose.TransferDraft, who.Id);
                var begun = await Drafts.BeginAsync(draft, by, now, Aborted);
                if (begun.Page is { } token)
                {
                    HttpContext.SeeOther(Navigation, $"/transfer/{token}/{DraftSteps.FirstMissing(draft)}");
                }
                else
                {
                    Stopped = Words["TooManyBegun", Times.DayAndTime(begun.RetryAt), Vendor.Value.PhoneText()];
                    HttpContext.TooManyTries(begun.RetryAt, now);
                }

                break;
            default:
                Refuse(nameof(StillRuns), T["ChooseStillRuns"]);
                break;
        }
    }

    private string UnitText(TransferOffer offer) => T[
        offer.Vat is null ? "UnitUndecided" : offer.Vat.Rate > 0 ? "UnitWithTax" : "UnitWithoutTax",
        Amounts.Text(offer.Unit.Net, CultureInfo.CurrentUICulture), Amounts.Text(offer.Unit.Vat, CultureInfo.CurrentUICulture),
        offer.Vat?.Rate ?? 0];

    private Product? Known(IReadOnlyList<Product> products) =>
        products.SingleOrDefault(p => p.Id == For) ?? (products is [var only] ? only : null);

    private async Task<IReadOnlyList<Product>> ReadProductsAsync()
    {
        var products = await Show.ProductsAsync(Aborted);
        IsOffered = products.Count > 0;
        StepCount = DraftSteps.Of(new TransferDraft { ProductId = Known(products)?.Id }).Count;
        Prices = await Show.PricesAsync(Languages.Current, Time.GetUtcNow(), Aborted);
        return products;
    }
}
