using System.Text.Json;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.People;

public sealed partial class PeoplePage
{
    [Inject]
    private ShowStaff Show { get; set; } = default!;

    [Inject]
    private PeoplePageActs Acts { get; set; } = default!;

    private StaffList? View { get; set; }

    private Confirmed SendAgain => new(nameof(SendInvitation), "invitation-sent", Acts.InviteAgain.ExecuteAsync, IsDangerous: false);

    private Confirmed Disable => new(nameof(DisableStaff), "account-disabled", Acts.Disable.ExecuteAsync, IsDangerous: true);

    private Confirmed Enable => new(nameof(EnableStaff), "account-enabled", Acts.Enable.ExecuteAsync, IsDangerous: false);

    protected override Task OnInitializedAsync() => LoadAsync();

    private protected override async Task LoadAsync() => View = Take(await Show.ExecuteAsync(Actor, Now, Aborted));

    private Task InviteAsync(Invitee? typed = null)
    {
        var command = Guid.CreateVersion7();
        return DoAsync(OpenAsync<InviteDialog>(nameof(InviteStaff), "invited", "", new()
        {
            [nameof(InviteDialog.Typed)] = typed,
            [nameof(InviteDialog.Act)] = (Invitee invitee) => WithFactorAsync(
                nameof(InviteStaff), target: null, reason: "", Acts.Invite.ExecuteAsync(Actor, command, invitee, Now, ToTheEnd),
                JsonSerializer.Serialize(invitee)),
        }));
    }

    private Task ChangeRoleAsync(StaffPerson person, string? typed = null)
    {
        var command = Guid.CreateVersion7();
        return DoAsync(OpenAsync<RoleDialog>(nameof(ChangeStaffRole), "role-changed", person.Name, new()
        {
            [nameof(RoleDialog.About)] = person.Name,
            [nameof(RoleDialog.Role)] = typed ?? person.Roles[0],
            [nameof(RoleDialog.Act)] = (string role) => WithFactorAsync(
                nameof(ChangeStaffRole), person.Id, reason: "",
                Acts.ChangeRole.ExecuteAsync(Actor, command, person.Id, role, Now, ToTheEnd), JsonSerializer.Serialize(role)),
        }));
    }

    private Task ConfirmAsync(Confirmed confirmed, StaffPerson person)
    {
        var command = Guid.CreateVersion7();
        return DoAsync(OpenAsync<ConfirmDialog>(confirmed.Name, confirmed.Outcome, person.Name, new()
        {
            [nameof(ConfirmDialog.Name)] = confirmed.Name,
            [nameof(ConfirmDialog.About)] = person.Name,
            [nameof(ConfirmDialog.IsDangerous)] = confirmed.IsDangerous,
            [nameof(ConfirmDialog.Act)] = () => WithFactorAsync(
                confirmed.Name, person.Id, reason: "", confirmed.Act(Actor, command, person.Id, Now, ToTheEnd)),
        }));
    }

    private Task RequestResetAsync(StaffPerson person, string reason = "") => DoAsync(AskAsync(
        nameof(RequestReset), "reset-requested", person.Name,
        (act, _) => Acts.RequestReset.ExecuteAsync(act, person.Id, Now, ToTheEnd), isDangerous: true, suggested: reason,
        target: person.Id));

    private Task ApproveAsync(WantedReset wanted, string reason = "") => DoAsync(AskAsync(
        nameof(ApproveReset), "reset", wanted.PersonName,
        (act, _) => Acts.ApproveReset.ExecuteAsync(act, wanted.Person, wanted.Id, Now, ToTheEnd), isDangerous: true, suggested: reason,
        target: wanted.Id));

    private Task DeclineAsync(WantedReset wanted, string reason = "") => DoAsync(AskAsync(
        DeclineName(wanted), "reset-declined", wanted.PersonName,
        (act, _) => Acts.DeclineReset.ExecuteAsync(act, wanted.Person, wanted.Id, Now, ToTheEnd), suggested: reason,
        target: wanted.Id));

    private bool IsMe(StaffPerson person) => person.Id == Actor.Id;

    private bool IsOwn(WantedReset wanted) => wanted.RequestedBy == Actor.Id;

    private string DeclineName(WantedReset wanted) => IsOwn(wanted) ? "WithdrawReset" : nameof(DeclineReset);

    private protected override bool IsLoaded => View is not null;

    private protected override Task ReopenAsync(StaffDraft draft)
    {
        var person = View!.People.FirstOrDefault(l => l.Person.Id == draft.Target)?.Person;
        var wanted = View.Resets.FirstOrDefault(r => r.Id == draft.Target);
        return (draft.Act, person, wanted) switch
        {
            (nameof(InviteStaff), _, _) when draft.Form is { } form => InviteAsync(JsonSerializer.Deserialize<Invitee>(form)),
            (nameof(ChangeStaffRole), { } known, _) when draft.Form is { } form =>
                ChangeRoleAsync(known, JsonSerializer.Deserialize<string>(form)),
            (nameof(SendInvitation), { } known, _) => ConfirmAsync(SendAgain, known),
            (nameof(DisableStaff), { } known, _) => ConfirmAsync(Disable, known),
            (nameof(EnableStaff), { } known, _) => ConfirmAsync(Enable, known),
            (nameof(RequestReset), { } known, _) => RequestResetAsync(known, draft.Reason),
            (nameof(ApproveReset), _, { } asked) => ApproveAsync(asked, draft.Reason),
            (nameof(DeclineReset) or "WithdrawReset", _, { } asked) => DeclineAsync(asked, draft.Reason),
            _ => Task.CompletedTask,
        };
    }

    /// <summary>An act on an account that asks for nothing but a second click.</summary>
    private sealed record Confirmed(
        string Name, string Outcome, Func<StaffActor, Guid, Guid, DateTimeOffset, CancellationToken, Task<StaffResult>> Act,
        bool IsDangerous);
}
