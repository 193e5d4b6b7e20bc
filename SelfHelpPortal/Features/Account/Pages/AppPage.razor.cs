using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account.Pages;

public sealed partial class AppPage
{
    [Inject]
    private AuthenticatorApp Own { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "set-up")]
    public string? Offered { get; set; }

    [SupplyParameterFromForm(FormName = "set-up")]
    public string? Code { get; set; }

    private AuthenticatorAppView? View { get; set; }

    private IReadOnlyList<string> Codes { get; set; } = [];

    private string Outcome => Errors.Any ? "refused" : Codes.Count > 0 ? "app-added" : "app";

    protected override async Task OnInitializedAsync()
    {
        View = await Own.ShowAsync(HttpContext.User, Offered);
        if (!FreshSignIn.IsFresh(HttpContext.User, Time.GetUtcNow()))
        {
            StartAgain();
        }
    }

    private async Task SetUpAsync()
    {
        var (result, codes) = await Own.SetUpAsync(HttpContext.User, Offered, Code, Time.GetUtcNow(), Aborted);
        // Shown in the answer to the POST, the one time they can be shown; a redirect would have to keep them somewhere.
        Codes = codes;
        Answer(result);
    }

    private async Task RemoveAsync()
    {
        var result = await Own.RemoveAsync(HttpContext.User, Time.GetUtcNow(), Aborted);
        Answer(result);
        if (result == AppChange.Done)
        {
            Navigation.NavigateTo("/account?done=app-removed");
        }
    }

    private void Answer(AppChange result)
    {
        switch (result)
        {
            case AppChange.Done:
                break;
            case AppChange.WrongCode or AppChange.TooManyTries:
                Refuse(nameof(Code), T[result == AppChange.WrongCode ? "WrongCode" : "TooManyCodes"]);
                break;
            case AppChange.StartAgain:
                StartAgain();
                break;
            case AppChange.LastSignInMethod:
                HttpContext.Unprocessable();
                break;
        }
    }

    private void StartAgain() => Navigation.NavigateTo(ReturnUrl.With(FreshSignIn.Path, "/account/app"));
}
