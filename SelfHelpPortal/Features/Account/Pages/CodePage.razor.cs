using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Components.Layout;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Features.Account.Pages;

/// <summary>The second step of signing in, by the app or by a recovery code.</summary>
public sealed partial class CodePage
{
    [Inject]
    private SecondFactor Factor { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "code")]
    public string? Code { get; set; }

    [SupplyParameterFromQuery(Name = "return")]
    public string? ReturnQuery { get; set; }

    private string? Return => ReturnUrl.LocalOrNull(ReturnQuery);

    private bool IsRecovery => HttpContext.Request.Path.StartsWithSegments("/account/recovery", StringComparison.OrdinalIgnoreCase);

    private string? Outcome { get; set; }

    private async Task SubmitAsync()
    {
        var now = Time.GetUtcNow();
        var result = IsRecovery
            ? await Factor.SignInByRecoveryCodeAsync(Code, now, Aborted)
            : await Factor.SignInByCodeAsync(Code, now, Aborted);
        switch (result)
        {
            case FactorResult.Accepted:
                Navigation.NavigateTo(SignInAnswers.PathAfterSignIn(HttpContext.User, Return));
                break;
            case FactorResult.StartAgain:
                Navigation.NavigateTo(ReturnUrl.With(SiteLinks.SignIn, Return));
                break;
            case FactorResult.Wrong:
                Refuse("wrong-code", IsRecovery ? "WrongRecoveryCode" : "WrongCode", StatusCodes.Status422UnprocessableEntity);
                break;
            case FactorResult.TooManyTries:
                Refuse("too-many-tries", "TooManyCodes", StatusCodes.Status429TooManyRequests);
                break;
        }
    }

    private void Refuse(string outcome, string words, int status)
    {
        Outcome = outcome;
        Errors.Add(nameof(Code), T[words]);
        HttpContext.Response.StatusCode = status;
    }
}
