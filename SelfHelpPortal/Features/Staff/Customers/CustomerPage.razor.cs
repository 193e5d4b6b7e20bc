using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Contacts;

namespace SelfHelpPortal.Features.Staff.Customers;

public sealed partial class CustomerPage
{
    [Inject]
    private ShowCustomer Show { get; set; } = default!;

    [Inject]
    private ChangeCustomerMail ChangeMail { get; set; } = default!;

    [Parameter]
    public string Number { get; set; } = "";

    /// <summary>What another page has done with the customer.</summary>
    [SupplyParameterFromQuery(Name = "done")]
    public string? Done { get; set; }

    private CustomerView? View { get; set; }

    private bool IsFormerNumber => View!.FormerNumbers.Contains(Number);

    private protected override bool IsLoaded => View is not null;

    protected override async Task OnParametersSetAsync()
    {
        Result = Done == "edited" ? ("edited", T["CustomerSaved"]) : null;
        await LoadAsync();
    }

    private protected override async Task LoadAsync() => View = Take(await Show.ExecuteAsync(Actor, Number, Now, Aborted));

    private protected override Task ReopenAsync(StaffDraft draft) =>
        draft is { Act: nameof(ChangeCustomerMail), Form: { } form }
            ? ChangeMailAsync(JsonSerializer.Deserialize<string>(form) ?? "", draft.Reason)
            : Task.CompletedTask;

    private Task ChangeMailAsync(string address = "", string reason = "")
    {
        // Made once for the dialog, as for every other act.
        var (command, shown) = (Guid.CreateVersion7(), View!.Email);
        return DoAsync(OpenAsync<CustomerMailDialog>(nameof(ChangeCustomerMail), "mail-changed", View.Number, new()
        {
            [nameof(CustomerMailDialog.About)] = shown,
            [nameof(CustomerMailDialog.Address)] = address,
            [nameof(CustomerMailDialog.Reason)] = reason,
            [nameof(CustomerMailDialog.Act)] = (string typed, string why) => WithFactorAsync(
                nameof(ChangeCustomerMail), target: null, why,
                ChangeMail.ExecuteAsync(new StaffAct(command, Actor, why), View!.Id, shown, typed, Now, ToTheEnd),
                JsonSerializer.Serialize(typed)),
        }));
    }

    /// <summary>The value of a field as people read it.</summary>
    internal static string Words(IStringLocalizer<StaffStrings> words, string field, string value) => (field, value) switch
    {
        (_, "") => "–",
        (CustomerField.IsConsumer, var consumer) => words["Consumer." + consumer],
        (CustomerField.Language, var language) => words["CustomerLanguage." + language],
        (CustomerField.InvoiceFormat, var format) => words["CustomerInvoiceFormat." + format],
        (CustomerField.Country, var country) => CountryNames.Get(country),
        _ => value,
    };
}
