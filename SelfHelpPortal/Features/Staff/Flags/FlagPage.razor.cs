using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;

namespace SelfHelpPortal.Features.Staff.Flags;

public sealed partial class FlagPage
{
    private readonly HashSet<string> _left = [];
    private IReadOnlyList<IncidentCase> _ends = [];

    [Inject]
    private ShowFlag Show { get; set; } = default!;

    [Inject]
    private FlagPageActs Acts { get; set; } = default!;

    [Inject]
    private IStringLocalizer<FlagStrings> F { get; set; } = default!;

    /// <summary>The policies in the words that customers read.</summary>
    [Inject]
    private IStringLocalizer<SettingStrings> S { get; set; } = default!;

    [Parameter]
    public string Number { get; set; } = "";

    private FlagView? View { get; set; }

    private protected override bool IsLoaded => View is not null;

    /// <summary>The related cases that nobody has taken out.</summary>
    private IReadOnlyList<RelatedCase> Chosen => [.. View!.Related.Where(c => !_left.Contains(c.Number))];

    private string Old => Texts.Pc(View!.Computers.Select(c => c.PcName).FirstOrDefault());

    private string Taker => Texts.Pc(View!.Computers.Select(c => c.TakenBy).FirstOrDefault());

    protected override async Task OnParametersSetAsync()
    {
        Result = null;
        _ends = [];
        _left.Clear();
        await LoadAsync();
    }

    private protected override async Task LoadAsync() => View = Take(await Show.ExecuteAsync(Actor, Number, Now, Aborted));

    private protected override HistoryEntry? LatestChange => Latest(View?.History);

    private protected override Task ReopenAsync(StaffDraft draft) => draft.Act switch
    {
        "UnlockLicense" or "ResolveSighting" => UnlockAsync(draft),
        "RequestIncident" => RequestIncidentAsync(draft),
        "ApproveIncident" when View!.Incident is { } incident => ApproveAsync(incident, draft.Reason),
        _ => Task.CompletedTask,
    };

    private Task UnlockAsync() => UnlockAsync(draft: null);

    private async Task UnlockAsync(StaffDraft? draft)
    {
        var name = ActName(View!);
        if (name == "ResolveObjection")
        {
            await DoAsync(AskAsync(
                name, "resolved", Number, (act, _) => Acts.Unlock.ExecuteAsync(act, Number, new FlagResolution(), Now, ToTheEnd)));
            return;
        }

        var about = string.Join(", ", View!.Computers.Select(c => Texts.Pc(c.PcName)));
        var command = Guid.CreateVersion7();
        var certain = View.Verdict is { IsCertain: true, Cause: { } cause } ? new FlagResolution(cause) : null;
        var kept = await BegunAsync(name);
        await DoAsync(OpenAsync<UnlockDialog>(name, name == "UnlockLicense" ? "unlocked" : "resolved", about, new()
        {
            [nameof(UnlockDialog.Name)] = name,
            [nameof(UnlockDialog.About)] = about,
            [nameof(UnlockDialog.Suggested)] = draft?.Reason,
            [nameof(UnlockDialog.Kept)] = kept,
            [nameof(UnlockDialog.Chosen)] = Read(draft) ?? certain,
            [nameof(UnlockDialog.OldComputer)] = View.Computers.Select(c => (Guid?)c.Id).FirstOrDefault(),
            [nameof(UnlockDialog.Active)] = View.Active,
            [nameof(UnlockDialog.Act)] = (FlagResolution chosen, string reason) =>
            {
                var act = new StaffAct(command, Actor, reason);
                var done = chosen.Prevention == FlagPrevention.Exclude
                    ? Acts.UnlockAndExclude.ExecuteAsync(act, Number, chosen, Now, ToTheEnd)
                    : Acts.Unlock.ExecuteAsync(act, Number, chosen, Now, ToTheEnd);
                return WithFactorAsync(name, null, reason, done, JsonSerializer.Serialize(chosen));
            },
        }, kept));
    }

    private Task NoteAsync() => NoteAsync(new NotedCase(NotedKind.License, View!.LicenseId, Number), Number);

    private Task AskAsync() => DoAsync(AskAsync(
        "AskAboutFlag", "asked", View!.CustomerMail, (act, _) => Acts.Ask.ExecuteAsync(act, Number, Now, ToTheEnd),
        reasonWord: "Question"));

    private Task ReopenCaseAsync() => DoAsync(AskAsync(
        "ReopenCase", "reopened", Number, (act, _) => Acts.Reopen.ExecuteAsync(act, Number, Now, ToTheEnd)));

    private async Task RequestIncidentAsync(StaffDraft? draft = null)
    {
        var cases = Chosen;
        if (cases.Count == 0)
        {
            return;
        }

        string[] numbers = [Number, .. cases.Select(c => c.Number)];
        var command = Guid.CreateVersion7();
        var kept = await BegunAsync("RequestIncident");
        await DoAsync(OpenAsync<IncidentDialog>("RequestIncident", "incident-requested", string.Join(", ", numbers), new()
        {
            [nameof(IncidentDialog.Cases)] = cases.Prepend(new RelatedCase(
                Number, View!.LicenseNumber, View.LicenseState == LicenseState.Locked, View.Customer, View.CustomerMail,
                IsSameCustomer: true, View.OpenedAt)).ToList(),
            [nameof(IncidentDialog.Suggested)] = draft?.Reason,
            [nameof(IncidentDialog.Kept)] = kept,
            [nameof(IncidentDialog.Chosen)] = Read(draft)?.Cause,
            [nameof(IncidentDialog.Act)] = (FlagCause? cause, string reason) => WithFactorAsync(
                "RequestIncident", null, reason,
                Acts.RequestIncident.ExecuteAsync(new StaffAct(command, Actor, reason), numbers, cause, Now, ToTheEnd),
                JsonSerializer.Serialize(new FlagResolution(cause))),
        }, kept));
    }

    private Task ApproveAsync(WantedIncident incident, string suggested = "") => DoAsync(AskAsync(
        "ApproveIncident",
        "incident-approved",
        string.Join(", ", incident.Open),
        async (act, _) =>
        {
            var outcome = await Acts.ApproveIncident.ExecuteAsync(act, incident.Id, Now, ToTheEnd);
            _ends = outcome.Cases;
            return outcome.Result;
        },
        suggested: suggested));

    private Task DeclineAsync(WantedIncident incident) => DoAsync(AskAsync(
        DeclineName(incident), "incident-declined", string.Join(", ", incident.Open),
        (act, _) => Acts.DeclineIncident.ExecuteAsync(act, incident.Id, Now, ToTheEnd)));

    private string DeclineName(WantedIncident incident) =>
        incident.RequestedBy == Actor.Id ? "WithdrawIncident" : "DeclineIncident";

    private void Toggle(string number)
    {
        if (!_left.Remove(number))
        {
            _left.Add(number);
        }
    }

    private static FlagResolution? Read(StaffDraft? draft) =>
        draft?.Form is { } form ? JsonSerializer.Deserialize<FlagResolution>(form) : null;

    /// <summary>The same act has another meaning where nothing is locked.</summary>
    private static string ActName(FlagView flag) =>
        flag.Kind == FlagKind.Objection ? "ResolveObjection"
        : flag.LicenseState == LicenseState.Locked ? "UnlockLicense"
        : "ResolveSighting";

    private string Headline(FlagVerdict verdict) =>
        verdict.Cause is { } cause ? F[$"Verdict.{cause}{(verdict.IsCertain ? ".Certain" : "")}", Old, Taker] : F["Verdict.None"];

    private string Sentence(FlagFact fact)
    {
        var seen = View!.Computers[0];
        return F[
            "Fact." + fact,
            Old,
            Taker,
            seen.ReleasedBy is { } method ? Texts.Method(method) : "–",
            seen.ReleasedAt is { } at ? Texts.DateAndTime(at) : "–",
            Texts.DateAndTime(seen.FirstSeenAt),
            Texts.DateAndTime(seen.LastSeenAt),
            seen.TimesSeen,
            PartsOf(seen.Evidence.EqualParts),
            string.Join(", ", seen.Silent.Select(Texts.Pc))];
    }

    private string PartsOf(IReadOnlyList<string>? parts) =>
        parts is null ? F["Unknown"] : parts.Count == 0 ? F["None"] : string.Join(", ", parts.Select(part => F["Part." + part].Value));

    private string NetworkOf(SeenComputer seen) =>
        F[seen.Evidence.SameNetwork switch { true => "Network.Same", false => "Network.Other", null => "Unknown" }];

    private static string VersionOf(string? version) => version is null ? "" : $" ({version})";

    private static string Digits(string phone) => string.Concat(phone.Where(c => char.IsAsciiDigit(c) || c == '+'));

    private string EndOf(EarlierCase earlier)
    {
        var end = earlier.ResolvedAt is { } at ? F["EndedAt", Texts.Date(at)].Value : F["StillOpen"].Value;
        return string.Join(" · ", new[] { end, earlier.Cause is { } cause ? F["Cause." + cause].Value : null, earlier.Text }
            .Where(part => !string.IsNullOrEmpty(part)));
    }

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
