using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;
using SelfHelpPortal.Components;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>What every page of staff has: who acts, the words, and the way an act in a dialog ends in a sentence.</summary>
public abstract class StaffPage : ComponentBase, IAsyncDisposable
{
    /// <summary>
    /// For acts: what a clerk has clicked is wished, so it is not broken off when the page is left or the circuit ends before the answer.
    /// </summary>
    private protected static readonly CancellationToken ToTheEnd = CancellationToken.None;

    private readonly CancellationTokenSource _left = new();
    private bool _isAsking;
    private Guid? _reopened;

    protected StaffPage() => Aborted = _left.Token;

    [Inject]
    private protected StaffSession Session { get; set; } = default!;

    [Inject]
    private protected IStringLocalizer<StaffStrings> T { get; set; } = default!;

    [Inject]
    private protected IStringLocalizer<SharedStrings> Common { get; set; } = default!;

    [Inject]
    private protected StaffTexts Texts { get; set; } = default!;

    [Inject]
    private protected TimeProvider Time { get; set; } = default!;

    [Inject]
    private protected IDialogService Dialogs { get; set; } = default!;

    /// <summary>Why nothing is shown.</summary>
    private protected StaffRefusal? Refused { get; private set; }

    /// <summary>What the last act came to, announced and kept on the page: the word for programs and the sentence for people.</summary>
    private protected (string Outcome, string Sentence)? Result { get; set; }

    private protected StaffActor Actor => Session.Actor
        ?? throw new InvalidOperationException("The circuit has no signed-in actor; the page was drawn outside the staff area.");

    private protected DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>For reads: cancelled when the page is left or its circuit ends, since nobody will see what they find.</summary>
    private protected CancellationToken Aborted { get; }

    /// <summary>Set where the page is drawn beside the work list.</summary>
    [CascadingParameter]
    private CasePanel? Panel { get; set; }

    [Inject]
    private StaffDrafts Drafts { get; set; } = default!;

    [Inject]
    private TypedTexts Typed { get; set; } = default!;

    [Inject]
    private AddNote Note { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    /// <summary>What was typed before the factor was asked for again.</summary>
    [SupplyParameterFromQuery(Name = "draft")]
    public string? Draft { get; set; }

    /// <summary>Whether the page has drawn what an act is about.</summary>
    private protected virtual bool IsLoaded => false;

    /// <summary>Who changed last what the page shows, and how: for somebody whose act came too late.</summary>
    private protected virtual HistoryEntry? LatestChange => null;

    /// <summary>A refused act changed nothing, the one that is being told of least of all.</summary>
    private protected static HistoryEntry? Latest(IEnumerable<HistoryEntry>? history) =>
        history?.FirstOrDefault(entry => entry.Kind != EventKind.Refused);

    /// <summary>Reads what the page shows.</summary>
    private protected virtual Task LoadAsync() => Task.CompletedTask;

    /// <summary>Opens the dialog of the act again, with what was typed.</summary>
    private protected virtual Task ReopenAsync(StaffDraft draft) => Task.CompletedTask;

    /// <summary>Whether the sign-in's roles allow it: for what the page offers. The act asks the database.</summary>
    private protected bool May<TUseCase>() => StaffPermission.For(typeof(TUseCase)).Roles.Any(Actor.Roles.Contains);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Guid.TryParse(Draft, out var id) && IsLoaded && id != _reopened)
        {
            _reopened = id;
            if (await Drafts.TakeAsync(Actor, id, Now, Aborted) is { } draft)
            {
                await ReopenAsync(draft);
                StateHasChanged();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _left.CancelAsync();
        _left.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected T? Take<T>(StaffAnswer<T> answer)
        where T : class
    {
        Refused = answer.Refused;
        if (answer.Refused == StaffRefusal.SignInEnded)
        {
            Session.End();
        }

        return answer.Value;
    }

    /// <summary>Opens the dialog of an act and, when it was done, keeps the result and draws the page anew.</summary>
    /// <param name="name">Of the act in the words: <c>{name}.Title</c>, <c>.Consequence</c>, <c>.Button</c>, <c>.Done</c>.</param>
    /// <param name="about">What the consequence names: a computer or a number.</param>
    /// <param name="reasonWord">Of what is typed, where it is more than a reason for colleagues.</param>
    /// <param name="suggested">What stands there at first.</param>
    /// <param name="target">What a page with several such things opens the dialog for again, once the factor was shown.</param>
    /// <param name="form">What was chosen on the page before, as JSON, to be found again then.</param>
    private protected async Task<bool> AskAsync(
        string name, string outcome, string about, Func<StaffAct, DateTimeOffset?, Task<StaffResult>> act, bool needsUntil = false,
        bool isDangerous = false,
        string reasonWord = "Reason", string suggested = "", Guid? target = null, string? form = null)
    {
        // Made once for the dialog, so that a second click or a repaired connection cannot act twice.
        var command = Guid.CreateVersion7();
        var kept = await BegunAsync(name, target);
        return await OpenAsync<ActDialog>(name, outcome, about, new Dictionary<string, object?>
        {
            [nameof(ActDialog.Name)] = name,
            [nameof(ActDialog.About)] = about,
            [nameof(ActDialog.NeedsUntil)] = needsUntil,
            [nameof(ActDialog.IsDangerous)] = isDangerous,
            [nameof(ActDialog.ReasonWord)] = reasonWord,
            [nameof(ActDialog.Suggested)] = kept.Begun.Length > 0 ? kept.Begun : suggested,
            [nameof(ActDialog.Kept)] = kept,
            [nameof(ActDialog.LastChange)] = (Func<Task<string?>>)ReadLastChangeAsync,
            [nameof(ActDialog.Act)] = (string reason, DateTimeOffset? until) =>
                WithFactorAsync(name, target, reason, act(new StaffAct(command, Actor, reason), until), form),
        }, kept);
    }

    /// <summary>What was begun in the dialog of an act, and where it is kept.</summary>
    private protected async Task<KeptText> BegunAsync(string name, Guid? target = null)
    {
        var place = PlaceOf(name, target);
        return new KeptText(
            await Typed.FindAsync(Actor, place, Aborted), text => Typed.KeepAsync(Actor, place, text, Now, ToTheEnd),
            () => Typed.DropAsync(Actor, place, ToTheEnd));
    }

    /// <summary>Writes something down for colleagues.</summary>
    private protected Task NoteAsync(NotedCase on, string about) => DoAsync(AskAsync(
        "AddNote", "noted", about, (act, _) => Note.ExecuteAsync(act, on, Now, ToTheEnd), reasonWord: "Note"));

    /// <summary>Reads the page anew when what was asked is done.</summary>
    private protected async Task DoAsync(Task<bool> asked)
    {
        if (!await asked)
        {
            return;
        }

        var done = Result;
        if (Panel is not null)
        {
            // The work list says it, which goes on to the next case. Two live regions would read it twice.
            Result = null;
        }

        await LoadAsync();
        await (Panel?.ActedAsync(done) ?? Task.CompletedTask);
    }

    /// <summary>Waits for an act, and leaves for the page that asks for the factor when that was shown too long ago.</summary>
    /// <param name="form">All that was typed into a form, as JSON.</param>
    private protected async Task<StaffResult> WithFactorAsync(
        string name, Guid? target, string reason, Task<StaffResult> act, string? form = null)
    {
        var result = await act;
        if (result.Refused == StaffRefusal.FactorTooOld)
        {
            await AskForFactorAsync(name, target, reason, form);
        }

        return result;
    }

    /// <summary>Leaves for the page that asks for the factor, which leads back here.</summary>
    /// <param name="form">All that was typed into a form, as JSON.</param>
    private protected async Task AskForFactorAsync(string act, Guid? target, string reason, string? form = null)
    {
        var draft = await Drafts.KeepAsync(Actor, act, target, reason.Trim(), Now, Aborted, form);
        var here = Navigation.ToBaseRelativePath(Navigation.GetUriWithQueryParameter("draft", draft));
        Navigation.NavigateTo(ReturnUrl.With(FreshSignIn.Path, "/" + here), forceLoad: true);
    }

    /// <summary>Of what is typed into the dialog of an act: the same however the page is drawn.</summary>
    private string PlaceOf(string name, Guid? target)
    {
        var page = Panel?.Path ?? "/" + Navigation.ToBaseRelativePath(Navigation.Uri).Split('?', '#')[0];
        var place = $"{page} {name} {target}";
        return place.Length <= TypedText.LongestPlace ? place : place[..TypedText.LongestPlace];
    }

    private async Task<string?> ReadLastChangeAsync()
    {
        await LoadAsync();
        StateHasChanged();
        return LatestChange is { } change ? Texts.Change(change) : null;
    }

    /// <summary>The same with a dialog of its own.</summary>
    /// <param name="ask">The dialog's parameters.</param>
    /// <param name="kept">What is typed into it; dropped once it was sent.</param>
    /// <param name="words">Where title and result stand; null for those of all of staff.</param>
    private protected async Task<bool> OpenAsync<TDialog>(
        string name, string outcome, string about, Dictionary<string, object?> ask, KeptText? kept = null, IStringLocalizer? words = null)
        where TDialog : ComponentBase
    {
        // A second click while the dialog is on its way.
        if (_isAsking)
        {
            return false;
        }

        var parameters = new DialogParameters();
        foreach (var (parameter, value) in ask)
        {
            parameters.Add(parameter, value);
        }

        _isAsking = true;
        try
        {
            var dialog = await Dialogs.ShowAsync<TDialog>((words ?? T)[name + ".Title"], parameters, StaffDialog.Options);
            if (await dialog.Result is not { Canceled: false, Data: true })
            {
                return false;
            }
        }
        finally
        {
            _isAsking = false;
        }

        await (kept?.DropAsync() ?? Task.CompletedTask);
        Result = (outcome, (words ?? T)[name + ".Done", about]);
        return true;
    }
}
