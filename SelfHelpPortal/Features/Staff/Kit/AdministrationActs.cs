using SelfHelpPortal.Data;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>
/// Acts for which nobody is asked why, in the order of <see cref="StaffActs"/>: those of administrators on what has no history of its own,
/// and the everyday ones on customers. The audit log says what was done; refusals are told in the history of the account.
/// </summary>
internal sealed class AdministrationActs(StaffActs acts)
{
    private const string Reason = "Setup";

    /// <param name="useCase">Whose <see cref="StaffUseCaseAttribute"/> counts.</param>
    /// <param name="command">Made when the dialog was opened: however often it is sent, the act happens once.</param>
    /// <param name="subject">What is changed; the account for something new.</param>
    /// <param name="content">What is asked for besides, so that a repetition with another content is noticed.</param>
    /// <param name="decide">Decides and changes the rows. It does not commit.</param>
    public Task<StaffResult> RunAsync(
        Type useCase, StaffActor actor, Guid command, Guid subject, string content, Func<PortalDbContext, Task<StaffResult>> decide,
        DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            useCase, new StaffAct(command, actor, Reason), new StaffSubject(subject, _ => Task.FromResult(false)), content, decide, now,
            cancellationToken);
}
