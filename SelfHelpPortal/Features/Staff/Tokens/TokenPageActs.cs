using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Tokens;

/// <summary>Acts of administrators on tokens, in the order of <see cref="StaffActs"/>.</summary>
internal sealed class TokenPageActs(StaffActs acts)
{
    /// <summary>The audit log says what was done; nobody is asked why.</summary>
    private const string Reason = "Tokens";

    /// <param name="useCase">Whose <see cref="StaffUseCaseAttribute"/> counts.</param>
    /// <param name="command">Made when the dialog was opened: however often it is sent, the act happens once.</param>
    /// <param name="subject">The token; the account for a new one.</param>
    /// <param name="content">What is asked for besides, so that a repetition with another content is noticed.</param>
    public Task<StaffResult> RunAsync(
        Type useCase, StaffActor actor, Guid command, Guid subject, string content, Func<PortalDbContext, Task<StaffResult>> decide,
        DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            useCase,
            new StaffAct(command, actor, Reason),
            // A token has no history of refusals: those are told in the one of the account.
            new StaffSubject(subject, _ => Task.FromResult(false)),
            content,
            decide,
            now,
            cancellationToken);
}
