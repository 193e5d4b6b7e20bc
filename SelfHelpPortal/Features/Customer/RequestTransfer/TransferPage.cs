using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Components;
using SelfHelpPortal.Components.Forms;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Customer.RequestTransfer;

/// <summary>
/// A page of the draft whose link stands in its address. A draft that has been ordered leads every page to its result, so that the way back
/// repeats nothing.
/// </summary>
public abstract class TransferPage : FormPage
{
    protected const int MostRows = DraftLimits.Rows;

    [Inject]
    private protected ShowDraft Show { get; set; } = default!;

    [Inject]
    private protected TransferDrafts Drafts { get; set; } = default!;

    [Inject]
    protected IStringLocalizer<TransferWords> T { get; set; } = default!;

    [Inject]
    protected IStringLocalizer<SharedStrings> Words { get; set; } = default!;

    [Parameter]
    public required string Token { get; set; }

    /// <summary>Came from the check page, and goes straight back to it.</summary>
    protected bool IsChange => FromChange is "true";

    /// <summary>
    /// A text, as everything from a query: what is not of another type would be an exception before the page can say anything.
    /// </summary>
    [SupplyParameterFromQuery(Name = "change")]
    public string? FromChange { get; set; }

    private protected DraftView? View { get; private set; }

    private protected TransferDraft Draft => View!.Draft;

    protected string Language => Languages.Current;

    /// <summary>Which button was pressed.</summary>
    protected string Pressed => HttpContext.Request.Form["Act"].ToString();

    /// <summary>Which of the draft's pages this is.</summary>
    protected string StepOf(string step) =>
        DraftSteps.Of(Draft) is var steps && Array.IndexOf([.. steps], step) is >= 0 and var place
            ? T["Step", place + 1, steps.Count]
            : "";

    protected string At(string step) => $"/transfer/{Token}/{step}";

    /// <summary>Here another license can be named, whatever is known of the one that is named now.</summary>
    protected virtual bool NamesLicense => false;

    protected string BackTo(string step) => At(IsChange ? DraftSteps.Check : step);

    protected sealed override async Task OpenAsync()
    {
        if (!await LoadAsync())
        {
            return;
        }

        if (Expired is { } typed)
        {
            Read(typed);
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }
        else
        {
            await FillAsync();
        }
    }

    protected sealed override async Task ActAsync()
    {
        if (await LoadAsync())
        {
            Read(HttpContext.Request.Form);
            await SaveAsync();
        }
    }

    /// <summary>Takes what was typed before into the page.</summary>
    protected abstract Task FillAsync();

    /// <summary>Takes what was typed now into the page.</summary>
    protected abstract void Read(IFormCollection form);

    protected abstract Task SaveAsync();

    private protected Task ChangeAsync(Func<TransferDraft, TransferDraft> change) =>
        Drafts.ChangeAsync(Token, change, Time.GetUtcNow(), Aborted);

    /// <summary>After a page was taken: the one after it or, after a change, back to the check page.</summary>
    protected void GoOn(string next) => HttpContext.SeeOther(Navigation, At(IsChange ? DraftSteps.Check : next));

    protected void Stay(string step, string? fragment = null) =>
        HttpContext.SeeOther(Navigation, At(step) + (IsChange ? "?change=true" : "") + (fragment is null ? "" : "#" + fragment));

    /// <summary>What is kept as it was typed has an end all the same, and the field says so.</summary>
    protected bool IsTooLong(string field, string? text, int limit)
    {
        if (text is not { Length: var length } || length <= limit)
        {
            return false;
        }

        Refuse(field, Words["TooManyCharacters", length, limit]);
        return true;
    }

    private async Task<bool> LoadAsync()
    {
        View = await Show.ExecuteAsync(Token, Language, Time.GetUtcNow(), Aborted);
        if (View is null)
        {
            HttpContext.NotFoundHere();
            return false;
        }

        if (View.Request.State != TransferState.Draft)
        {
            HttpContext.SeeOther(Navigation, $"/transfer/{Token}");
            return false;
        }

        if (!(NamesLicense && Draft.LicenseId is null)
            && (await Show.NothingToMoveAsync(View, CustomerActor.From(HttpContext), Aborted)).Count > 0)
        {
            HttpContext.SeeOther(Navigation, $"/transfer/{Token}");
            return false;
        }

        return true;
    }
}
