using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Checklists;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Customer.TransferStatus;

/// <summary>Where an order stands, with what its customer can do about it. The link is the key to it.</summary>
public sealed partial class StatusPage
{
    [Inject]
    private ShowTransferStatus Show { get; set; } = default!;

    [Inject]
    private AnswerTransfer Reply { get; set; } = default!;

    [Inject]
    private EndTransfer End { get; set; } = default!;

    [Inject]
    private TransferChecklist Checklist { get; set; } = default!;

    [SupplyParameterFromForm]
    private string? Answer { get; set; }

    [SupplyParameterFromForm]
    private string? Act { get; set; }

    private StatusView? View { get; set; }

    /// <summary>An answer has to be typed, and a checklist that is sent as it stands changes nothing.</summary>
    protected override bool NeedsTick => Act == "withdraw";

    protected override string TickId => TransferStanding.WithdrawTick;

    protected override async Task OpenAsync()
    {
        View = await Show.ExecuteAsync(Link, Time.GetUtcNow(), Aborted);
        if (View is null)
        {
            HttpContext.NotFoundHere();
        }
        else if (Expired is { } typed)
        {
            Answer = typed[nameof(Answer)];
            View = View.With(typed);
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }
    }

    protected override async Task ConfirmedAsync()
    {
        var now = Time.GetUtcNow();
        View = await Show.ExecuteAsync(Link, now, Aborted);
        if (View is null)
        {
            HttpContext.NotFoundHere();
            return;
        }

        if (Act is not ("withdraw" or ChecklistForms.Act) && ProblemOf(Answer) is { } problem)
        {
            Refuse(nameof(Answer), problem);
            return;
        }

        var caller = Caller.From(HttpContext);
        var done = Act switch
        {
            "withdraw" => await End.WithdrawAsync(Link, caller, now, Aborted),
            ChecklistForms.Act => await Checklist.ExecuteAsync(Link, ChecklistForms.From(HttpContext.Request.Form), now, Aborted),
            _ => await Reply.ExecuteAsync(Link, Answer!, caller, now, Aborted),
        };
        if (done)
        {
            HttpContext.SeeOther(
                Navigation, $"/transfer/status/{Link}{(Act == ChecklistForms.Act ? "#" + ChecklistForms.Act : "")}");
        }
        else
        {
            View = await Show.ExecuteAsync(Link, now, Aborted);
            Stopped = T["TooLate"];
            HttpContext.Unprocessable();
        }
    }

    private string? ProblemOf(string? answer) => string.IsNullOrWhiteSpace(answer) ? T["EnterAnswer"].Value
        : answer.Length > AnswerTransfer.Longest ? Words["TooManyCharacters", answer.Length, AnswerTransfer.Longest].Value
        : null;
}
