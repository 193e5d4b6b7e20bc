using System.Globalization;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Staff.Transfers;

public sealed partial class TransferPage
{
    [Inject]
    private ShowTransfer Show { get; set; } = default!;

    [Inject]
    private TransferPageActs Acts { get; set; } = default!;

    [Parameter]
    public string Reference { get; set; } = "";

    private TransferView? View { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        Result = null;
        await LoadAsync();
    }

    private protected override HistoryEntry? LatestChange => Latest(View?.History.Entries);

    private Task NoteAsync() => NoteAsync(new NotedCase(NotedKind.Transfer, View!.Request.Id), Reference);

    private protected override async Task LoadAsync() => View = Take(await Show.ExecuteAsync(Actor, Reference, Now, Aborted));

    private Task SettleAsync() => DoAsync(AskAsync(
        View!.IssueLicense == LicenseIssue.OnPayment ? "SettleForPayment" : "SettleTransfer",
        "settled",
        View.Totals is { } totals ? StaffTexts.Amount(totals.Gross) : "–",
        (act, _) => Acts.Settle.ExecuteAsync(act, View.Request.Id, Now, ToTheEnd),
        suggested: T["SettleTransfer.Reason"]));

    private Task WaiveAsync() =>
        DoAsync(AskAsync("WaiveFee", "settled", Reference,
            (act, _) => Acts.Waive.ExecuteAsync(act, View!.Request.Id, Now, ToTheEnd)));

    private Task IssueAsync() =>
        DoAsync(AskAsync("IssueLicense", "settled", Reference,
            (act, _) => Acts.Issue.ExecuteAsync(act, View!.Request.Id, Now, ToTheEnd)));

    private Task AskCustomerAsync() => DoAsync(AskAsync(
        "AskCustomer", "asked", View!.Request.Contact!.Email, (act, _) =>
            Acts.Ask.ExecuteAsync(act, View.Request.Id, Now, ToTheEnd), reasonWord: "Question"));

    private Task DeclineAsync() => DoAsync(AskAsync(
        "DeclineTransfer", "declined", View!.Request.Contact!.Email, (act, _) =>
            Acts.Decline.ExecuteAsync(act, View.Request.Id, Now, ToTheEnd),
        isDangerous: true, reasonWord: "WhyDeclined"));

    private Task CheckVatIdAsync(bool isValid) => DoAsync(AskAsync(
        isValid ? "ConfirmVatId" : "RejectVatId", "vat-id-checked", View!.Request.Contact!.VatId ?? "",
        (act, _) => Acts.CheckVatId.ExecuteAsync(act, View.Request.Id, isValid, Now, ToTheEnd), reasonWord: "LookedUp"));

    private async Task IdentifyAsync(TransferItemView item)
    {
        // Made once for the dialog, as for every other act.
        var command = Guid.CreateVersion7();
        var kept = await BegunAsync("IdentifyLicense", item.Item.Id);
        await DoAsync(
            OpenAsync<IdentifyDialog>("IdentifyLicense", "identified", item.Item.Position.ToString(CultureInfo.InvariantCulture), new()
            {
                [nameof(IdentifyDialog.Candidates)] = View!.Left,
                [nameof(IdentifyDialog.Stated)] = item.Item.StatedLicense ?? "",
                [nameof(IdentifyDialog.Find)] = (Func<string, Task<IReadOnlyList<DeadComputer>>>)FindAsync,
                [nameof(IdentifyDialog.Act)] = (string reason, Guid activation) =>
                    Acts.Identify.ExecuteAsync(
                        new StaffAct(command, Actor, reason), View!.Request.Id, item.Item.Id, activation, Now, ToTheEnd),
                [nameof(IdentifyDialog.Kept)] = kept,
            }, kept));
    }

    private async Task CorrectAsync()
    {
        var command = Guid.CreateVersion7();
        var kept = await BegunAsync("CorrectRecipient", View!.Request.Id);
        await DoAsync(OpenAsync<RecipientDialog>("CorrectRecipient", "corrected", Reference, new()
        {
            [nameof(RecipientDialog.Before)] = RecipientInput.From(View.Request.Contact!),
            [nameof(RecipientDialog.Act)] = (Func<string, RecipientInput, Task<StaffResult>>)((reason, input) =>
                Acts.Correct.ExecuteAsync(new StaffAct(command, Actor, reason), View!.Request.Id, input, Now, ToTheEnd)),
            [nameof(RecipientDialog.Kept)] = kept,
        }, kept));
    }

    private async Task<IReadOnlyList<DeadComputer>> FindAsync(string number) =>
        (await Acts.Find.ExecuteAsync(Actor, View!.Request.ProductId, number, Now, Aborted)).Value?.Computers ?? [];

    /// <summary>Why it was not settled at once, and what stands in the way now.</summary>
    private IEnumerable<string> ReviewReasons()
    {
        foreach (var reason in View!.Request.ReviewReasons)
        {
            yield return T["ReviewReason." + reason];
        }

        foreach (var problem in View.RecipientProblems)
        {
            yield return problem.In(Languages.Current);
        }

        if (View.IsNothingToMove)
        {
            yield return T["NothingToMove"];
        }

        if (View.Stands == SettlementError.LicenseStanding && !View.Request.ReviewReasons.Contains(ReviewReason.LicenseStanding))
        {
            yield return T["ReviewReason.LicenseStanding"];
        }

        if (View.Totals is { } totals && totals.Gross.Cents != View.Request.Price!.GrossCents)
        {
            yield return T["TotalDiffers", StaffTexts.Amount(totals.Gross)];
        }
    }

    private string TaxText(TransferView view) => view.Tax switch
    {
        null => T["Refusal.NoInvoicing"],
        { IsDecided: true } tax => $"{T["VatCase." + tax.Treatment.Case]} · {StaffTexts.Amount(view.Totals!.Gross)}",
        { Refused: var refused } => T["TaxRefusal." + refused],
    };

    private string VatIdText(VatIdCheck? check) =>
        T["VatIdResult." + (check?.Result ?? VatIdResult.NotChecked)]
        + (check is { At: { } checkedAt, Result: VatIdResult.Valid or VatIdResult.Invalid }
            ? $" · {Texts.Date(checkedAt)}, {check.Source}"
            : "");

    private string NameOf(WorkingPcView pc) => string.IsNullOrWhiteSpace(pc.Name) ? T["UnnamedTill"] : pc.Name;

    private static string Day(DateOnly day) => LocalTimes.Date(day, CultureInfo.CurrentUICulture);

    private static IEnumerable<string> Address(TransferContact contact) =>
        ((string?[])[contact.Company, contact.Name, contact.Street, $"{contact.PostalCode} {contact.City}", contact.Country])
            .OfType<string>();
}
