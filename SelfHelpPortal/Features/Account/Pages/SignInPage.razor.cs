using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Features.Account.Pages;

public sealed partial class SignInPage
{
    [Inject]
    private SignIn SignIn { get; set; } = default!;

    [Inject]
    private SignInByPasskey ByPasskey { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "sign-in")]
    public string? Email { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in")]
    public string? Password { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in", Name = "Return")]
    public string? ReturnField { get; set; }

    [SupplyParameterFromForm(FormName = "passkey")]
    public string? Passkey { get; set; }

    [SupplyParameterFromForm(FormName = "passkey")]
    public string? PasskeyState { get; set; }

    [SupplyParameterFromForm(FormName = "passkey", Name = "Return")]
    public string? PasskeyReturn { get; set; }

    [SupplyParameterFromQuery(Name = "return")]
    public string? ReturnQuery { get; set; }

    private string? Return => ReturnUrl.LocalOrNull(ReturnField ?? PasskeyReturn ?? ReturnQuery);

    private string? Outcome { get; set; }

    private async Task SignInByPasskeyAsync()
    {
        if (await ByPasskey.ExecuteAsync(new PasskeyAnswer(Passkey, PasskeyState), Time.GetUtcNow(), Aborted))
        {
            Navigation.NavigateTo(SignInAnswers.PathAfterSignIn(HttpContext.User, Return));
        }
        else
        {
            Refuse("passkey-refused", nameof(Email), "PasskeyRefused");
        }
    }

    private async Task SubmitAsync()
    {
        if (string.IsNullOrWhiteSpace(Email) || string.IsNullOrEmpty(Password))
        {
            var (field, words) = string.IsNullOrWhiteSpace(Email) ? (nameof(Email), "EmailMissing") : (nameof(Password), "PasswordMissing");
            Refuse(null, field, words);
            return;
        }

        var result = await SignIn.ExecuteAsync(
            Email.Trim(), Password, HttpContext.Connection.RemoteIpAddress, Time.GetUtcNow(), Aborted);
        switch (result)
        {
            case SignInResult.NeedsCode:
                Navigation.NavigateTo(ReturnUrl.With("/account/sign-in/code", Return));
                break;
            case SignInResult.SignedIn:
                Navigation.NavigateTo(SignInAnswers.PathAfterSignIn(HttpContext.User, Return));
                break;
            case SignInResult.Refused:
                Refuse("refused", nameof(Email), "SignInRefused");
                break;
            case SignInResult.Busy:
                HttpContext.AnswerBusy();
                break;
        }
    }

    private void Refuse(string? outcome, string field, string words)
    {
        Outcome = outcome;
        Refuse(field, T[words]);
    }
}
