using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Components.Forms;

/// <summary>
/// A page that a link in a mail opens. Mail gateways open such links and send the forms behind them as they stand, so no act happens on an
/// untouched form: each asks for something that is typed or chosen or, by default, for the <see cref="ConfirmTick"/> that is off at first.
/// </summary>
public abstract class LinkPage : FormPage
{
    [Parameter]
    public required string Link { get; set; }

    /// <summary>False only for an act that is refused anyway until something has been typed or chosen for it.</summary>
    protected virtual bool NeedsTick => true;

    /// <summary>Of the tick of the act that was sent, where the page has several.</summary>
    protected virtual string TickId => ConfirmTick.FieldName;

    protected sealed override async Task ActAsync()
    {
        if (!NeedsTick || ConfirmTick.IsIn(HttpContext.Request.Form))
        {
            await ConfirmedAsync();
            return;
        }

        await OpenAsync();
        Refuse(TickId, Common["TickToConfirm"]);
    }

    /// <summary>Does what the button says; a person has pressed it.</summary>
    protected abstract Task ConfirmedAsync();
}
