using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Customer.ReleaseLicense;

/// <summary>Shows what a release would do and asks; afterwards, under the same address, shows what it did.</summary>
public sealed partial class Confirm
{
    private const int ReasonLimit = 1000;

    [Inject]
    private ShowRelease Show { get; set; } = default!;

    [Inject]
    private ReleaseLicense Act { get; set; } = default!;

    [Parameter]
    public required string Token { get; set; }

    [SupplyParameterFromForm]
    private string? Activation { get; set; }

    [SupplyParameterFromForm]
    private string? VerificationCode { get; set; }

    [SupplyParameterFromForm]
    private string? Reason { get; set; }

    [SupplyParameterFromForm]
    private string[]? GoesOn { get; set; }

    private IReadOnlyList<CodeGroup> Groups { get; set; } = [];

    private ReleaseView? View { get; set; }

    /// <summary>The activation that waits for this release: its page is where the result leads back to.</summary>
    [SupplyParameterFromQuery(Name = OpenRelease.ThenActivate)]
    private string? ThenActivate { get; set; }

    private string Here => OpenRelease.PathOf(Token, ThenActivate);

    /// <summary>These come with the question again; every other outcome is a page of its own.</summary>
    private bool Asks => View?.Outcome is ReleaseOutcome.Confirm or ReleaseOutcome.TypingError or ReleaseOutcome.WrongCode
        or ReleaseOutcome.TooManyTries;

    private bool CodeIsOpen =>
        !string.IsNullOrWhiteSpace(VerificationCode) || View?.Policy?.DeadPc is DeadPcRule.PaidTransfer or DeadPcRule.StaffOnly;

    private IReadOnlyList<Choice> Choices =>
    [
        .. View!.Computers.Zip(PcNames.MaskedApart([.. View.Computers.Select(c => c.Name)]), (c, name) =>
            new Choice(c.Id.ToString(), name, T[c.LastSeen is null ? "ActivatedAt" : "SeenAt", Day(c.LastSeen ?? c.ActivatedAt)])),
    ];

    protected override async Task OpenAsync()
    {
        View = await Show.ExecuteAsync(Token, Time.GetUtcNow(), Aborted);
        if (View is null)
        {
            HttpContext.NotFoundHere();
        }
        else if (Asks && Expired is { } typed)
        {
            (Activation, VerificationCode, Reason) = (typed[nameof(Activation)], typed[nameof(VerificationCode)], typed[nameof(Reason)]);
            GoesOn = [.. typed[nameof(GoesOn)].OfType<string>()];
            Stopped = Words["FormExpired"];
            HttpContext.Unprocessable();
        }
    }

    protected override async Task ActAsync()
    {
        var now = Time.GetUtcNow();
        View = await Show.ExecuteAsync(Token, now, Aborted);
        if (View is not null && !Asks)
        {
            HttpContext.SeeOther(Navigation, Here);
            return;
        }

        if (!Read(out var choice))
        {
            return;
        }

        View = await Act.ExecuteAsync(Token, choice, Caller.From(HttpContext), now, Aborted);
        switch (View?.Outcome)
        {
            case null:
                HttpContext.NotFoundHere();
                break;
            case ReleaseOutcome.Confirm or ReleaseOutcome.NotFound:
                Refuse(ReleaseOutcome.TypingError, nameof(Activation), T["ChooseComputer"]);
                break;
            case ReleaseOutcome.WrongCode:
                Refuse(ReleaseOutcome.WrongCode, nameof(VerificationCode), T["WrongCode"]);
                break;
            case ReleaseOutcome.TooManyTries:
                Stopped = Words["TooManyTries", Times.DayAndTime(View.NextAllowedAt ?? now), Vendor.Value.PhoneText()];
                HttpContext.TooManyTries(View.NextAllowedAt, now);
                break;
            case ReleaseOutcome.Released or ReleaseOutcome.AlreadyReleased or ReleaseOutcome.MailSent:
                HttpContext.SeeOther(Navigation, Here);
                break;
        }
    }

    /// <summary>Reads the form; false when something in it cannot be taken.</summary>
    private bool Read(out ReleaseChoice choice)
    {
        VerificationCode? code = null;
        if (!string.IsNullOrWhiteSpace(VerificationCode)
            && !Licensing.Codes.VerificationCode.TryParse(VerificationCode, out code, out var problem))
        {
            Groups = CodeGroup.Split(VerificationCode, CodeKind.VerificationCode, problem);
            Refuse(ReleaseOutcome.TypingError, nameof(VerificationCode), Codes.For(CodeKind.VerificationCode, VerificationCode, problem));
        }

        if (Reason is { Length: > ReasonLimit })
        {
            Refuse(ReleaseOutcome.TypingError, nameof(Reason), Words["TooManyCharacters", Reason.Length, ReasonLimit]);
        }

        var reason = string.IsNullOrWhiteSpace(Reason) ? null : Reason.Trim();
        choice = new ReleaseChoice(Guid.TryParse(Activation, out var activation) ? activation : null, code, reason, GoesOn is ["yes"]);
        return !Errors.Any;
    }

    private void Refuse(ReleaseOutcome outcome, string field, string words)
    {
        View = View! with { Outcome = outcome };
        Refuse(field, words);
    }

    /// <summary>What the product asks of whoever has no code, before the button is pressed.</summary>
    private string? Rule => View!.Policy!.DeadPc switch
    {
        DeadPcRule.Immediate => null,
        DeadPcRule.PaidTransfer when View.TransferFee is { } fee => T["Rule.Fee", Amount(fee.Net), Amount(fee.Gross)].Value,
        var rule => T["Rule." + rule].Value,
    };

    private static string Amount(Money money) => Amounts.Text(money, CultureInfo.CurrentUICulture);

    private string Day(DateTimeOffset at) => Times.Date(at, CultureInfo.CurrentUICulture);
}
