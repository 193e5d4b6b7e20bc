using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Account.Pages;

public sealed partial class SetUpPage
{
    [Inject]
    private SetUpAccount SetUp { get; set; } = default!;

    [Inject]
    private SetUpByPasskey ByPasskey { get; set; } = default!;

    [Parameter]
    public string Link { get; set; } = "";

    [SupplyParameterFromForm(FormName = "password")]
    public string? Password { get; set; }

    [SupplyParameterFromForm(FormName = "password")]
    public string? Repeat { get; set; }

    [SupplyParameterFromForm(FormName = "app")]
    public string? Code { get; set; }

    [SupplyParameterFromForm(FormName = "passkey")]
    public string? Passkey { get; set; }

    [SupplyParameterFromForm(FormName = "passkey")]
    public string? PasskeyState { get; set; }

    private SetUpView View { get; set; } = new(SetUpStep.InvalidLink);

    private IReadOnlyList<string> Codes { get; set; } = [];

    protected override async Task OnInitializedAsync()
    {
        View = await SetUp.ShowAsync(Link, Time.GetUtcNow(), Aborted);
        if (View.Step == SetUpStep.InvalidLink)
        {
            HttpContext.Response.StatusCode = StatusCodes.Status410Gone;
        }
    }

    private async Task SetPasswordAsync()
    {
        if (Password != Repeat)
        {
            Refuse(nameof(Repeat), T["PasswordsDiffer"]);
            return;
        }

        var result = await SetUp.SetPasswordAsync(
            Link, Password ?? "", Languages.Current, Time.GetUtcNow(), Aborted);
        if (result.Problems is [SetUpAccount.Busy])
        {
            HttpContext.AnswerBusy();
        }
        else if (result.Problems is [var problem, ..])
        {
            Refuse(nameof(Password), T[problem]);
        }
        else
        {
            Navigation.NavigateTo($"/account/set-up/{Link}");
        }
    }

    private async Task AddPasskeyAsync()
    {
        var result = await ByPasskey.ExecuteAsync(
            Link, new PasskeyAnswer(Passkey, PasskeyState), BrowserName.From(HttpContext.Request.Headers.UserAgent),
            Languages.Current, Time.GetUtcNow(), Aborted);
        if (result.Problems is [var problem, ..])
        {
            Refuse(nameof(Passkey), T[problem]);
        }
        else
        {
            Navigation.NavigateTo(result.View.Step == SetUpStep.Done ? "/account?done=ready" : $"/account/set-up/{Link}");
        }
    }

    private async Task ConfirmAppAsync()
    {
        var result = await SetUp.ConfirmAppAsync(Link, Code, Time.GetUtcNow(), Aborted);
        View = result.View;
        // Shown in the answer to the POST, the one time they can be shown; a redirect would have to keep them somewhere.
        Codes = result.RecoveryCodes;
        if (result.Problems is [var problem, ..])
        {
            Refuse(nameof(Code), T[problem]);
        }
    }
}
