using SelfHelpPortal.Features.Backoffice.Kit;
using SelfHelpPortal.Shared.Licenses;

namespace SelfHelpPortal.Features.Backoffice.Licenses;

/// <summary>The vendor's shop stops a license, as staff do: the owner is told by mail.</summary>
internal sealed class SuspendByToken(LicenseTokenActs acts, LicenseSuspension suspension)
{
    public Task<BackofficeAnswer<LicenseReply>> ExecuteAsync(
        TokenCaller caller, Once once, string number, string reason, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(SuspendByToken), caller, once, number, reason,
            async (act, license) =>
                await suspension.SuspendAsync(act.Db, license, act.By, reason, Guid.CreateVersion7(now), now, cancellationToken)
                    ? null
                    : BackofficeRefusal.Conflict,
            now, cancellationToken);
}

/// <summary>Ends a suspension, whoever began it. A license whose lock is still open is locked again, not active.</summary>
internal sealed class ResumeByToken(LicenseTokenActs acts)
{
    public Task<BackofficeAnswer<LicenseReply>> ExecuteAsync(
        TokenCaller caller, Once once, string number, string reason, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(ResumeByToken), caller, once, number, reason,
            async (act, license) =>
                await LicenseSuspension.ResumeAsync(act.Db, license, act.By, reason, now, cancellationToken)
                    ? null
                    : BackofficeRefusal.Conflict,
            now, cancellationToken);
}
