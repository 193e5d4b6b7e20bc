using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.People;

/// <summary>Acts of administrators on staff accounts, one after the other, in the order of <see cref="StaffActs"/>.</summary>
internal sealed class StaffAccountActs(StaffActs acts)
{
    /// <summary>The audit log says what was done; only a reset asks why.</summary>
    private const string Reason = "Staff accounts";

    /// <param name="useCase">Whose <see cref="StaffUseCaseAttribute"/> counts.</param>
    /// <param name="command">Made when the dialog was opened: however often it is sent, the act happens once.</param>
    /// <param name="person">Whose account it is.</param>
    /// <param name="content">What is asked for besides the person, so that a repetition with another content is noticed.</param>
    public Task<StaffResult> RunAsync(
        Type useCase, StaffActor actor, Guid command, Guid person, string content,
        Func<PortalDbContext, Task<StaffAccountRefusal?>> decide, DateTimeOffset now, CancellationToken cancellationToken) =>
        RunAsync(
            useCase, new StaffAct(command, actor, Reason), person, content, async db => ResultOf(await decide(db)), now, cancellationToken);

    /// <summary>The same with a reason that somebody typed.</summary>
    public Task<StaffResult> RunAsync(
        Type useCase, StaffAct act, Guid person, string content, Func<PortalDbContext, Task<StaffResult>> decide, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        acts.RunAsync(
            useCase,
            act,
            // Refusals are told in the history of whoever was refused.
            new StaffSubject(person, _ => Task.FromResult(false)) { HoldFirst = db => StaffAccounts.HoldAsync(db, cancellationToken) },
            content,
            decide,
            now,
            cancellationToken);

    public static StaffResult ResultOf(StaffAccountRefusal? refused) => refused is { } refusal ? RefusalFor(refusal) : StaffResult.Done;

    private static StaffRefusal RefusalFor(StaffAccountRefusal refusal) => refusal switch
    {
        StaffAccountRefusal.Address => StaffRefusal.AccountAddress,
        StaffAccountRefusal.Name => StaffRefusal.AccountName,
        StaffAccountRefusal.AddressTaken => StaffRefusal.AddressTaken,
        StaffAccountRefusal.Role or StaffAccountRefusal.NotStaff => StaffRefusal.NotFound,
        StaffAccountRefusal.OwnAccount => StaffRefusal.OwnAccount,
        StaffAccountRefusal.LastAdministrator => StaffRefusal.LastAdministrator,
        StaffAccountRefusal.NeedsNoLink => StaffRefusal.Conflict,
    };
}
