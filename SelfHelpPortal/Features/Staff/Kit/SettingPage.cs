using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>A page with the form of a setting. What was typed outlives a refusal and the page that asks for the factor.</summary>
public abstract class SettingPage : StaffPage
{
    /// <summary>Made when the form is shown, so that it is saved once however often it is sent.</summary>
    private Guid _command;

    [Inject]
    private protected NavigationManager Links { get; set; } = default!;

    /// <summary>Null until the setting was read.</summary>
    private protected SettingForm? Form { get; private set; }

    private protected StaffRefusal? Problem { get; private set; }

    /// <summary>For links to what stands on the page.</summary>
    private protected string Here => new Uri(Links.Uri).AbsolutePath;

    private protected sealed override bool IsLoaded => Form is not null;

    /// <summary>Puts a form on the page, or none.</summary>
    private protected void Edit(SettingForm? form)
    {
        (Form, Problem, _command) = (form, null, Guid.CreateVersion7());
        if (form is not null)
        {
            // A preview follows what is typed.
            form.Changed += StateHasChanged;
        }
    }

    /// <summary>Puts an older version into the form; nothing is changed before it is saved.</summary>
    private protected void Edit(SettingForm form, SettingLine version)
    {
        Edit(form);
        Result = ("restored", T["VersionInForm", version.Version]);
    }

    /// <param name="act">The use case, by which what was typed is found again after the factor was shown.</param>
    /// <param name="save">Gets what was typed, and the id of the command.</param>
    /// <param name="saved">When it is done.</param>
    private protected async Task SaveAsync<T>(string act, Func<T, Guid, Task<StaffResult>> save, Func<T, Task> saved)
        where T : class
    {
        (Result, Problem) = (null, null);
        if (Form!.Read<T>() is not { } typed)
        {
            Problem = StaffRefusal.SettingInvalid;
            return;
        }

        var result = await save(typed, _command);
        switch (result.Refused)
        {
            case null:
                await saved(typed);
                break;
            case StaffRefusal.FactorTooOld:
                await AskForFactorAsync(act, target: null, reason: "", Form.Keep());
                break;
            default:
                Form.Refuse(result.Broken ?? []);
                // Another try is another act: the first one was refused.
                (Problem, _command) = (result.Refused, Guid.CreateVersion7());
                break;
        }
    }
}
