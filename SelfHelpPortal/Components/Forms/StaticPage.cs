using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Components.Forms;

/// <summary>A page that is drawn once, as the answer to a request.</summary>
public abstract class StaticPage : ComponentBase
{
    [CascadingParameter]
    protected HttpContext HttpContext { get; set; } = default!;

    [Inject]
    protected NavigationManager Navigation { get; set; } = default!;

    [Inject]
    protected TimeProvider Time { get; set; } = default!;

    /// <summary>What was typed and cannot be taken.</summary>
    protected FormErrors Errors { get; } = new();

    protected CancellationToken Aborted => HttpContext.RequestAborted;

    /// <summary>Answers the form with what is wrong with one of its fields.</summary>
    protected void Refuse(string field, string words)
    {
        Errors.Add(field, words);
        HttpContext.Unprocessable();
    }
}
