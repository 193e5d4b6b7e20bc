using System.Globalization;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Licenses;

public sealed partial class LicensePage
{
    [Inject]
    private ShowLicense Show { get; set; } = default!;

    [Inject]
    private LicensePageActs Acts { get; set; } = default!;

    [Inject]
    private LocalTimes Times { get; set; } = default!;

    [Parameter]
    public string Number { get; set; } = "";

    private LicenseView? View { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        Result = null;
        await LoadAsync();
    }

    private protected override HistoryEntry? LatestChange => Latest(View?.History);

    private Task NoteAsync() => NoteAsync(new NotedCase(NotedKind.License, View!.Id), Number);

    private protected override async Task LoadAsync() => View = Take(await Show.ExecuteAsync(Actor, Number, Now, Aborted));

    private Task SuspendAsync() =>
        DoAsync(AskAsync("SuspendLicense", "suspended", Number,
            (act, _) => Acts.Suspend.ExecuteAsync(act, View!.Id, Now, ToTheEnd)));

    private Task ResumeAsync() =>
        DoAsync(AskAsync("ReinstateLicense", "resumed", Number,
            (act, _) => Acts.Resume.ExecuteAsync(act, View!.Id, Now, ToTheEnd)));

    private Task RevokeAsync(string reason = "") => DoAsync(AskAsync(
        "RevokeLicense", "revoked", Number, (act, _) =>
            Acts.Revoke.ExecuteAsync(act, View!.Id, Now, ToTheEnd), isDangerous: true, suggested: reason));

    private Task GrantAsync() => DoAsync(AskAsync(
        "GrantRelease", "granted", Number, (act, until) =>
            Acts.Grant.ExecuteAsync(act, View!.Id, until!.Value, Now, ToTheEnd), needsUntil: true));

    private Task AllowFewPartsAsync() => DoAsync(AskAsync(
        "AllowFewParts", "few-parts-allowed", Number, (act, _) =>
            Acts.AllowFewParts.ExecuteAsync(act, View!.Id, Now, ToTheEnd)));

    private Task GrantLoanAsync(WantedLoan loan) => DoAsync(AskAsync(
        "GrantLoan", "lent", Number, (act, _) => Acts.GrantLoan.ExecuteAsync(act, View!.Id, loan.Id, Now, ToTheEnd)));

    private Task DeclineLoanAsync(WantedLoan loan) => DoAsync(AskAsync(
        "DeclineLoan", "loan-declined", Number, (act, _) => Acts.DeclineLoan.ExecuteAsync(act, View!.Id, loan.Id, Now, ToTheEnd)));

    private Task ReleaseAsync(LicenseComputer computer) => DoAsync(AskAsync(
        "ReleaseForCustomer", "released", Texts.Pc(computer.PcName), (act, _) =>
            Acts.Release.ExecuteAsync(act, View!.Id, computer.Id, Now, ToTheEnd)));

    private Task ExcludeAsync(LicenseComputer computer, string reason = "") => DoAsync(AskAsync(
        "RequestExclusion", "exclusion-requested", Texts.Pc(computer.PcName),
        (act, _) => Acts.RequestExclusion.ExecuteAsync(act, View!.Id, computer.Id, Now, ToTheEnd), isDangerous: true,
        suggested: reason, target: computer.Id));

    private Task ApproveAsync(WantedExclusion wanted, string reason = "") => DoAsync(AskAsync(
        "ApproveExclusion", "excluded", Texts.Pc(wanted.PcName),
        (act, _) => Acts.ApproveExclusion.ExecuteAsync(act, View!.Id, wanted.Id, Now, ToTheEnd), isDangerous: true,
        suggested: reason, target: wanted.Id));

    private Task DeclineAsync(WantedExclusion wanted) => DoAsync(AskAsync(
        IsOwn(wanted) ? "WithdrawExclusion" : "DeclineExclusion", "exclusion-declined", Texts.Pc(wanted.PcName),
        (act, _) => Acts.DeclineExclusion.ExecuteAsync(act, View!.Id, wanted.Id, Now, ToTheEnd)));

    private bool IsOwn(WantedExclusion wanted) => wanted.RequestedBy == Actor.Id;

    private bool IsWanted(LicenseComputer computer) => View!.Exclusions.Any(e => e.Computer == computer.Id);

    private protected override bool IsLoaded => View is not null;

    private protected override Task ReopenAsync(StaffDraft draft) => draft.Act switch
    {
        "RevokeLicense" => RevokeAsync(draft.Reason),
        "RequestExclusion" when View!.Computers.FirstOrDefault(c => c.Id == draft.Target) is { } computer =>
            ExcludeAsync(computer, draft.Reason),
        "ApproveExclusion" when View!.Exclusions.FirstOrDefault(e => e.Id == draft.Target) is { } wanted =>
            ApproveAsync(wanted, draft.Reason),
        _ => Task.CompletedTask,
    };

    private string Allowance(LicenseView license) => license.DeadPc switch
    {
        DeadPcRule.PaidTransfer => T["Allowance.PaidTransfer"],
        DeadPcRule.StaffOnly => T["Allowance.StaffOnly"],
        DeadPcRule.Immediate or DeadPcRule.ConfirmByMail => license.Allowance switch
        {
            { Left: null } => T["Allowance.Unlimited"],
            { IsUsedUp: true, NextAt: { } next } => T["Allowance.UsedUp", Times.Date(next, CultureInfo.CurrentUICulture)],
            { IsUsedUp: true } => T["Allowance.None"],
            { Left: var left } => T["Allowance.Left", left],
        },
    };
}
