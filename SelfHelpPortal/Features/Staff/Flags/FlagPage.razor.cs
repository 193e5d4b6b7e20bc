using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;

namespace SelfHelpPortal.Features.Staff.Flags;

public sealed partial class FlagPage
{
    [Inject]
    private ShowFlag Show { get; set; } = default!;

    [Inject]
    private UnlockLicense Unlock { get; set; } = default!;

    [Inject]
    private AskAboutFlag Ask { get; set; } = default!;

    [Parameter]
    public string Number { get; set; } = "";

    private FlagView? View { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        Result = null;
        await LoadAsync();
    }

    private protected override async Task LoadAsync() => View = Take(await Show.ExecuteAsync(Actor, Number, Now, Aborted));

    private Task UnlockAsync()
    {
        var name = ActName(View!);
        var about = name == "ResolveObjection" ? Number : string.Join(", ", View!.Computers.Select(c => Texts.Pc(c.PcName)));
        var outcome = name == "UnlockLicense" ? "unlocked" : "resolved";
        return DoAsync(AskAsync(name, outcome, about, (act, _) => Unlock.ExecuteAsync(act, Number, Now, ToTheEnd)));
    }

    private Task AskAsync() => DoAsync(AskAsync(
        "AskAboutFlag", "asked", View!.CustomerMail, (act, _) => Ask.ExecuteAsync(act, Number, Now, ToTheEnd), reasonWord: "Question"));

    /// <summary>The same act has another meaning where nothing is locked.</summary>
    private static string ActName(FlagView flag) =>
        flag.Kind == FlagKind.Objection ? "ResolveObjection"
        : flag.LicenseState == LicenseState.Locked ? "UnlockLicense"
        : "ResolveSighting";

    private IEnumerable<string> Sentences(FlagView flag)
    {
        if (flag.Kind == FlagKind.Objection)
        {
            yield return T["ObjectionSentence", flag.LicenseNumber, Texts.DateAndTime(flag.OpenedAt)];
        }

        foreach (var seen in flag.Computers)
        {
            yield return T[
                "SightingSentence",
                Texts.Pc(seen.PcName),
                Texts.DateAndTime(seen.LastSeenAt),
                flag.LicenseNumber,
                seen.ReleasedAt is { } released ? Texts.DateAndTime(released) : "–",
                seen.TakenSince is { } since ? Texts.DateAndTime(since) : "–",
                Texts.Pc(seen.TakenBy)];
        }
    }
}
