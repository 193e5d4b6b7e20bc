using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Features.Account.Registrations;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Features.Account.Pages;

/// <summary>Behind the link of a registration or an invitation.</summary>
public sealed partial class ConfirmPage
{
    [Inject]
    private OpenAccount Act { get; set; } = default!;

    [SupplyParameterFromForm]
    private string? DisplayName { get; set; }

    [SupplyParameterFromForm]
    private string? Password { get; set; }

    [SupplyParameterFromForm]
    private string? Repeat { get; set; }

    [SupplyParameterFromForm]
    private string? Passkey { get; set; }

    [SupplyParameterFromForm]
    private string? PasskeyState { get; set; }

    private string? Ticket { get; set; }

    private bool _isSignedIn;

    private OpeningView View { get; set; } = OpeningView.Invalid;

    /// <summary>Whoever opens an account types a name, and a password or has a passkey made.</summary>
    protected override bool NeedsTick => !HttpContext.Request.Form.ContainsKey(nameof(DisplayName));

    protected override async Task OpenAsync()
    {
        View = await Act.ShowAsync(Link, Time.GetUtcNow(), Aborted);
        Ticket = await Act.PasskeyTicketAsync(Link, Time.GetUtcNow(), Aborted);
        if (View.Step == OpeningStep.InvalidLink)
        {
            HttpContext.Response.StatusCode = StatusCodes.Status410Gone;
        }
        else if (Expired is { } typed)
        {
            DisplayName = typed[nameof(DisplayName)];
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }
    }

    protected override async Task ConfirmedAsync()
    {
        View = await Act.ShowAsync(Link, Time.GetUtcNow(), Aborted);
        Ticket = await Act.PasskeyTicketAsync(Link, Time.GetUtcNow(), Aborted);
        switch (View.Step)
        {
            case OpeningStep.Open:
                await OpenAccountAsync();
                break;
            case OpeningStep.Join:
                View = await Act.JoinAsync(Link, ClientAddress.Network(HttpContext), Time.GetUtcNow(), Aborted);
                break;
        }

        if (View.Step == OpeningStep.InvalidLink)
        {
            HttpContext.Response.StatusCode = StatusCodes.Status410Gone;
        }
        else if (View.Step == OpeningStep.Done && !Errors.Any)
        {
            HttpContext.SeeOther(Navigation, _isSignedIn ? "/my" : $"/account/confirm/{Link}");
        }
    }

    private async Task OpenAccountAsync()
    {
        var name = DisplayName?.Trim();
        if (string.IsNullOrEmpty(name) || name.Length > OpenAccount.LongestName)
        {
            Refuse(nameof(DisplayName), string.IsNullOrEmpty(name)
                ? T["EnterName"]
                : Words["TooManyCharacters", name.Length, OpenAccount.LongestName]);
        }

        if (string.IsNullOrEmpty(Passkey) && Password != Repeat)
        {
            Refuse(nameof(Repeat), A["PasswordsDiffer"]);
        }

        if (Errors.Any)
        {
            return;
        }

        var culture = Languages.Current;
        var signIn = new NewSignIn(Password, string.IsNullOrEmpty(Passkey) ? null : new PasskeyAnswer(Passkey, PasskeyState));
        var result = await Act.OpenAsync(Link, name!, signIn, culture, ClientAddress.Network(HttpContext), Time.GetUtcNow(), Aborted);
        (View, _isSignedIn) = (result.View, result.IsSignedIn);
        if (result.Problem == SetUpAccount.Busy)
        {
            HttpContext.AnswerBusy();
        }
        else if (result.Problem is { } problem)
        {
            Refuse(signIn.Passkey is null ? nameof(Password) : nameof(DisplayName), A[problem]);
        }
    }
}
