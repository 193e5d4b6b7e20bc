using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Portal.Data;

/// <summary>What both pages that erase have in common: they say what goes and what stays, and want a sign-in of the last minutes.</summary>
public abstract class ErasePage : MyPage
{
    [Inject]
    private protected IStringLocalizer<DataWords> T { get; set; } = default!;

    [SupplyParameterFromForm]
    public string? Understood { get; set; }

    private protected bool IsFresh => FreshSignIn.IsFresh(HttpContext.User, Time.GetUtcNow());

    /// <summary>"Confirm that it is you", and back.</summary>
    private protected string StepUpPath => ReturnUrl.With(FreshSignIn.Path, HttpContext.Request.Path);

    private protected IReadOnlyCollection<string> Ticked => Understood == "yes" ? ["yes"] : [];
}
