using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using MudBlazor;
using SelfHelpPortal.Features.Staff.Appointments;
using SelfHelpPortal.Features.Staff.Flags;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Mails;
using SelfHelpPortal.Features.Staff.Ownership;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Desk;

public sealed partial class DeskPage
{
    /// <summary>How soon the list shows what others do. A colleague's act and a new case are seen by then.</summary>
    private static readonly TimeSpan Refreshing = TimeSpan.FromSeconds(10);

    private static readonly string[] Keys = ["j", "k", "Enter", "a", "u", "n", "x", "Ctrl+Enter", "/", "Ctrl+K", "Escape"];

    private static readonly IEqualityComparer<WorkLine> BySubject =
        EqualityComparer<WorkLine>.Create((a, b) => a?.Subject == b?.Subject, line => line.Subject.GetHashCode());

    /// <summary>What was read last, by its place in the list.</summary>
    private readonly SortedDictionary<int, WorkLine> _lines = [];

    private MudDataGrid<WorkLine>? _grid;
    private HashSet<WorkLine> _selected = new(BySubject);
    private IReadOnlyList<OpenedBy> _others = [];
    private WorkQuestion? _asked;
    private WorkPage? _answered;
    private CasePanel? _panel;
    private WorkLine? _line;
    private string? _opened;
    private int? _place;
    private int _reading;

    /// <summary>Whether the grid has got what it wanted last.</summary>
    private bool _isRead;
    private StaffResult _problem;

    [Inject]
    private ShowDesk Desk { get; set; } = default!;

    [Inject]
    private ListWork Work { get; set; } = default!;

    [Inject]
    private AssignCase Assign { get; set; } = default!;

    [Inject]
    private ShowWhoElse WhoElse { get; set; } = default!;

    [Inject]
    private ShowRecipients Recipients { get; set; } = default!;

    [Inject]
    private AskAboutFlag Ask { get; set; } = default!;

    [Inject]
    private SendMailAgain Send { get; set; } = default!;

    [Inject]
    private NavigationManager Addresses { get; set; } = default!;

    [Inject]
    private LocalTimes Times { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "view")]
    public string? ViewName { get; set; }

    /// <summary>The word of a <see cref="WorkOrder"/>, with a minus for the other way round.</summary>
    [SupplyParameterFromQuery(Name = "sort")]
    public string? Sort { get; set; }

    [SupplyParameterFromQuery(Name = "product")]
    public string? Product { get; set; }

    /// <summary>The page of a case, behind <c>/staff/</c>, that is shown beside the list.</summary>
    [SupplyParameterFromQuery(Name = "open")]
    public string? Open { get; set; }

    private DeskView? View { get; set; }

    private WorkView Shown =>
        Enum.TryParse<WorkView>(ViewName, ignoreCase: true, out var view) && Enum.IsDefined(view) ? view : WorkView.Todo;

    private (WorkOrder Order, bool Descending) Sorting =>
        Enum.TryParse<WorkOrder>(Sort?.TrimStart('-'), ignoreCase: true, out var order) && Enum.IsDefined(order)
            ? (order, Sort!.StartsWith('-'))
            : default;

    /// <summary>Known once the view that is shown was read.</summary>
    private bool IsEmpty => _answered is { Total: 0 } && _asked is { } asked && asked.View == Shown && asked.ProductId == Product;

    private bool IsSplit => PageOfOpen is not null;

    /// <summary>The same component as at its own address; null for an address that no case has.</summary>
    private (Type Type, Dictionary<string, object?> Parameters)? PageOfOpen => _opened?.Split('/', 2) switch
    {
        ["flags", var number] => (typeof(FlagPage), new() { [nameof(FlagPage.Number)] = number }),
        ["transfers", var number] => (typeof(TransferPage), new() { [nameof(TransferPage.Reference)] = number }),
        ["ownership", var number] => (typeof(OwnerChangePage), new() { [nameof(OwnerChangePage.Reference)] = number }),
        ["licenses", var number] => (typeof(LicensePage), new() { [nameof(LicensePage.Number)] = number }),
        ["mails", var id] => (typeof(MailPage), new() { [nameof(MailPage.Id)] = id }),
        ["invoices", var number] => (typeof(InvoicePage), new() { [nameof(InvoicePage.Number)] = number }),
        ["appointments", var text] when Guid.TryParse(text, out var id) =>
            (typeof(AppointmentPage), new() { [nameof(AppointmentPage.Id)] = id }),
        _ => null,
    };

    protected override async Task OnParametersSetAsync()
    {
        View ??= Take(await Desk.ExecuteAsync(Actor, Now, Aborted));
        if (Refused is not null)
        {
            return;
        }

        if (_asked is { } asked && (asked.View != Shown || asked.ProductId != Product))
        {
            _selected = new(BySubject);
            _lines.Clear();
            if (asked.View == Shown)
            {
                // Another view has another grid, which reads by itself.
                await ReloadAsync();
            }
        }

        await ShowOpenAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            var timer = Time.CreateTimer(_ => _ = InvokeAsync(RefreshAsync), state: null, Refreshing, Refreshing);
            Aborted.Register(timer.Dispose);
        }

        await base.OnAfterRenderAsync(firstRender);
    }

    /// <summary>What the grid shows when it is scrolled there.</summary>
    /// <param name="superseded">Set when the grid wants other lines meanwhile, which it asks for at once.</param>
    private async Task<GridData<WorkLine>> ReadAsync(GridStateVirtualize<WorkLine> state, CancellationToken superseded)
    {
        if (state.Count == 0)
        {
            // A new grid asks before it knows how much it can show, and once more when it knows.
            return new GridData<WorkLine> { Items = [], TotalItems = 0 };
        }

        var sorted = state.SortDefinitions.FirstOrDefault();
        var sorting = (
            Order: sorted?.SortBy switch
            {
                nameof(WorkLine.Kind) => WorkOrder.Kind,
                nameof(WorkLine.Customer) => WorkOrder.Customer,
                nameof(WorkLine.TakenBy) => WorkOrder.TakenBy,
                _ => WorkOrder.Age,
            },
            Descending: sorted?.Descending ?? false);
        if (sorting != Sorting)
        {
            // The address is what a clerk keeps and comes back to.
            Addresses.NavigateTo(To(Shown, Product, Open, sorting), replace: true);
        }

        var asked = _asked = new WorkQuestion(Shown, Product, sorting.Order, sorting.Descending, state.StartIndex, state.Count);
        WorkPage? page;
        _isRead = false;
        _reading++;
        try
        {
            // Not broken off with the grid's token: what a database answers to that is not always what the grid takes for it.
            page = await AskAsync(asked, Aborted);
        }
        finally
        {
            _reading--;
        }

        superseded.ThrowIfCancellationRequested();
        _isRead = page is not null;
        if (page is null)
        {
            return new GridData<WorkLine> { Items = [], TotalItems = 0 };
        }

        var before = _answered;
        _answered = page;
        for (var i = 0; i < page.Lines.Count; i++)
        {
            _lines[asked.Skip + i] = page.Lines[i];
        }

        if (page.Total == 0 || before is null || !before.Counts.OrderBy(c => c.Key).SequenceEqual(page.Counts.OrderBy(c => c.Key)))
        {
            StateHasChanged();
        }

        return new GridData<WorkLine> { Items = page.Lines, TotalItems = page.Total };
    }

    private async Task<WorkPage?> AskAsync(WorkQuestion question, CancellationToken cancellationToken)
    {
        var answer = await Work.ExecuteAsync(Actor, question, Now, cancellationToken);
        if (answer.Refused is null or StaffRefusal.Unavailable or StaffRefusal.TookTooLong)
        {
            return answer.Value;
        }

        Take(answer);
        StateHasChanged();
        return null;
    }

    private async Task ReloadAsync()
    {
        _lines.Clear();
        if (_grid is { } grid)
        {
            await grid.ReloadServerData();
        }
    }

    /// <summary>Looks at what is shown now and then, and draws it anew when it is another.</summary>
    private async Task RefreshAsync()
    {
        // A grid that still reads its first lines would be broken off and wait for them for good.
        if (Aborted.IsCancellationRequested || Refused is not null || _reading > 0 || _asked is not { } asked
            || await AskAsync(asked, Aborted) is not { } now)
        {
            return;
        }

        var isAnother = !_isRead || _answered is not { } before || !before.Lines.SequenceEqual(now.Lines) || before.Total != now.Total;
        _answered = now;
        StateHasChanged();
        if (isAnother)
        {
            await ReloadAsync();
            FindLine();
            StateHasChanged();
        }
    }

    private async Task ShowOpenAsync()
    {
        // The pages beside the list read the address too: to come or go while the address is being told to everybody ends the circuit.
        await Task.Yield();
        _opened = Open;
        if (PageOfOpen is null)
        {
            (_panel, _line, _place, _others) = (null, null, null, []);
            return;
        }

        var path = "/staff/" + _opened;
        if (_panel?.Path != path)
        {
            _panel = new CasePanel(path, ActedAsync);
            (_line, _place) = (null, null);
            _problem = default;
            _others = (await WhoElse.ExecuteAsync(Actor, KeyOf(_opened!), Now, Aborted)).Value?.People
                ?? [];
        }

        FindLine();
        if (_line is null)
        {
            var question = new WorkQuestion(
                Shown, ProductId: null, WorkOrder.Age, Descending: false, 0, ListWork.MostLines, KeyOf(_opened!));
            _line = (await AskAsync(question, Aborted))?.Lines.FirstOrDefault(line => line.Path == _opened);
        }
    }

    /// <summary>What has left the view meanwhile, because it was taken for example, stays as it was seen last.</summary>
    private void FindLine()
    {
        if (_lines.FirstOrDefault(line => line.Value.Path == _opened) is { Value: { } line, Key: var place })
        {
            (_line, _place) = (line, place);
        }
    }

    /// <summary>What is done leaves the list; the next one opens itself.</summary>
    private async Task ActedAsync((string Outcome, string Sentence)? result)
    {
        Result = result;
        var next = _place is { } place ? await AtAsync(place) ?? await AtAsync(Math.Max(0, place - 1)) : null;
        await ReloadAsync();
        if (_place is null || next?.Path == _opened)
        {
            FindLine();
            StateHasChanged();
            return;
        }

        Addresses.NavigateTo(next is null ? To(Shown, Product) : LinkTo(next));
    }

    private async Task<WorkLine?> AtAsync(int place) =>
        _asked is { } asked && await AskAsync(asked with { Skip = place, Take = 1 }, ToTheEnd) is { Lines: [var line] } ? line : null;

    private async Task TakeAsync(WorkLine line, bool takes)
    {
        _problem = await Assign.ExecuteAsync(Actor, Guid.CreateVersion7(), line.Subject, line.TakenById, takes, Now, ToTheEnd);
        Result = _problem.Succeeded ? (takes ? "taken" : "given-back", W[takes ? "Taken" : "GivenBack", What(line)]) : null;
        if (_problem.Succeeded)
        {
            _line = takes ? line with { TakenById = Actor.Id, TakenBy = Actor.Name } : line with { TakenById = null, TakenBy = null };
        }

        await ReloadAsync();
        FindLine();
    }

    private async Task TakeSelectedAsync()
    {
        var taken = 0;
        foreach (var line in _selected.ToList())
        {
            var result = await Assign.ExecuteAsync(Actor, Guid.CreateVersion7(), line.Subject, line.TakenById, takes: true, Now, ToTheEnd);
            taken += result.Succeeded ? 1 : 0;
            _problem = result.Succeeded ? _problem : result;
        }

        Result = ("taken", W["TakenSeveral", taken, _selected.Count]);
        _selected = new(BySubject);
        await ReloadAsync();
    }

    private int CountOf(WorkKind kind) => _selected.Count(line => line.Kind == kind);

    /// <summary>Asks the customers of several cases the same.</summary>
    private async Task AskSelectedAsync()
    {
        var kept = await BegunAsync("AskSelected");
        await BulkAsync(
            "AskSelected", WorkKind.Flag, kept,
            (command, question, to) => Ask.ExecuteAsync(new StaffAct(command, Actor, question), to.Number!, Now, ToTheEnd));
    }

    private Task SendSelectedAsync() => BulkAsync(
        "SendSelected", WorkKind.Mail, kept: null, (command, _, to) => Send.ExecuteAsync(Actor, command, to.Subject, Now, ToTheEnd));

    /// <param name="kept">Of the question that goes to all; null where none is asked.</param>
    private async Task BulkAsync(
        string name, WorkKind kind, KeptText? kept, Func<Guid, string, BulkRecipient, Task<StaffResult>> act)
    {
        var subjects = _selected.Where(line => line.Kind == kind).Select(line => line.Subject).ToList();
        if (subjects.Count == 0 || Take(await Recipients.ExecuteAsync(Actor, subjects, Now, Aborted)) is not { All: { Count: > 0 } to })
        {
            return;
        }

        // Made once for the dialog, so that a repaired connection cannot act twice.
        var commands = to.ToDictionary(recipient => recipient.Subject, _ => Guid.CreateVersion7());
        var isDone = await OpenAsync<BulkDialog>(name, name.ToLowerInvariant(), "", new()
        {
            [nameof(BulkDialog.Name)] = name,
            [nameof(BulkDialog.Recipients)] = to,
            [nameof(BulkDialog.AsksQuestion)] = kept is not null,
            [nameof(BulkDialog.Kept)] = kept,
            [nameof(BulkDialog.Act)] = (string text, BulkRecipient recipient) => act(commands[recipient.Subject], text, recipient),
        }, kept, W);
        if (isDone)
        {
            _selected = new(BySubject);
        }

        await ReloadAsync();
    }

    private void Filter(ChangeEventArgs chosen) => Addresses.NavigateTo(To(Shown, chosen.Value as string));

    private string What(WorkLine line) => line.Number is { } number ? $"{W["Kind." + line.Kind]} {number}" : W["Kind." + line.Kind];

    private (string Class, string Word)? Mark(WorkLine line) =>
        line.IsAnswered ? ("tag tag-info", W["Mark.Answered"])
        : line.IsWaiting ? ("tag", W["Mark.Waiting"])
        : line.IsLocked ? ("tag tag-warn", W["Mark.Locked"])
        : null;

    private string Waits(WorkLine line) =>
        line.Kind == WorkKind.Appointment ? Times.DayAndTime(line.Since) : Texts.Age(line.Since, Now);

    /// <summary>The number or id at the end of the address.</summary>
    private static string KeyOf(string path) => Uri.UnescapeDataString(path.Split('/', 2)[1]);

    private string LinkTo(WorkLine line) => To(Shown, Product, line.Path);

    private SortDirection Direction(WorkOrder order) =>
        Sorting.Order != order ? SortDirection.None : Sorting.Descending ? SortDirection.Descending : SortDirection.Ascending;

    private string To(WorkView view, string? product, string? open = null) => To(view, product, open, Sorting);

    private static string To(WorkView view, string? product, string? open, (WorkOrder Order, bool Descending) sorting) =>
        QueryHelpers.AddQueryString("/staff", new Dictionary<string, string?>
        {
            ["view"] = view == WorkView.Todo ? null : view.ToString().ToLowerInvariant(),
            ["product"] = string.IsNullOrEmpty(product) ? null : product,
            ["sort"] = sorting == default ? null : (sorting.Descending ? "-" : "") + sorting.Order.ToString().ToLowerInvariant(),
            ["open"] = open,
        });
}
