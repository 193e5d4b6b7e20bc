using System.Text.Json;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>An uploaded list: which column is what, what was found, and the import, which goes on from here after any break.</summary>
public partial class ImportFilePage
{
    private bool _alsoUpdate;
    private bool _busy;
    private string[] _mapping = [];
    private StaffResult _problem = StaffResult.Done;
    private bool _withoutFaulty;

    [Parameter]
    public Guid Id { get; set; }

    [Inject]
    private ShowImport Show { get; set; } = default!;

    [Inject]
    private ImportPageActs Acts { get; set; } = default!;

    [Inject]
    private ImportChanges Changes { get; set; } = default!;

    [Inject]
    private NavigationManager Links { get; set; } = default!;

    private ImportView? View { get; set; }

    private protected override bool IsLoaded => View is not null;

    private int Done => View!.File.State == ImportState.Uploaded ? View.File.CheckedTo : View.File.ImportedTo;

    private IReadOnlyList<DataColumn<ImportFinding>> FindingColumns =>
    [
        new(T["ImportLine"], f => builder => builder.AddContent(0, f.Line), Heads: true),
        new(T["ImportColumn"], f => builder => builder.AddContent(0, f.Column)),
        new(T["ImportReason"], f => builder => builder.AddContent(0, f.Rule.In(Languages.Current))),
    ];

    private IReadOnlyList<DataColumn<ImportPreview>> ChangeColumns =>
    [
        new(T["ImportLine"], p => builder => builder.AddContent(0, p.Line), Heads: true),
        new(T["ImportLicense"], p => builder => builder.AddContent(0, p.LicenseNumber)),
        new(T["ImportWillChange"], p => builder => builder.AddContent(0, string.Join("; ", p.Changes.Select(Sentence)))),
    ];

    /// <summary>Somebody works on it in another window, or did until it was broken off.</summary>
    private bool IsElsewhere => !_busy && View!.File is { State: ImportState.Importing } or { State: ImportState.Uploaded, CheckedTo: > 0 };

    private string WorkedBy => View!.File.WorkedBy is null ? T["By.Operator"] : View.Run.WorkedBy ?? T["FormerAccount"];

    protected override Task OnInitializedAsync()
    {
        Changes.Follow(file => _ = file is null || file == Id ? InvokeAsync(RefreshAsync) : Task.CompletedTask, Aborted);
        return LoadAsync();
    }

    private protected override async Task LoadAsync()
    {
        View = Take(await Show.ExecuteAsync(Actor, Id, Now, Aborted));
        _mapping = [.. View?.File.Mapping ?? []];
    }

    /// <summary>Shows what is done elsewhere; what this page does it shows itself.</summary>
    private async Task RefreshAsync()
    {
        if (_busy || View is null)
        {
            return;
        }

        try
        {
            var run = Take(await Show.FindAsync(Actor, Id, Now, Aborted));
            if (_busy)
            {
                return;
            }

            // What was chosen stays, as long as the list is where it was.
            if (run is not null && run.File.State == View?.File.State)
            {
                View = View with { Run = run };
            }
            else
            {
                Result = null;
                await LoadAsync();
            }

            StateHasChanged();
        }
        catch (OperationCanceledException) when (Aborted.IsCancellationRequested)
        {
            // The page was left meanwhile.
        }
    }

    private protected override Task ReopenAsync(StaffDraft draft)
    {
        if (draft.Form is { } kept && JsonSerializer.Deserialize<StartChoice>(kept) is { } choice)
        {
            (_alsoUpdate, _withoutFaulty) = (choice.AlsoUpdate, choice.WithoutFaulty);
        }

        return Task.CompletedTask;
    }

    private Task CheckAsync() => WorkAsync(async () =>
    {
        _problem = await Acts.Map.ExecuteAsync(Actor, Id, _mapping, Now, ToTheEnd);
        if (_problem.Succeeded && await FollowAsync(ImportState.Uploaded, () => Acts.Check.ExecuteAsync(Actor, Id, Now, ToTheEnd)))
        {
            Result = ("checked", T["ImportChecked", View!.File.Rows]);
        }
    });

    private Task StartAsync() => WorkAsync(async () =>
    {
        var choice = new StartChoice(_alsoUpdate, _withoutFaulty);
        _problem = await Acts.Start.ExecuteAsync(Actor, Id, choice.AlsoUpdate, choice.WithoutFaulty, Now, ToTheEnd);
        if (_problem.Refused == StaffRefusal.FactorTooOld)
        {
            await AskForFactorAsync(nameof(StartImport), Id, reason: "", JsonSerializer.Serialize(choice));
        }
        else if (_problem.Succeeded && await FollowAsync(ImportState.Importing, () => Acts.Continue.ExecuteAsync(Actor, Id, Now, ToTheEnd)))
        {
            Result = View!.File.State == ImportState.Done
                ? ("imported", T["ImportDone", View.File.Added, View.File.Updated])
                : ("stopped", T["ImportStopped"]);
        }
    });

    /// <summary>Not one of the works that wait for each other: it stops one.</summary>
    private async Task StopAsync()
    {
        _problem = await Acts.Stop.ExecuteAsync(Actor, Id, Now, ToTheEnd);
        if (!_busy)
        {
            await LoadAsync();
        }
    }

    private Task DiscardAsync() => WorkAsync(async () =>
    {
        _problem = await Acts.Discard.ExecuteAsync(Actor, Id, Now, ToTheEnd);
        if (_problem.Succeeded)
        {
            Links.NavigateTo("/staff/setup/import");
        }
    });

    /// <summary>Does part after part, as long as the page is open and the list is in the state.</summary>
    private async Task<bool> FollowAsync(ImportState state, Func<Task<StaffResult>> part)
    {
        while (!Aborted.IsCancellationRequested && await IsInAsync(state))
        {
            StateHasChanged();
            _problem = await part();
            if (!_problem.Succeeded)
            {
                return false;
            }
        }

        return View is not null;
    }

    private async Task<bool> IsInAsync(ImportState state)
    {
        var run = Take(await Show.FindAsync(Actor, Id, Now, Aborted));
        View = run is null ? null : View! with { Run = run };
        return run?.File.State == state;
    }

    /// <summary>One at a time: a second click while the first one works does nothing.</summary>
    private async Task WorkAsync(Func<Task> work)
    {
        if (_busy)
        {
            return;
        }

        (_busy, Result, _problem) = (true, null, StaffResult.Done);
        try
        {
            await work();
            if (!Aborted.IsCancellationRequested && View is not null)
            {
                var chosen = _mapping;
                await LoadAsync();
                // A refusal leaves what was chosen.
                _mapping = _problem.Succeeded || chosen.Length != _mapping.Length ? _mapping : chosen;
            }
        }
        catch (OperationCanceledException) when (Aborted.IsCancellationRequested)
        {
            // The page was left; the list waits where it is.
        }
        finally
        {
            _busy = false;
        }
    }

    private string Recognized(ImportFile file) => file.Format == "xlsx"
        ? T["ImportRecognizedWorkbook"]
        : T["ImportRecognizedText", file.Encoding is "windows-1252" ? "Windows-1252" : file.Encoding!.ToUpperInvariant(),
            file.Separator is "\t" ? "Tab" : file.Separator ?? ""];

    private static IEnumerable<(string Word, int Count)> Counts(ImportView view)
    {
        var file = view.File;
        return file.State == ImportState.Checked
            ? [("ImportGood", file.NewRows), ("ImportChanged", file.ChangedRows), ("ImportSame", file.SameRows),
                ("ImportBad", file.FaultyRows)]
            : [("ImportStored", file.Added), ("ImportUpdated", file.Updated),
                ("ImportExisting", file.ImportedTo == file.Rows ? file.Rows - file.Added - file.Updated - file.FaultyRows : 0),
                ("ImportBad", file.FaultyRows)];
    }

    private string Sentence(ImportChange change) =>
        T["ImportChange", T[$"ImportField.{change.Field}"].Value, change.Before is "" ? "–" : change.Before, change.After];

    private sealed record StartChoice(bool AlsoUpdate, bool WithoutFaulty);
}
