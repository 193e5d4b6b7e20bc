using System.Globalization;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Invoices;

public sealed partial class InvoicePage
{
    [Inject]
    private ShowInvoice Show { get; set; } = default!;

    [Inject]
    private InvoicePageActs Acts { get; set; } = default!;

    [Parameter]
    public string Number { get; set; } = "";

    private InvoiceView? View { get; set; }

    private bool IsOpen => View!.Invoice is { Kind: InvoiceKind.Invoice, State: InvoiceState.Issued };

    /// <summary>What came in for a cancelled invoice goes back, which is a payment too.</summary>
    private bool MayBePaid => View!.Invoice.Kind == InvoiceKind.Invoice
        && (View.Invoice.State != InvoiceState.Cancelled || View.Invoice.Outstanding != new Money(0));

    private bool IsOverdue => IsOpen && View!.Invoice.DueDate < View.Today;

    protected override async Task OnParametersSetAsync()
    {
        Result = null;
        await LoadAsync();
    }

    private protected override HistoryEntry? LatestChange => Latest(View?.History.Entries);

    private Task NoteAsync() => NoteAsync(new NotedCase(NotedKind.Invoice, View!.Invoice.Id), Number);

    private protected override async Task LoadAsync() => View = Take(await Show.ExecuteAsync(Actor, Number, Now, Aborted));

    private async Task PayAsync()
    {
        // Made once for the dialog, as for every other act.
        var command = Guid.CreateVersion7();
        var kept = await BegunAsync("RecordPayment", View!.Invoice.Id);
        await DoAsync(OpenAsync<PaymentDialog>("RecordPayment", "payment-recorded", Number, new()
        {
            [nameof(PaymentDialog.About)] = Number,
            [nameof(PaymentDialog.Suggested)] = View.Invoice.Outstanding,
            [nameof(PaymentDialog.Today)] = View.Today,
            [nameof(PaymentDialog.Act)] = (string note, ReceivedMoney received) =>
                Acts.Pay.ExecuteAsync(new StaffAct(command, Actor, note), View!.Invoice.Id, received, Now, ToTheEnd),
            [nameof(PaymentDialog.Kept)] = kept,
        }, kept));
    }

    private Task UndoAsync(Payment payment) => DoAsync(AskAsync(
        "UndoPayment", "payment-undone", StaffTexts.Amount(payment.Amount), (act, _) =>
            Acts.UndoPayment.ExecuteAsync(act, View!.Invoice.Id, payment.Id, Now, ToTheEnd)));

    private Task CancelAsync(string reason = "") => DoAsync(AskAsync(
        "CancelInvoice", "cancelled", Number, (act, _) =>
            Acts.Cancel.ExecuteAsync(act, View!.Invoice.Id, Now, ToTheEnd), isDangerous: true, suggested: reason));

    private protected override bool IsLoaded => View is not null;

    private protected override Task ReopenAsync(StaffDraft draft) =>
        draft.Act == "CancelInvoice" ? CancelAsync(draft.Reason) : Task.CompletedTask;

    private Task SendAgainAsync() => DoAsync(AskAsync(
        "SendInvoiceAgain", "sent", Number, (act, _) => Acts.SendAgain.ExecuteAsync(act, View!.Invoice.Id, Now, ToTheEnd)));

    private Task PauseAsync(bool paused) => DoAsync(AskAsync(
        paused ? "PauseReminders" : "ResumeReminders", paused ? "reminders-paused" : "reminders-resumed", Number,
        (act, _) => Acts.Pause.ExecuteAsync(act, View!.Invoice.Id, paused, Now, ToTheEnd)));

    private Task PauseCustomerAsync(bool paused) => DoAsync(AskAsync(
        paused ? "PauseCustomerReminders" : "ResumeCustomerReminders", paused ? "reminders-paused" : "reminders-resumed", View!.Customer,
        (act, _) => Acts.PauseCustomer.ExecuteAsync(act, View!.Invoice.Id, paused, Now, ToTheEnd)));

    private string RemindersText(Invoice invoice)
    {
        var sent = invoice.ReminderLevel == 0 ? T["NoReminder"].Value : T["ReminderLevel", invoice.ReminderLevel].Value;
        return invoice.NextReminderAt is { } next && IsOpen && !invoice.RemindersPaused && !View!.CustomerRemindersPaused
            ? $"{sent}, {T["NextReminder", Texts.Date(next)]}"
            : sent;
    }

    private static string Day(DateOnly day) => LocalTimes.Date(day, CultureInfo.CurrentUICulture);

    private static IEnumerable<string> AddressOf(InvoiceBuyer buyer) =>
        ((string?[])[buyer.Company, buyer.Person, buyer.Street, buyer.Street2, $"{buyer.PostalCode} {buyer.City}", buyer.Country])
            .OfType<string>();
}
