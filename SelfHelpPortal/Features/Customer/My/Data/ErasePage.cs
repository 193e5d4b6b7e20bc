using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Account.Pages;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Features.Customer.My.Data;

/// <summary>What both pages that erase have in common: they say what goes and what stays, and ask who is there.</summary>
public abstract class ErasePage : MyPage
{
    [Inject]
    private ProvePerson Prove { get; set; } = default!;

    [Inject]
    private protected IStringLocalizer<DataWords> T { get; set; } = default!;

    [SupplyParameterFromForm]
    public string? Password { get; set; }

    [SupplyParameterFromForm]
    public string? Understood { get; set; }

    private protected bool NeedsProof => !ProvePerson.IsRecent(Actor, Time.GetUtcNow());

    private protected IReadOnlyCollection<string> Ticked => Understood == "yes" ? ["yes"] : [];

    /// <summary>False: the page comes again and says why.</summary>
    private protected async Task<bool> IsProvenAsync()
    {
        switch (await Prove.CheckAsync(Actor, Password, HttpContext.Connection.RemoteIpAddress, Time.GetUtcNow(), Aborted))
        {
            case Proof.Given:
                return true;
            case Proof.PasswordMissing:
                Refuse(nameof(Password), T["PasswordMissing"]);
                break;
            case Proof.PasswordWrong:
                Refuse(nameof(Password), T["PasswordWrong"]);
                break;
            case Proof.SignInAgain:
                Stopped = T["SignInAgain"];
                HttpContext.Unprocessable();
                break;
            case Proof.Busy:
                HttpContext.AnswerBusy();
                break;
        }

        return false;
    }

    private protected void Refuse(string field, string words)
    {
        Errors.Add(field, words);
        HttpContext.Unprocessable();
    }
}
