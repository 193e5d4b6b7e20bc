using System.Globalization;
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
    private Guid _command = Guid.CreateVersion7();
    private string? _loaded;

    [Inject]
    private ShowProduct Show { get; set; } = default!;

    [Inject]
    private ProductPageActs Acts { get; set; } = default!;

    [Inject]
    private NavigationManager Links { get; set; } = default!;

    /// <summary>Null for a new one.</summary>
    [Parameter]
    public string? Id { get; set; }

    private bool IsNew => Id is null;

    private ProductView? View { get; set; }

    private SettingForm? Form { get; set; }

    private StaffRefusal? Problem { get; set; }

    private string Here => new Uri(Links.Uri).AbsolutePath;

    /// <summary>What is in the form now, where it can be read.</summary>
    private ProductPolicies? Typed => Form?.Peek<ProductEntry>()?.Policies;

    protected override async Task OnParametersSetAsync()
    {
        // A new one that was saved has another address now, and says so.
        if (_loaded != (Id ?? ""))
        {
            // Nothing is drawn of the one before while this one is read.
            (_loaded, Problem, View, Form) = (Id ?? "", null, null, null);
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        if (Id is null)
        {
            (View, Form) = (null, FormOf(new ProductEntry("", "", new ProductPolicies())));
            return;
        }

        View = Take(await Show.ExecuteAsync(Actor, Id, Now, Aborted));
        Form = View is { } view ? FormOf(view.Entry) : null;
        _command = Guid.CreateVersion7();
    }

    private async Task SaveAsync()
    {
        Result = null;
        Problem = null;
        if (Form!.Read<ProductEntry>() is not { } entry)
        {
            Problem = StaffRefusal.SettingInvalid;
            return;
        }

        var saved = await Acts.Save.ExecuteAsync(
            Actor, _command, entry with { Id = (entry.Id ?? "").Trim() }, View?.Version ?? 0, IsNew, Now, ToTheEnd);
        switch (saved.Refused)
        {
            case null:
                Result = ("saved", T["ProductSaved", entry.Name]);
                if (IsNew)
                {
                    Links.NavigateTo($"/staff/setup/products/{entry.Id}");
                }
                else
                {
                    await LoadAsync();
                }

                break;
            case StaffRefusal.FactorTooOld:
                await AskForFactorAsync(nameof(SaveProduct), target: null, reason: "", Form.Keep());
                break;
            default:
                Form.Refuse(saved.Broken ?? []);
                // Another try is another act: the first one was refused.
                (Problem, _command) = (saved.Refused, Guid.CreateVersion7());
                break;
        }
    }

    /// <summary>Puts an older version into the form; nothing is changed before it is saved.</summary>
    private void RestoreAsync(SettingLine line)
    {
        Form = FormOf(SettingHistory.Read<ProductEntry>(line.Content));
        Result = ("restored", T["VersionInForm", line.Version]);
    }

    /// <summary>The preview follows what is typed.</summary>
    private SettingForm FormOf(ProductEntry entry)
    {
        var form = SettingForm.For(entry);
        form.Changed += StateHasChanged;
        return form;
    }

    private protected override bool IsLoaded => Form is not null;

    private protected override async Task ReopenAsync(StaffDraft draft)
    {
        if (draft is { Act: nameof(SaveProduct), Form: { } form })
        {
            Form!.Restore(form);
            await SaveAsync();
        }
    }

    private PriceListEntry? Today(TransferRemedy remedy) =>
        View is { } view ? view.Articles.Single(a => a.Remedy == remedy).Plan.On(view.Today) : null;

    private Task SetPriceAsync(ArticleView article)
    {
        var command = Guid.CreateVersion7();
        var last = article.Plan.Entries.Count > 0 ? article.Plan.Entries[^1] : null;
        var isRenewal = article.Remedy == TransferRemedy.Renewal;
        return DoAsync(OpenAsync<PriceDialog>("SetPrice", "price-set", ArticleName(article), new()
        {
            [nameof(PriceDialog.About)] = ArticleName(article),
            [nameof(PriceDialog.IsRenewal)] = isRenewal,
            [nameof(PriceDialog.Rate)] = View!.VatRate,
            [nameof(PriceDialog.Suggested)] = new PriceEntry(
                last?.Net ?? new Money(0), isRenewal ? last?.TermMonths ?? 12 : null, View.Today,
                last?.NameDe ?? NamesOf(article.Remedy).De, last?.NameEn ?? NamesOf(article.Remedy).En),
            [nameof(PriceDialog.Act)] = (PriceEntry price) =>
                WithFactorAsync(Acts.Set.ExecuteAsync(Actor, command, Target(article), price, Now, ToTheEnd)),
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

    private async Task<StaffResult> WithFactorAsync(Task<StaffResult> act)
    {
        var result = await act;
        if (result.Refused == StaffRefusal.FactorTooOld)
        {
            await AskForFactorAsync("SetPrice", target: null, reason: "");
        }

        return result;
    }

    private async Task DoAsync(Task<bool> asked)
    {
        if (await asked)
        {
            await LoadAsync();
        }
    }

    private PriceTarget Target(ArticleView article) => new(Id!, article.Remedy, article.Version);

    private string ArticleName(ArticleView article) => T["Article." + article.Remedy];

    /// <summary>As it would stand on the invoice, whose language is not that of whoever sets the price.</summary>
    private static (string De, string En) NamesOf(TransferRemedy remedy) => remedy switch
    {
        TransferRemedy.Fee => ("Lizenz-Migration (Altgerät defekt)", "License migration (old computer dead)"),
        TransferRemedy.Renewal => ("Verlängerung der Subscription", "Renewal of the subscription"),
    };
}

/// <summary>The acts that the product page offers.</summary>
internal sealed record ProductPageActs(SaveProduct Save, SetPrice Set, EndPrice End, TakeBackPrice TakeBack);
