using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Customer.AnswerFlag;

/// <summary>
/// A released computer was used again: what was seen, what the customer says to it, and how to go on meanwhile. It accuses nobody.
/// </summary>
public sealed partial class FlagCase
{
    /// <summary>The words of the form; they never change.</summary>
    private static readonly (string Word, FlagExplanation Explanation)[] Wire =
    [
        ("old-pc-back", FlagExplanation.OldPcBack), ("restored-image", FlagExplanation.RestoredImage),
            ("only-booted", FlagExplanation.OnlyBooted),
        ("bought-second", FlagExplanation.BoughtSecond), ("other", FlagExplanation.Other),
    ];

    [Inject]
    private ShowCase Show { get; set; } = default!;

    [Inject]
    private AnswerFlag Reply { get; set; } = default!;

    [Inject]
    private FetchEmergencyCode Fetch { get; set; } = default!;

    [SupplyParameterFromForm]
    private string? Explanation { get; set; }

    [SupplyParameterFromForm]
    private string? Message { get; set; }

    [SupplyParameterFromForm]
    private string? Activation { get; set; }

    [SupplyParameterFromForm]
    private string? Act { get; set; }

    private CaseView? View { get; set; }

    /// <summary>For an answer a reason has to be chosen.</summary>
    protected override bool NeedsTick => Act == "emergency";

    /// <summary>The customer has said everything that was asked, and nothing that was sent now is to be corrected.</summary>
    private bool IsReceipt => View is { IsAnswered: true, Question: null } && !Errors.Any && Stopped is null;

    private IEnumerable<string> Seen =>
        View!.Computers.Select(c => T["Seen", Pc(c.OldPc), Moment(c.SeenAt), Day(c.ReleasedAt), Pc(c.NewPc)].Value);

    private IReadOnlyList<Choice> Explanations => [.. Wire.Select(w => new Choice(w.Word, Reasons[w.Explanation.ToString()]))];

    private IReadOnlyList<Choice> Computers =>
    [
        .. View!.Emergency!.Computers.Select(c => new Choice(
            c.Id.ToString(), Pc(c.PcName), T[c.LastSeen is null ? "ActivatedAt" : "SeenAt", Day(c.LastSeen ?? c.ActivatedAt)])),
    ];

    private IReadOnlyList<TimelineEntry> Messages =>
        [.. View!.Messages.Select(
            m => new TimelineEntry(m.At, m.Explanation is { } said ? Reasons[said.ToString()] : T["Question"],
                T[m.IsAnswer ? "FromYou" : "FromUs"], m.Text))];

    protected override async Task OpenAsync()
    {
        await LoadAsync();
        if (View is { State: not FlagState.Resolved, IsExpired: false } && Expired is { } typed)
        {
            (Explanation, Message, Activation) = (typed[nameof(Explanation)], typed[nameof(Message)], typed[nameof(Activation)]);
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }
    }

    protected override async Task ConfirmedAsync()
    {
        await LoadAsync();
        switch (View)
        {
            case null:
                return;
            case { State: FlagState.Resolved } or { IsExpired: true }:
                HttpContext.SeeOther(Navigation, $"/flag/{Link}");
                return;
        }

        var refused = Act == "emergency" ? await FetchAsync() : await AnswerAsync();
        if (!refused)
        {
            HttpContext.SeeOther(Navigation, $"/flag/{Link}{(Act == "emergency" ? "#emergency" : "")}");
        }
        else
        {
            HttpContext.Unprocessable();
        }
    }

    private async Task LoadAsync()
    {
        View = await Show.ExecuteAsync(Link, Time.GetUtcNow(), Aborted);
        if (View is null)
        {
            HttpContext.NotFoundHere();
        }
    }

    /// <returns>Whether something is to be corrected.</returns>
    private async Task<bool> AnswerAsync()
    {
        var chosen = Array.FindIndex(Wire, w => w.Word == Explanation);
        var text = string.IsNullOrWhiteSpace(Message) ? null : Message.Trim().ReplaceLineEndings("\n");
        if (chosen < 0)
        {
            Errors.Add(nameof(Explanation), T["ChooseReason"]);
        }
        else if (text is null && Wire[chosen].Explanation == FlagExplanation.Other)
        {
            Errors.Add(nameof(Message), T["EnterMessage"]);
        }

        if (text is { Length: > FlagMessage.Longest })
        {
            Errors.Add(nameof(Message), Words["TooManyCharacters", text.Length, FlagMessage.Longest]);
        }

        if (Errors.Any)
        {
            return true;
        }

        if (await Reply.ExecuteAsync(Link, Wire[chosen].Explanation, text, Caller.From(HttpContext), Time.GetUtcNow(), Aborted)
            is { Succeeded: false, Refused.Refusal: Refusal.TooManyTries })
        {
            Stopped = T["TooManyAnswers", Vendor.Value.PhoneText()];
            return true;
        }

        return false;
    }

    /// <returns>Whether something is to be corrected.</returns>
    private async Task<bool> FetchAsync()
    {
        Guid? computer = Guid.TryParse(Activation, out var id) ? id : null;
        if (await Fetch.ExecuteAsync(Link, computer, Caller.From(HttpContext), Time.GetUtcNow(), Aborted)
            is { Succeeded: false, Refused.Refusal: Refusal.ChooseComputer })
        {
            Errors.Add(nameof(Activation), T["ChooseComputer"]);
            return true;
        }

        // Whatever else stands in the way, the page says it.
        return false;
    }

    /// <summary>As the mail that the link came with names it: who has the mail knows the computer.</summary>
    private string Pc(string? name) => UntrustedText.Name(name) is { } named ? T["NamedPc", named] : T["UnnamedPc"];

    private string Moment(DateTimeOffset at) => Times.DateAndTime(at, CultureInfo.CurrentUICulture);

    private string Day(DateTimeOffset at) => Times.Date(at, CultureInfo.CurrentUICulture);
}
