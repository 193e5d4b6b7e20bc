using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account.Pages;

public sealed partial class AccountPage
{
    [Inject]
    private OwnAccount Account { get; set; } = default!;

    [Inject]
    private PasskeyManagement Own { get; set; } = default!;

    [Inject]
    private UserSessions Sessions { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "password")]
    public string? CurrentPassword { get; set; }

    [SupplyParameterFromForm(FormName = "password")]
    public string? NewPassword { get; set; }

    [SupplyParameterFromForm(FormName = "password")]
    public string? RepeatPassword { get; set; }

    [SupplyParameterFromForm(FormName = "codes")]
    public string? Code { get; set; }

    [SupplyParameterFromForm(FormName = "end-session")]
    public string? Session { get; set; }

    [SupplyParameterFromQuery(Name = "done")]
    public string? Done { get; set; }

    private OwnAccountView? View { get; set; }

    private IReadOnlyList<UserSession> Open { get; set; } = [];

    /// <summary>Staff who showed a password alone may look, no more.</summary>
    private bool MayChange =>
        !StaffPolicy.HasRole(HttpContext.User) || SignInClaims.StrengthOf(HttpContext.User) is not SignInStrength.Password;

    private Guid? Here => SignInClaims.SessionOf(HttpContext.User);

    private IReadOnlyList<PasskeyView> PasskeyList { get; set; } = [];

    private string? DoneWords => Outcome switch
    {
        "password-changed" => "PasswordChanged",
        null or "new-codes" => null,
        var done => "Done." + done,
    };

    private IReadOnlyList<string> Codes { get; set; } = [];

    private string? Outcome { get; set; }

    protected override async Task OnInitializedAsync()
    {
        View = await Account.ShowAsync(HttpContext.User);
        Open = await Sessions.ListAsync(HttpContext.User, Time.GetUtcNow(), Aborted);
        PasskeyList = await Own.ListAsync(HttpContext.User, Time.GetUtcNow(), Aborted);
        Outcome = Done switch
        {
            "password" => "password-changed",
            "passkey-added" or "passkey-renamed" or "passkey-deleted" or "session-ended" or "app-removed" or "name-changed"
                or "ready" => Done,
            _ => null,
        };
    }

    private async Task ChangePasswordAsync()
    {
        Outcome = null;
        if (NewPassword != RepeatPassword)
        {
            Refuse(nameof(RepeatPassword), T["PasswordsDiffer"]);
            return;
        }

        var problems = await Account.ChangePasswordAsync(
            HttpContext.User, CurrentPassword ?? "", NewPassword ?? "", Time.GetUtcNow(), Aborted);
        switch (problems)
        {
            case []:
                Navigation.NavigateTo("/account?done=password");
                break;
            case [SetUpAccount.Busy]:
                HttpContext.AnswerBusy();
                break;
            case [OwnAccount.NeedsStepUp]:
                Navigation.NavigateTo(ReturnUrl.With(FreshSignIn.Path, "/account"));
                break;
            case [OwnAccount.WrongPassword]:
                Refuse(nameof(CurrentPassword), T[OwnAccount.WrongPassword]);
                break;
            case [var problem, ..]:
                Refuse(nameof(NewPassword), T[problem]);
                break;
        }
    }

    private async Task NewCodesAsync()
    {
        Outcome = null;
        var (result, codes) = await Account.NewRecoveryCodesAsync(HttpContext.User, Code, Time.GetUtcNow(), Aborted);
        if (result == FactorResult.Accepted)
        {
            Codes = codes;
            Outcome = "new-codes";
            View = View! with { CodesLeft = codes.Length };
        }
        else
        {
            Refuse(nameof(Code), T[result == FactorResult.TooManyTries ? "TooManyCodes" : "WrongCode"]);
        }
    }

    private async Task EndSessionAsync()
    {
        if (Guid.TryParse(Session, out var id))
        {
            await Sessions.EndAsync(HttpContext.User, id, Time.GetUtcNow(), Aborted);
        }

        Navigation.NavigateTo("/account?done=session-ended");
    }

    private async Task SignOutEverywhereAsync()
    {
        await Account.SignOutEverywhereAsync(HttpContext.User);
        Navigation.NavigateTo("/account/signed-out");
    }
}
