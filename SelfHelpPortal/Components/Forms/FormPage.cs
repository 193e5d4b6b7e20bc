using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Components.Forms;

/// <summary>
/// A static page around one form. Blazor sends a post only to a form that it has drawn, whatever has become of its subject meanwhile;
/// so on a POST the page draws the bare form (<see cref="IsPending" />), acts, and then draws what came of it.
/// </summary>
[PreserveFormInput]
public abstract class FormPage : StaticPage
{
    /// <summary>Of the page's form; Blazor posts it as <c>_handler</c>.</summary>
    protected const string FormName = "page";

    private bool _submitted;

    [Inject]
    private protected LocalTimes Times { get; set; } = default!;

    /// <summary>Why the form comes again although nothing in it is wrong.</summary>
    protected string? Stopped { get; set; }

    [Inject]
    private protected IStringLocalizer<SharedStrings> Common { get; set; } = default!;

    protected bool IsPending => HttpMethods.IsPost(HttpContext.Request.Method) && !_submitted;

    /// <summary>What stood in the form whose token had expired; it is to be shown again.</summary>
    protected IFormCollection? Expired => ExpiredForms.Typed(HttpContext);

    protected sealed override async Task OnInitializedAsync()
    {
        if (IsPending)
        {
            return;
        }

        await OpenAsync();
        if (OversizedForm.UnreadFieldOf(HttpContext) is { } field)
        {
            Refuse(field, Common["FileFarTooLarge"]);
        }
    }

    protected Task SubmitAsync()
    {
        _submitted = true;
        return ActAsync();
    }

    /// <summary>Reads what a GET shows.</summary>
    protected abstract Task OpenAsync();

    /// <summary>Does what the button says.</summary>
    protected abstract Task ActAsync();
}
