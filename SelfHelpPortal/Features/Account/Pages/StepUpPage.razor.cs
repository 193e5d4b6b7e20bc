using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Features.Account.Pages;

/// <summary>Asks for the factor again and goes back to where it was needed.</summary>
public sealed partial class StepUpPage
{
    [Inject]
    private StepUp StepUp { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "password")]
    public string? Password { get; set; }

    [SupplyParameterFromForm(FormName = "password")]
    public string? Code { get; set; }

    [SupplyParameterFromForm(FormName = "passkey")]
    public string? Passkey { get; set; }

    [SupplyParameterFromForm(FormName = "passkey")]
    public string? PasskeyState { get; set; }

    /// <summary>Forms post to the address they stand at, so it stays in the query.</summary>
    [SupplyParameterFromQuery(Name = "return")]
    public string? Return { get; set; }

    private StepUpView? View { get; set; }

    protected override async Task OnInitializedAsync() => View = await StepUp.ShowAsync(HttpContext.User);

    private async Task ByPasskeyAsync() =>
        Answer(await StepUp.ByPasskeyAsync(
            HttpContext.User, new PasskeyAnswer(Passkey, PasskeyState), Time.GetUtcNow(), Aborted));

    private async Task ByPasswordAsync() => Answer(await StepUp.ByPasswordAsync(
        HttpContext.User, Password ?? "", Code, Time.GetUtcNow(), Aborted));

    private void Answer(StepUpResult result)
    {
        switch (result)
        {
            case StepUpResult.Done:
                Navigation.NavigateTo(ReturnUrl.LocalOrNull(Return) ?? "/account");
                break;
            case StepUpResult.WrongPasskey:
                Refuse(nameof(Passkey), T["StepUpWrongPasskey"]);
                break;
            case StepUpResult.Wrong:
                Refuse(nameof(Password), T[View is { NeedsCode: true } ? "StepUpWrongBoth" : "StepUpWrong"]);
                break;
            case StepUpResult.Busy:
                HttpContext.AnswerBusy();
                break;
        }
    }
}
