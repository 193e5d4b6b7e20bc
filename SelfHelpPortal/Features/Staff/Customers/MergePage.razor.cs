using System.Text.Json;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Features.Staff.Customers;

public sealed partial class MergePage
{
    private Dictionary<Guid, MergedAccess> _people = [];

    [Inject]
    private ShowMerge Show { get; set; } = default!;

    [Inject]
    private MergeCustomers Merge { get; set; } = default!;

    [Inject]
    private NavigationManager Links { get; set; } = default!;

    /// <summary>Of the customer that goes.</summary>
    [Parameter]
    public string Number { get; set; } = "";

    /// <summary>Of the customer that stays.</summary>
    [Parameter]
    public string Into { get; set; } = "";

    private MergeView? View { get; set; }

    private IReadOnlyList<MergedDetail> Details
    {
        get
        {
            var (source, target, result) = (View!.Source, View.Target, View.Result);
            List<MergedDetail> all =
            [
                .. source.Details.Fields().Zip(target.Details.Fields(), result.Fields()).Select(row => new MergedDetail(
                    T[$"CustomerField.{row.First.Field}"], Words(row.First), Words(row.Second), Words(row.Third))),
            ];
            all.Insert(1, new(T["CustomerMail"], source.Email, target.Email, target.Email));
            var paused = source.RemindersPaused || target.RemindersPaused;
            all.Add(new(T["CustomerReminders"], Reminders(source.RemindersPaused), Reminders(target.RemindersPaused), Reminders(paused)));
            return all;
        }
    }

    private IReadOnlyList<MergedCount> Counts =>
    [
        Count("LicensesHeading", side => side.Licenses.Count), Count("MergeCases", side => side.Cases),
        Count("TransfersHeading", side => side.Orders), Count("InvoicesHeading", side => side.Invoices),
        Count("MergeOpenInvoices", side => side.OpenInvoices), Count("MergeMails", side => side.Mails),
    ];

    private protected override bool IsLoaded => View is not null;

    protected override async Task OnParametersSetAsync()
    {
        _people = [];
        await LoadAsync();
    }

    private protected override async Task LoadAsync() => View = Take(await Show.ExecuteAsync(Actor, Number, Into, Now, Aborted));

    private protected override Task ReopenAsync(StaffDraft draft)
    {
        if (draft.Act != nameof(MergeCustomers))
        {
            return Task.CompletedTask;
        }

        _people = draft.Form is { } form ? JsonSerializer.Deserialize<Dictionary<Guid, MergedAccess>>(form) ?? [] : [];
        StateHasChanged();
        return MergeAsync(draft.Reason);
    }

    private async Task MergeAsync(string reason = "")
    {
        var (source, target) = (View!.Source, View.Target);
        if (await AskAsync(
            nameof(MergeCustomers), "merged", $"{source.Number} → {target.Number}",
            (act, _) => Merge.ExecuteAsync(act, source.Id, target.Id, _people, Now, ToTheEnd), isDangerous: true, suggested: reason,
            form: JsonSerializer.Serialize(_people)))
        {
            // The former number leads to the customer that is left, whose page says so.
            Links.NavigateTo($"/staff/customers/{source.Number}");
        }
    }

    private MergedAccess AccessOf(Guid person) => _people.GetValueOrDefault(person, MergedAccess.OwnLicenses);

    private void Choose(Guid person, string? access) => _people[person] = Enum.Parse<MergedAccess>(access!);

    private string Words((string Field, string Value) field) => CustomerPage.Words(T, field.Field, field.Value);

    private string Reminders(bool paused) => T[paused ? "RemindersAreOff" : "RemindersAreOn"];

    private MergedCount Count(string word, Func<MergeSide, int> of) => new(T[word], of(View!.Source), of(View.Target));

    private sealed record MergedDetail(string Label, string Source, string Target, string Result);

    private sealed record MergedCount(string Label, int Source, int Target);
}
