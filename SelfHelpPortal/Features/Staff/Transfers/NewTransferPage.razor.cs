using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>
/// The form for a caller's order: read from what was pasted, corrected, checked, sent. What was checked is sent, so whatever is changed
/// afterwards is checked again.
/// </summary>
public partial class NewTransferPage : StaffPage
{
    private string _pasted = "";
    private TypedTransfer _typed = new();
    private ReadTransfer? _read;
    private CheckedTransfer? _checked;
    private bool _isReady;
    private bool _busy;
    private StaffRefusal? _problem;
    private IReadOnlyList<BrokenRule> _problems = [];
    private KeptText? _kept;
    private bool _isTakenUp;

    /// <summary>Made when the form is shown, so that there is one order however often it is sent.</summary>
    private Guid _id = Guid.CreateVersion7();

    [Inject]
    private ReadTransferMail Mail { get; set; } = default!;

    [Inject]
    private CheckTransfer Order { get; set; } = default!;

    [Inject]
    private EnterTransfer Enter { get; set; } = default!;

    [Inject]
    private NavigationManager Links { get; set; } = default!;

    /// <summary>The license of the page that leads here.</summary>
    [SupplyParameterFromQuery(Name = "license")]
    public string? License { get; set; }

    private IReadOnlyList<DataColumn<ReadLine>> FoundColumns =>
    [
        new(S["FoundWhat"], line => b => b.AddContent(0, line.Text), Heads: true),
        new(S["FoundAs"], line => b => b.AddContent(
            0, line.Belongs is { } license && license != line.Text ? $"{S["As." + line.As]} ({license})" : S["As." + line.As].Value)),
    ];

    protected override async Task OnInitializedAsync()
    {
        _kept = (await BegunAsync("EnterTransfer")).Of(_ => _typed.WithoutKeys());
        if (LicenseNumber.ReadDigits(License) is { } number)
        {
            _typed.License = number;
            await ReadAsync();
            _read = null;
        }
        else if (_kept.Form<TypedTransfer>() is { } begun)
        {
            (_typed, _isTakenUp) = (begun, true);
        }
    }

    private async Task BeginAnewAsync()
    {
        (_typed, _read, _checked, _isReady, _problem, _problems, _isTakenUp) = (new(), null, null, false, null, [], false);
        await (_kept?.DropAsync() ?? Task.CompletedTask);
    }

    private Task KeepAsync() => _kept?.KeepAsync("") ?? Task.CompletedTask;

    private Task ReadAsync() => WorkAsync(async () =>
    {
        var answer = await Mail.ExecuteAsync(Actor, _pasted, _typed, Now, Aborted);
        if (answer.Value is { } read)
        {
            (_read, _typed, _checked) = (read, read.Typed, null);
            await KeepAsync();
        }
        else
        {
            _problem = answer.Refused;
        }
    });

    private Task CheckAsync() => WorkAsync(async () =>
    {
        var answer = await Order.ExecuteAsync(Actor, _typed, Languages.Current, Now, Aborted);
        (_checked, _problem) = (answer.Value, answer.Refused);
        _problems = _checked?.Problems ?? [];
        _isReady = _checked is not null && _problems.Count == 0;
    });

    private async Task EnterAsync()
    {
        var price = _checked?.Chosen?.Shown;
        await WorkAsync(async () =>
        {
            var entered = await Enter.ExecuteAsync(Actor, _id, _typed, price, Languages.Current, Now, ToTheEnd);
            if (entered.Reference is { } reference)
            {
                await (_kept?.DropAsync() ?? Task.CompletedTask);
                Links.NavigateTo($"/staff/transfers/{reference}");
                return;
            }

            _problems = entered.Result.Broken ?? [];
            _problem = _problems.Count > 0 ? null : entered.Refused;
            if (entered.Refused is not (StaffRefusal.Unavailable or StaffRefusal.OutcomeUnknown))
            {
                // Another try is another act: the first one was refused.
                _id = Guid.CreateVersion7();
            }
        });
    }

    private async Task WorkAsync(Func<Task> work)
    {
        if (_busy)
        {
            return;
        }

        (_busy, _isReady, _problem, _problems) = (true, false, null, []);
        try
        {
            await work();
        }
        finally
        {
            _busy = false;
        }
    }

    private string? ErrorOf(string field) => _problems.FirstOrDefault(p => p.Id == field)?.In(Languages.Current);

    private string? Invalid(string field) => ErrorOf(field) is null ? null : "true";

    private string? Described(string field, string? hint)
    {
        var id = FieldIds.From(field);
        string?[] texts = [hint is null ? null : FieldIds.Hint(id), ErrorOf(field) is null ? null : FieldIds.Error(id)];
        return texts.Any(text => text is not null) ? string.Join(' ', texts.Where(text => text is not null)) : null;
    }

    private Task ChangeAsync(Action change)
    {
        change();
        _isReady = false;
        return KeepAsync();
    }
}
