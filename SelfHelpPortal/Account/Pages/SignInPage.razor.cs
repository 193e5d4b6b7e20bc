using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components.Kit;

namespace SelfHelpPortal.Account.Pages;

public sealed partial class SignInPage
{
    [Inject]
    private SignIn SignIn { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in")]
    public string? Email { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in")]
    public string? Password { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in", Name = "Return")]
    public string? ReturnField { get; set; }

    [SupplyParameterFromQuery(Name = "return")]
    public string? ReturnQuery { get; set; }

    private string? Return => LocalReturn.Of(ReturnField ?? ReturnQuery);

    private FormErrors Errors { get; } = new();

    private string? Outcome { get; set; }

    private async Task SubmitAsync()
    {
        if (string.IsNullOrWhiteSpace(Email) || string.IsNullOrEmpty(Password))
        {
            Errors.Add(string.IsNullOrWhiteSpace(Email) ? nameof(Email) : nameof(Password), T[string.IsNullOrWhiteSpace(Email) ? "EmailMissing" : "PasswordMissing"]);
            HttpContext.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return;
        }

        var result = await SignIn.ExecuteAsync(Email.Trim(), Password, HttpContext.Connection.RemoteIpAddress, Time.GetUtcNow(), HttpContext.RequestAborted);
        switch (result)
        {
            case SignInResult.NeedsCode:
                Navigation.NavigateTo(LocalReturn.With("/account/sign-in/code", Return));
                break;
            case SignInResult.SignedIn:
                Navigation.NavigateTo("/account");
                break;
            case SignInResult.Refused:
                Outcome = "refused";
                Errors.Add(nameof(Email), T["SignInRefused"]);
                HttpContext.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
                break;
            case SignInResult.Busy:
                HttpContext.AnswerBusy();
                break;
        }
    }
}
