using SelfHelpPortal.Data;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>Which version of which setting somebody changes.</summary>
/// <param name="BasedOn">The version that was shown; 0 when there was none.</param>
internal sealed record SettingTarget(SettingKind Kind, string Key, int BasedOn);

/// <summary>
/// Acts of administrators on a setting, in the order of <see cref="StaffActs"/>. The setting is held until the commit, and whoever was
/// shown another version than the last is refused with <see cref="StaffRefusal.SettingChanged"/>.
/// </summary>
internal sealed class SettingActs(AdministrationActs acts)
{
    /// <param name="useCase">Whose <see cref="StaffUseCaseAttribute"/> counts.</param>
    /// <param name="command">Made when the form was first shown: however often it is sent, the act happens once.</param>
    /// <param name="content">What is asked for, so that a repetition with another content is noticed.</param>
    /// <param name="decide">Decides and changes the rows in use and their version. It does not commit.</param>
    public Task<StaffResult> RunAsync(
        Type useCase, StaffActor actor, Guid command, SettingTarget target, object content,
        Func<PortalDbContext, Task<StaffResult>> decide, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            useCase,
            actor,
            command,
            actor.Id,
            SettingHistory.Write(new { target.Kind, target.Key, target.BasedOn, content }),
            async db => await SettingHistory.HoldAsync(db, target.Kind, target.Key, target.BasedOn, cancellationToken)
                ? await decide(db)
                : StaffRefusal.SettingChanged,
            now,
            cancellationToken);
}
