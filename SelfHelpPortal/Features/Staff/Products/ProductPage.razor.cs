using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Products;

public sealed partial class ProductPage
{
    /// <summary>As the setting names them.</summary>
    private static readonly string[] AppointmentWeekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    private string? _loaded;

    [Inject]
    private ShowProduct Show { get; set; } = default!;

    [Inject]
    private ProductPageActs Acts { get; set; } = default!;

    /// <summary>Null for a new one.</summary>
    [Parameter]
    public string? Id { get; set; }

    private bool IsNew => Id is null;

    private ProductView? View { get; set; }

    /// <summary>What is in the form now, where it can be read.</summary>
    private ProductPolicies? Typed => Form?.Peek<ProductEntry>()?.Policies;

    private PolicySimulation? Simulated { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        // A new one that was saved has another address now, and says so.
        if (_loaded != (Id ?? ""))
        {
            // Nothing is drawn of the one before while this one is read.
            (_loaded, View, Simulated) = (Id ?? "", null, null);
            Edit(null);
            await LoadAsync();
        }
    }

    private protected override async Task LoadAsync()
    {
        var entry = new ProductEntry("", "", new ProductPolicies());
        if (Id is not null)
        {
            View = Take(await Show.ExecuteAsync(Actor, Id, Now, Aborted));
            entry = View?.Entry;
        }

        Edit(entry is null ? null : SettingForm.For(entry));
    }

    private Task SaveAsync() => SaveAsync<ProductEntry>(
        nameof(SaveProduct),
        (entry, command) => Acts.Save.ExecuteAsync(
            Actor, command, entry with { Id = (entry.Id ?? "").Trim() }, View?.Version ?? 0, IsNew, Now, ToTheEnd),
        async entry =>
        {
            Result = ("saved", T["ProductSaved", entry.Name]);
            if (IsNew)
            {
                Links.NavigateTo($"/staff/setup/products/{entry.Id}");
            }
            else
            {
                await LoadAsync();
            }
        });

    /// <summary>With what is typed, whether it is saved or not.</summary>
    private async Task SimulateAsync()
    {
        if (Typed is { } policies)
        {
            Simulated = Take(await Acts.Simulate.ExecuteAsync(Actor, Id!, policies.Release, Now, Aborted));
        }
    }

    private void Restore(SettingLine line) =>
        Edit(SettingForm.For(SettingHistory.Read<ProductEntry>(line.Content)), line);

    private protected override async Task ReopenAsync(StaffDraft draft)
    {
        if (draft is { Act: nameof(SaveProduct), Form: { } form })
        {
            Form!.Restore(form);
            await SaveAsync();
        }
        else if (draft is { Act: nameof(SetPrice), Form: { } price })
        {
            var typed = JsonSerializer.Deserialize<TypedPrice>(price)!;
            await SetPriceAsync(View!.Articles.Single(a => a.Remedy == typed.Remedy), typed.Price);
        }
    }

    private PriceListEntry? Today(PriceArticle remedy) =>
        View is { } view ? view.Articles.Single(a => a.Remedy == remedy).Plan.On(view.Today) : null;

    /// <param name="typed">What was typed before the factor was shown again.</param>
    private Task SetPriceAsync(ArticleView article, PriceEntry? typed = null)
    {
        var command = Guid.CreateVersion7();
        var last = article.Plan.Entries.Count > 0 ? article.Plan.Entries[^1] : null;
        var isRenewal = article.Remedy == PriceArticle.Renewal;
        return DoAsync(OpenAsync<PriceDialog>("SetPrice", "price-set", ArticleName(article), new()
        {
            [nameof(PriceDialog.About)] = ArticleName(article),
            [nameof(PriceDialog.IsRenewal)] = isRenewal,
            [nameof(PriceDialog.Taxes)] = View!.Taxes,
            [nameof(PriceDialog.Suggested)] = typed ?? new PriceEntry(
                last?.Net ?? new Money(0), isRenewal ? last?.TermMonths ?? 12 : null, View.Today,
                last?.NameDe ?? NamesOf(article.Remedy).De, last?.NameEn ?? NamesOf(article.Remedy).En),
            [nameof(PriceDialog.Act)] = (PriceEntry price) => WithFactorAsync(
                Acts.Set.ExecuteAsync(Actor, command, Target(article), price, Now, ToTheEnd),
                JsonSerializer.Serialize(new TypedPrice(article.Remedy, price))),
        }));
    }

    private Task EndPriceAsync(ArticleView article)
    {
        var command = Guid.CreateVersion7();
        return DoAsync(OpenAsync<EndPriceDialog>("EndPrice", "price-ended", ArticleName(article), new()
        {
            [nameof(EndPriceDialog.About)] = ArticleName(article),
            [nameof(EndPriceDialog.Suggested)] = View!.Today,
            [nameof(EndPriceDialog.Act)] = (DateOnly day) =>
                WithFactorAsync(Acts.End.ExecuteAsync(Actor, command, Target(article), day, Now, ToTheEnd)),
        }));
    }

    private Task TakeBackAsync(ArticleView article, PriceListEntry price)
    {
        var command = Guid.CreateVersion7();
        return DoAsync(OpenAsync<ConfirmDialog>("TakeBackPrice", "price-taken-back", ArticleName(article), new()
        {
            [nameof(ConfirmDialog.Name)] = "TakeBackPrice",
            [nameof(ConfirmDialog.About)] = LocalTimes.Date(price.ValidFrom, CultureInfo.CurrentUICulture),
            [nameof(ConfirmDialog.Act)] = () =>
                WithFactorAsync(Acts.TakeBack.ExecuteAsync(Actor, command, Target(article), price.Id, Now, ToTheEnd)),
        }));
    }

    private Task<StaffResult> WithFactorAsync(Task<StaffResult> act, string? form = null) =>
        WithFactorAsync(nameof(SetPrice), target: null, reason: "", act, form);

    private PriceTarget Target(ArticleView article) => new(Id!, article.Remedy, article.Version);

    private string ArticleName(ArticleView article) => T["Article." + article.Remedy];

    /// <summary>As it would stand on the invoice, whose language is not that of whoever sets the price.</summary>
    private static (string De, string En) NamesOf(PriceArticle remedy) => remedy switch
    {
        PriceArticle.Fee => ("Lizenz-Migration (Altgerät defekt)", "License migration (old computer dead)"),
        PriceArticle.Renewal => ("Verlängerung der Subscription", "Renewal of the subscription"),
        PriceArticle.DataChange => ("Änderung der Lizenznehmerdaten", "Change of the licensee's data"),
        PriceArticle.OwnershipTransfer =>
            ("Übertragung der Lizenz auf ein anderes Unternehmen", "Transfer of the license to another company"),
    };
}

/// <summary>A price as it was typed into the dialog.</summary>
internal sealed record TypedPrice(PriceArticle Remedy, PriceEntry Price);

/// <summary>The acts that the product page offers.</summary>
internal sealed record ProductPageActs(
    SaveProduct Save, SetPrice Set, EndPrice End, TakeBackPrice TakeBack, SimulatePolicy Simulate);
