using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Components.Forms;
using SelfHelpPortal.Components.Layout;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Portal.Kit;

/// <summary>
/// A page of signed-in customers. Whoever is not signed in is sent to the sign-in page, and comes back, before it is drawn.
/// </summary>
public abstract class MyPage : FormPage
{
    private Guid? _command;

    /// <summary>Of the act that the page's form asks for; it travels in the form.</summary>
    [SupplyParameterFromForm]
    public string? CommandId { get; set; }

    [Inject]
    private protected IStringLocalizer<PortalStrings> My { get; set; } = default!;

    private protected CustomerActor Actor => CustomerActor.From(HttpContext)
        ?? throw new InvalidOperationException("Nobody is signed in; pages under /my must carry [Authorize].");

    private protected CustomerAct Command => new(CommandOf(CommandId), Actor);

    /// <summary>Nothing is there for this person: the same whether it exists or not.</summary>
    private protected bool IsMissing { get; private set; }

    /// <summary>A page that only shows has no form.</summary>
    protected override Task ActAsync() => Task.CompletedTask;

    private protected void Missing()
    {
        IsMissing = true;
        HttpContext.NotFoundHere();
    }

    /// <summary>Answers an act that was stopped before its own rules had a say.</summary>
    private protected void Stop(CustomerRefusal refusal)
    {
        switch (refusal)
        {
            case CustomerRefusal.SignInEnded:
                HttpContext.SeeOther(Navigation, ReturnUrl.With(SiteLinks.SignIn, HttpContext.Request.Path));
                break;
            case CustomerRefusal.NotFound:
                Missing();
                break;
            case CustomerRefusal.NotPermitted:
                Stopped = My["NotPermitted"];
                HttpContext.Response.StatusCode = StatusCodes.Status403Forbidden;
                break;
            case CustomerRefusal.SentBefore or CustomerRefusal.Conflict:
                Stopped = My[refusal.ToString()];
                HttpContext.Unprocessable();
                break;
        }
    }

    private Guid CommandOf(string? sent) => _command ??= Guid.TryParse(sent, out var id) ? id : Guid.CreateVersion7();
}
