using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Guessing;

namespace SelfHelpPortal.Features.Common;

/// <summary>What a computer sends to prove that it holds the release secret of its activation.</summary>
/// <param name="UnixSeconds">The computer's clock.</param>
/// <param name="Mac">Lower-case hex (codes.md, device proof).</param>
internal sealed record DeviceRequest(string Handle, int Generation, string Nonce, long UnixSeconds, string Mac);

/// <summary>An activation whose release secret the caller holds, with what a check-in is decided by.</summary>
internal sealed record ProvenActivation
{
    public required Guid ActivationId { get; init; }
    public required Guid LicenseId { get; init; }
    public required string ProductId { get; init; }
    public required ActivationState State { get; init; }
    public required HardwareCode HardwareCode { get; init; }
    public required bool IsSettled { get; init; }
    public required LicenseState LicenseState { get; init; }
    public required DateTimeOffset? ExpiresAt { get; init; }
    public required DateOnly? MaintenanceUntil { get; init; }
    public required DateTimeOffset? SeenAt { get; init; }
    public required byte[] SealedReleaseSecret { get; init; }
}

/// <summary>
/// Finds the activation of a device request, in one query. An unknown handle and a wrong proof are one answer, and both are budgeted.
/// </summary>
internal sealed class ProvenActivations(
    IDbContextFactory<PortalDbContext> contexts, ActivationSecretsMaker secrets, GuessBudget budget, RateLimits limits)
{
    private static readonly Func<PortalDbContext, string, int, Task<ProvenActivation?>> ByHandle =
        EF.CompileAsyncQuery((PortalDbContext db, string handle, int generation) =>
            (from a in db.Activations
             join l in db.Licenses on a.LicenseId equals l.Id
             join s in db.ActivationsSeen on a.Id equals s.ActivationId into seen
             from s in seen.DefaultIfEmpty()
             where a.Handle == handle && a.Generation == generation
             select new ProvenActivation
             {
                 ActivationId = a.Id,
                 LicenseId = l.Id,
                 ProductId = l.ProductId,
                 State = a.State,
                 HardwareCode = a.HardwareCode,
                 IsSettled = a.SettledAt != null,
                 LicenseState = l.State,
                 ExpiresAt = l.ExpiresAt,
                 MaintenanceUntil = l.MaintenanceUntil,
                 SeenAt = (DateTimeOffset?)s.SeenAt,
                 SealedReleaseSecret = a.SealedReleaseSecret,
             }).SingleOrDefault());

    public async Task<Outcome<ProvenActivation>> FindAsync(
        DeviceRequest request, string purpose, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (DeviceProof.IsClockOff(request.UnixSeconds, now))
        {
            return Refusal.ClockSkew;
        }

        // Right proofs go through without touching the budget; only who was wrong is counted, and refused once there is too much of it.
        if (await ProveAsync(request, purpose) is { } proven)
        {
            var wait = limits.Request(caller.Address, now) ?? (purpose == DeviceProof.Check ? limits.CheckIn(proven.ActivationId, now) : null);
            return wait is null ? proven : new RefusalDetail(Refusal.TooManyTries, now + wait);
        }

        var counted = await budget.TryAsync<ProvenActivation>(GuessSubjects.ForDevice(caller.Address), () => Task.FromResult<ProvenActivation?>(null), now, cancellationToken);
        return counted.Allowed ? Refusal.Unknown : new RefusalDetail(Refusal.TooManyTries, counted.RetryAt);
    }

    private async Task<ProvenActivation?> ProveAsync(DeviceRequest request, string purpose)
    {
        if (!Handles.TryParse(request.Handle, out var handle))
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync();
        return await ByHandle(db, handle, request.Generation) is { } found
            && DeviceProof.Verify(
                request.Mac, purpose, handle, request.Generation, request.Nonce, request.UnixSeconds, secrets.OpenRemembered(found.ActivationId, found.SealedReleaseSecret))
            ? found
            : null;
    }
}
