using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Features.Staff.Licenses;

/// <summary>Acts of staff on one license, in the order of <see cref="StaffActs"/>.</summary>
internal sealed class LicenseActs(StaffActs acts)
{
    /// <summary>
    /// What one use case adds: the decision on the locked license, with its event and mail. It neither saves nor commits.
    /// </summary>
    public delegate Task<StaffResult> Decision(PortalDbContext db, License license);

    /// <param name="useCase">Whose <see cref="Shared.Access.StaffUseCaseAttribute"/> counts.</param>
    /// <param name="content">What is asked for besides the license, so that a repetition with another content is noticed.</param>
    public Task<StaffResult> RunAsync(
        Type useCase, StaffAct act, Guid licenseId, string content, Decision decide, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        acts.RunAsync(
            useCase,
            act,
            new(licenseId, async db => await db.LockLicenseAsync(licenseId, cancellationToken) is not null),
            content,
            async db => await db.LockLicenseAsync(licenseId, cancellationToken) is { } license
                ? await decide(db, license)
                : StaffRefusal.NotFound,
            now,
            cancellationToken);
}
