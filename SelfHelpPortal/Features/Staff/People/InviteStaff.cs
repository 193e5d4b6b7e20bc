using System.Text.Json;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.People;

/// <summary>Who is invited, as somebody typed it.</summary>
public sealed record Invitee(string Name, string Email, string Role);

/// <summary>Makes a staff account and mails its one-time link to the owner; nobody else gets to see it.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class InviteStaff(StaffAccountActs acts, StaffAccounts accounts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, Invitee invitee, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(InviteStaff), actor, command, person: actor.Id, JsonSerializer.Serialize(invitee), db => accounts.InviteAsync(
                db, new NewStaffAccount(invitee.Email, invitee.Name, invitee.Role), actor.Id, now, cancellationToken),
            now, cancellationToken);
}

/// <summary>Mails another link to whoever has not finished the set-up. The one before it ends.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class SendInvitation(StaffAccountActs acts, StaffAccounts accounts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, Guid person, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(SendInvitation), actor, command, person, content: "",
            db => accounts.InviteAgainAsync(db, person, actor.Id, now, cancellationToken), now, cancellationToken);
}
